"""Draw: the marks, the capture API and the basemaps."""
