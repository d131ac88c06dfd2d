"""Django settings: one file, fed by config/env.py; nothing here differs between machines except through the environment."""

from typing import Any

from csp.constants import NONCE, NONE, SELF
from django.utils.translation import gettext_lazy as _
from whitenoise.compress import Compressor

from config import geolibs
from config.env import BASE_DIR, database, load

env = load()

GDAL_LIBRARY_PATH, GEOS_LIBRARY_PATH = geolibs.paths()

DEBUG = env.debug
SECRET_KEY = env.secret_key.get_secret_value()
SECRET_KEY_FALLBACKS = [key.get_secret_value() for key in env.secret_key_fallbacks]
ALLOWED_HOSTS = env.allowed_hosts
BASE_URL = env.base_url
CSRF_TRUSTED_ORIGINS = [env.base_url]
CSRF_FAILURE_VIEW = "config.views.stale_form"

INSTALLED_APPS = [
    "followup",
    "analysis",
    "mapping",
    "surveys",
    "leaflet",
    "ninja",
    "csp",
    "surveys.admin_config.MunicipalAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.gis",
    "config",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "config.middleware.MachineProblems",
    "config.middleware.CaptureFirst",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "mapping.tile_hosts.AllowTileHosts",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "config.middleware.UploadsHaveAnEnd",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "config.middleware.DomainErrorMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "config" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
            ],
        },
    },
]

DATABASES = {"default": database(env.database_url, pool_max=env.database_pool_max)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "surveys.User"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher", "django.contrib.auth.hashers.PBKDF2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "home"

LANGUAGE_CODE = "nb"
LANGUAGES = [("nb", _("Norsk bokmål")), ("nn", _("Norsk nynorsk")), ("en", _("English"))]
TIME_ZONE = "Europe/Oslo"
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = env.static_root
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "config.static.HashedModules"},
}
DATA_DIR = env.data_dir
BASEMAP_ROOT = env.data_dir / "basemaps"
WHITENOISE_MAX_AGE = 0 if DEBUG else 3600
# Source maps of vendored scripts are a third of all there is, and nobody is sent one unasked.
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = (*Compressor.SKIP_COMPRESS_EXTENSIONS, "map")

# Bodies of the capture API are read whole before they are parsed; mapping.services refuses a mark long before this.
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_000_000

CONTENT_SECURITY_POLICY: dict[str, Any] = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        # Leaflet and charts position with CSSOM, which CSP allows; `style=` attributes stay forbidden
        # and the tile hosts of basemaps that are turned on: mapping/tile_hosts.py
        "img-src": [SELF, "data:", "blob:"],
        "connect-src": [SELF],
        "font-src": [SELF],
        "worker-src": [SELF],
        "manifest-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    },
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
if env.behind_tls_proxy:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 31_536_000
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
TRUST_FORWARDED_FOR = env.behind_tls_proxy

LEAFLET_CONFIG = {
    # no tiles of a third party unasked: what lies under the admin's maps is added by static/js/pages/admin_map.js
    "TILES": [],
    "RESET_VIEW": False,
    # hashed names defeat Leaflet's own way to its pictures
    "FORCE_IMAGE_PATH": True,
    "PLUGINS": {},
    "NO_GLOBALS": False,
}

MIN_GROUP_SIZE = env.min_group_size
ANALYSIS_SCHEDULER = env.analysis_scheduler
WRONG_CODES_PER_ADDRESS = env.wrong_codes_per_address
WRONG_CODES_TOTAL = env.wrong_codes_total
GIS_FILE_MAX_MB = env.gis_file_max_mb
GIS_READER_MEMORY_MB = env.gis_reader_memory_mb
GIS_READER_TIMEOUT_S = env.gis_reader_timeout_s
LAYER_MAX_THINGS = env.layer_max_things
LAYER_MAX_CORNERS = env.layer_max_corners
DEMO = env.demo

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.log_level},
    "loggers": {"pyogrio": {"level": "WARNING"}},  # it tells of every layer it writes
}
