"""What an area decides for itself: typed options that a room declares, overridden by area, the nearest area wins.

The ground floor knows no areas: the room that keeps the overrides installs its resolver at start.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext as _


@dataclass(frozen=True)
class Option:
    """One declared option. ``kind`` is int, bool or str; ``unit`` is shown behind the value (天)."""

    key: str
    label: str | Promise
    default: Any
    kind: type = int
    minimum: int | None = None
    maximum: int | None = None
    unit: str | Promise = ""
    help_text: str | Promise = ""

    def check(self, value: Any) -> None:
        """TypeError for a value of another kind (yes is not 1), ValidationError for a number out of its limits."""
        if type(value) is not self.kind:
            raise TypeError(f"{self.key} takes {self.kind.__name__}")
        if not isinstance(value, int):
            return
        too_low = self.minimum is not None and value < self.minimum
        too_high = self.maximum is not None and value > self.maximum
        if too_low or too_high:
            raise ValidationError(
                _("请填 %(low)s 到 %(high)s 之间的数。") % {"low": self.minimum, "high": self.maximum}
            )

    def parse(self, text: str) -> Any:
        """The value that a person typed. Raises ValidationError in plain words."""
        plain = text.strip()
        if self.kind is bool:
            if plain not in {"是", "否"}:
                raise ValidationError(_("请填“是”或“否”。"))
            return plain == "是"
        if self.kind is int:
            if not plain.isascii() or not plain.isdigit():
                raise ValidationError(_("请填一个整数。"))
            self.check(int(plain))
            return int(plain)
        return plain

    def show(self, value: Any) -> str:
        """How ``value`` is written in a form."""
        return (_("是") if value else _("否")) if self.kind is bool else str(value)


_DECLARED: dict[str, Option] = {}
_resolver: Callable[[str, Any], tuple[bool, Any]] | None = None


def declare(option: Option) -> Option:
    """Make ``option`` known; its key must be new."""
    if option.key in _DECLARED:
        raise ValueError(f"option {option.key} is declared twice")
    _DECLARED[option.key] = option
    return option


def declared() -> dict[str, Option]:
    """Every option by key, in the order of declaration."""
    return dict(_DECLARED)


def install_resolver(resolver: Callable[[str, Any], tuple[bool, Any]]) -> None:
    """``resolver(key, area)`` answers (found, value) from the overrides."""
    global _resolver
    _resolver = resolver


def value(option: Option, area: Any) -> Any:
    """The option's value for ``area``: the nearest override up the tree, else the default."""
    if _resolver is None or area is None:
        return option.default
    found, override = _resolver(option.key, area)
    return override if found else option.default
