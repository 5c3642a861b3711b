"""Marks: terms that no typed text can hold, by which an entry is found as one of a kind, of an area, by its title."""

from collections.abc import Iterable

from .terms import AnyOf, Node, Term, led_by

TITLE = "^"


def kind(source_id: str) -> Term:
    """Of a kind."""
    return Term(f"@k{source_id}")


def area(area_id: int) -> Term:
    """At or below an area."""
    return Term(f"@a{area_id}")


def areas(ids: Iterable[int]) -> Node:
    """At or below one of several areas."""
    return AnyOf(tuple(area(area_id) for area_id in sorted(set(ids))))


def in_title(node: Node) -> Node:
    """The same question of the title alone."""
    return led_by(node, TITLE)


def of_paths(paths: Iterable[str]) -> set[str]:
    """The marks of every area on ``paths`` (``/1/4/9/``): the area itself and all above it."""
    return {area(int(part)).text for path in paths for part in path.split("/") if part}
