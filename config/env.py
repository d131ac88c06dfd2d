"""Every environment variable Tråkk reads, typed and checked; a wrong value stops the start and says what is allowed."""

from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import SplitResult, unquote, urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

BASE_DIR = Path(__file__).resolve().parent.parent
SECRETS_DIR = Path("/run/secrets")


class Environment(BaseSettings):
    """The settings that differ between machines. Secrets may also be files in /run/secrets, named like the variable."""

    model_config = SettingsConfigDict(
        env_file=None,
        secrets_dir=SECRETS_DIR if SECRETS_DIR.is_dir() else None,
        extra="ignore",
    )

    database_url: str = Field(description="postgis://user:password@host:5432/name; a socket folder is percent-encoded")
    secret_key: SecretStr = Field(min_length=32, description="At least 32 random characters; signs sessions and class codes")
    secret_key_fallbacks: Annotated[list[SecretStr], NoDecode] = Field(
        default=[], description="Earlier SECRET_KEYs, with commas: tablets that joined under them can still deliver"
    )
    debug: bool = Field(default=False, description="Django's debug pages; never on a server that children use")
    allowed_hosts: Annotated[list[str], NoDecode] = Field(default=["127.0.0.1", "localhost"], description="Host names, with commas")
    base_url: str = Field(default="http://127.0.0.1:8000", description="The address pupils' links and QR codes begin with")
    data_dir: Path = Field(default=BASE_DIR / "var", description="Where basemaps and built files are kept")
    static_root: Path = Field(default=BASE_DIR / "staticfiles", description="Where collectstatic puts hashed static files")
    database_pool_max: int = Field(
        default=0, ge=0, le=100, description="Connections that a process' threads share; 0: each thread keeps one of its own"
    )
    behind_tls_proxy: bool = Field(default=False, description="A proxy ends TLS and sets X-Forwarded-Proto and X-Forwarded-For")
    demo: bool = Field(default=False, description="Shows the demo's passwords on the front page; only for a demo")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(default="INFO", description="How much is logged")
    analysis_scheduler: str = Field(
        default="",
        pattern=r"^(tcp://[^\s/]+:\d+)?$",
        description="A Dask scheduler, tcp://host:port, for counting the marks of many municipalities",
    )
    min_group_size: int = Field(default=5, ge=5, le=50, description="k: no published number stands for fewer children")
    wrong_codes_per_address: int = Field(default=20, ge=1, description="Wrong class codes a minute from one address before 429")
    wrong_codes_total: int = Field(default=300, ge=1, description="Wrong class codes a minute from everywhere before 429")
    gis_file_max_mb: int = Field(default=50, ge=1, le=1000, description="Megabytes of a map file that a planner may upload")
    gis_reader_memory_mb: int = Field(default=1000, ge=400, le=64_000, description="Megabytes of memory that reading such a file may take")
    gis_reader_timeout_s: int = Field(default=60, ge=1, le=600, description="Seconds that reading such a file may take")
    layer_max_things: int = Field(default=200_000, ge=1, le=2_000_000, description="Things that such a file may hold")
    layer_max_corners: int = Field(default=2_000_000, ge=100, le=20_000_000, description="Corners that they may have together")

    @field_validator("allowed_hosts", "secret_key_fallbacks", mode="before")
    @classmethod
    def _split_commas(cls, value: object) -> object:
        return [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value

    @field_validator("database_url")
    @classmethod
    def _is_postgis(cls, value: str) -> str:
        if urlsplit(value).scheme not in {"postgis", "postgres", "postgresql"}:
            raise ValueError("must begin with postgis:// (or postgres://)")
        return value

    @field_validator("base_url")
    @classmethod
    def _is_http(cls, value: str) -> str:
        if urlsplit(value).scheme not in {"http", "https"} or not urlsplit(value).netloc:
            raise ValueError("must be a whole address such as https://trakk.kommune.no")
        return value.rstrip("/")


def load() -> Environment:
    """Read the environment; SystemExit with one line per wrong variable, so that an operator need not read a traceback."""
    try:
        return Environment()
    except ValidationError as error:
        lines = [_explain(problem) for problem in error.errors()]
        raise SystemExit("Tråkk cannot start, the environment is not right:\n" + "\n".join(lines)) from None


def _explain(problem: Any) -> str:
    name = str(problem["loc"][0])
    field = Environment.model_fields[name]
    secret = field.annotation is SecretStr or name == "database_url"
    came = "" if problem["type"] == "missing" or secret else f" came: {problem['input']!r};"
    choices = " (true or false)" if field.annotation is bool else ""
    return f"  {name.upper()}:{came} {problem['msg']}{choices}. Meaning: {field.description}. See docs/settings.md."


def database(url: str, *, pool_max: int) -> dict[str, Any]:
    """Django's DATABASES entry for a postgis:// URL; the host may be a percent-encoded socket folder."""
    parts = urlsplit(url)
    options: dict[str, Any] = {}
    if pool_max:
        options["pool"] = {"min_size": 1, "max_size": pool_max, "timeout": 5}
    # Taking a connection out of a pool costs as much as two queries: GeoDjango sets it up anew every time. With few threads to a
    # process, each may as well keep its own; ten minutes are short enough that an idle night leaves none behind.
    keep_s = 0 if pool_max else 600
    return {
        "ENGINE": "django.contrib.gis.db.backends.postgis",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": _host(parts),
        "PORT": str(parts.port or ""),
        "OPTIONS": options,
        "CONN_MAX_AGE": keep_s,
        "CONN_HEALTH_CHECKS": False,
    }


def _host(parts: SplitResult) -> str:
    # `parts.hostname` lower-cases, which would break a socket folder's path
    host = parts.netloc.rpartition("@")[2]
    return unquote(host.partition(":")[0])
