"""Synthetic towns and their pupils, made by code: the demo, and the fixture of the privacy attack tests."""
