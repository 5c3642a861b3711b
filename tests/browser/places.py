"""Which pages a browser test walks: every address that can be opened as it is, a new page by itself."""

from django.urls import NoReverseMatch, reverse

from tests.matrix.grid import addresses
from tests.wishes import scenes

# No page of ours: the desk's, programs' and files' addresses, and those that end the session or answer without words.
_NOT = ("admin:", "front:healthz", "front:robots", "front:favicon", "front:open_figures", "account_logout")
MISSING = "/nothing-is-here/"


def bare() -> list[str]:
    """Every address of a page of ours that takes no argument, and one that is not there."""
    found = []
    for name in addresses():
        if name.startswith(_NOT):
            continue
        try:
            found.append(reverse(name))
        except NoReverseMatch:
            continue
    return [*sorted(set(found)), MISSING]


def of_a_wish(here: scenes.Scene) -> list[str]:
    """The pages of the requester's wishes, from the form to the rating."""
    serving, done = scenes.claimed(here), scenes.completed(here, title="修一修纱窗")
    return [
        reverse("wishes:detail", args=[serving.code]),
        reverse("wishes:withdraw", args=[scenes.approved(here).code]),
        reverse("wishes:rate", args=[done.code]),
        reverse("wishes:done", args=[serving.code, "ordered"]),
    ]


def is_page(response) -> bool:
    """Whether that was a page: not a file, and where it led is on this site."""
    return response is not None and response.headers.get("content-type", "").startswith("text/html")


def cookie(live: str, name: str, value: str) -> dict[str, str]:
    return {"name": name, "value": value, "url": live}
