"""Exit status 0 when the site on this machine answers; asked by the container every half minute."""

import os
import sys
import urllib.error
import urllib.request
from urllib.parse import urlsplit


def answers(port: int, base_url: str) -> bool:
    """Whether the site and its database answer, asked by the name that the site is known under."""
    address = urlsplit(base_url)
    headers = {"Host": address.netloc, "X-Forwarded-Proto": address.scheme}
    request = urllib.request.Request(f"http://127.0.0.1:{port}/helse/", headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=4) as answer:  # noqa: S310  (an address of our own)
            return bool(answer.status == 200)
    except OSError as error:
        print(error, file=sys.stderr)
        return False


if __name__ == "__main__":
    sys.exit(not answers(int(os.environ.get("PORT", "8000")), os.environ.get("BASE_URL", "http://127.0.0.1:8000")))
