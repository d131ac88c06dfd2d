"""uv looks for packages where pip is told to look."""

from tools.devkit.index import parsed, translated

LISTING = """:env:.cert='/etc/ssl/own.crt'
global.cert='/etc/ssl/other.crt'
global.index-url='https://mirror.example/simple'
global.extra-index-url='https://one.example/simple\\nhttps://two.example/simple'
install.trusted-host='mirror.example'
"""


def test_the_listing_of_pip_is_read_and_the_environment_wins() -> None:
    assert parsed(LISTING) == {
        "cert": "/etc/ssl/own.crt",
        "index-url": "https://mirror.example/simple",
        "extra-index-url": "https://one.example/simple https://two.example/simple",
        "trusted-host": "mirror.example",
    }


def test_what_pip_is_told_uv_is_told() -> None:
    assert translated(parsed(LISTING)) == {
        "UV_DEFAULT_INDEX": "https://mirror.example/simple",
        "UV_EXTRA_INDEX_URL": "https://one.example/simple https://two.example/simple",
        "UV_INSECURE_HOST": "mirror.example",
        "SSL_CERT_FILE": "/etc/ssl/own.crt",
        "UV_INDEX_STRATEGY": "unsafe-best-match",
    }


def test_no_configuration_leaves_uv_to_its_own() -> None:
    assert translated(parsed("")) == {"UV_INDEX_STRATEGY": "unsafe-best-match"}
