"""What one page asks again and again, asked once: each room answers for itself, and several ask the same first.

Inside ``one_page`` an answer is kept until the block ends; nothing outlives it, and outside of it every question is
asked anew. Only a page that changes nothing may be inside: an act reads what stands, not what stood.
"""

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

Answer = TypeVar("Answer")
_PAGE: ContextVar[dict[Hashable, Any] | None] = ContextVar("one_page", default=None)


@contextmanager
def one_page() -> Iterator[None]:
    """Keep answers while the block lasts; a block inside a block shares the outer one's."""
    if _PAGE.get() is not None:
        yield
        return
    token = _PAGE.set({})
    try:
        yield
    finally:
        _PAGE.reset(token)


def once(key: Hashable, ask: Callable[[], Answer]) -> Answer:
    """``ask()``, or what it answered on this page for the same ``key``. Whoever gets it does not change it."""
    page = _PAGE.get()
    if page is None:
        return ask()
    if key not in page:
        page[key] = ask()
    answer: Answer = page[key]
    return answer


def each(name: str, keys: set[Any], ask: Callable[[set[Any]], dict[Any, Answer]]) -> dict[Any, Answer]:
    """Key → answer, where ``ask`` answers for several keys at once: only for those not asked for on this page. A key
    without an answer is left out."""
    page = _PAGE.get()
    known: dict[Any, Answer | None] = {} if page is None else page.setdefault((name, each), {})
    if missing := keys - known.keys():
        known.update(dict.fromkeys(missing) | ask(missing))
    return {key: answer for key in keys if (answer := known[key]) is not None}
