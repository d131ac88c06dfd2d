"""The publication policy as pure functions: no Django, no clock, no settings."""
