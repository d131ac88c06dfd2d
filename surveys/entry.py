"""How a class comes in, as pages and sheets show it: the typed code, the link, and its QR code."""

import segno
from django.conf import settings
from django.utils.safestring import mark_safe

from surveys import codes
from surveys.models import ClassGroup


def entrance(group: ClassGroup) -> dict[str, str]:
    """code, link, link_host and qr_code (an SVG) of a class."""
    link = f"{settings.BASE_URL}/tegn/#{codes.class_token(group.pk, group.code_serial)}"
    drawn = segno.make(link, error="m").svg_inline(border=0, omitsize=True, svgclass=None, lineclass=None)
    return {
        "code": codes.class_code(group.pk, group.code_serial),
        "link": link,
        "link_host": link.partition("//")[2].partition("#")[0],
        # made by segno out of our own link; nothing that anybody wrote is in it
        "qr_code": mark_safe(drawn),  # noqa: S308
    }
