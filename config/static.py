"""Static files with hashed names, ES modules included, so that a new version never meets an old one's cache."""

from django.contrib.staticfiles.storage import HashedFilesMixin
from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedModules(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # whitenoise has no types
    """WhiteNoise's storage that also rewrites `import … from "./x.js";` to the hashed name."""

    support_js_module_import_aggregation = True
    manifest_strict = True
    # A pass settles one level of imports of imports; five, Django's own, are too few for modules.
    max_post_process_passes = 20
    # Without the pattern of dynamic imports, which we have none of: it also takes the types in comments, `import("leaflet").Map`
    # and circles of them, for files to be hashed.
    _js_module_import_aggregation_patterns = (
        "*.js",
        tuple(
            pair
            for pair in HashedFilesMixin._js_module_import_aggregation_patterns[1]  # type: ignore[attr-defined]  # not in the stubs
            if r"import\(" not in pair[0]
        ),
    )
