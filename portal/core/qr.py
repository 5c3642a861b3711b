"""QR codes for paper: black squares as one SVG path, and the address in words for who cannot scan."""

from collections.abc import Iterable
from dataclasses import dataclass

import segno
from django.conf import settings
from django.http import HttpRequest

QUIET = 4  # modules of white around a code; scanners need them


@dataclass(frozen=True)
class QRCode:
    """``path`` fills a square of ``size`` × ``size`` units, the white edge included; ``address`` is what is scanned."""

    address: str
    title: str
    size: int
    path: str


def public_address(request: HttpRequest, path: str) -> str:
    """The absolute address of ``path`` on the host that was asked, by https wherever the portal is served so: paper
    outlasts the connection it was printed over. The host is one of ALLOWED_HOSTS, or the request would not have come so
    far."""
    scheme = "https" if settings.HTTPS or request.is_secure() else "http"
    return f"{scheme}://{request.get_host()}{path}"


def code_for(address: str, *, title: str) -> QRCode:
    """The code of ``address``, still readable with a seventh of it soiled; ``title`` says where it leads."""
    made = segno.make_qr(address, error="m", boost_error=False)
    rows = [[bool(module) for module in row] for row in made.matrix]
    return QRCode(address, title, len(rows) + 2 * QUIET, "".join(_squares(rows)))


def _squares(rows: Iterable[list[bool]]) -> Iterable[str]:
    """Each run of black modules of a row as one rectangle of the path."""
    for y, row in enumerate(rows):
        x = 0
        while x < len(row):
            run = 0
            while x + run < len(row) and row[x + run]:
                run += 1
            if run:
                yield f"M{x + QUIET} {y + QUIET}h{run}v1h-{run}z"
            x += run or 1
