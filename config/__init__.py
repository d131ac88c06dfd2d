"""The composition root: settings, URLs, the API with all its routers. Nobody imports it."""
