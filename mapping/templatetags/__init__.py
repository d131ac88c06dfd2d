"""Template tags of pages with modules."""
