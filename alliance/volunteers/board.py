"""What waits for a volunteer: rooms above add their groups of tasks here."""

from collections.abc import Callable

from portal.core.registries import Row
from portal.core.registries import Text as Words

from .models import Volunteer

Groups = Callable[[Volunteer], list[tuple[Words, list[Row]]]]
_PROVIDERS: list[Groups] = []


def tasks(provider: Groups) -> Groups:
    """Register ``provider(volunteer)``: headings with their rows, each list short."""
    _PROVIDERS.append(provider)
    return provider


def groups_of(volunteer: Volunteer) -> list[tuple[Words, list[Row]]]:
    """All groups of tasks for one volunteer, in the order of registration."""
    return [group for provider in _PROVIDERS for group in provider(volunteer)]
