"""Static files with hashed names, ES modules included, so that a new version never meets an old one's cache."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedModules(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # whitenoise has no types
    """WhiteNoise's storage that also rewrites `import … from "./x.js";` to the hashed name."""

    support_js_module_import_aggregation = True
    manifest_strict = True
