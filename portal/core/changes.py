"""What was written, told within the transaction that wrote it, to whoever keeps a copy of it (the search index).

A record that says ``changed`` reaches every handler of its kind at once; a handler that raises undoes the writing.
Said by ``Announced.save`` and ``delete``, by ``moves.move`` and ``moves.begin``, by the desk's forms, and by each act
that writes with ``QuerySet.update`` or ``bulk_create`` what somebody keeps a copy of. It is no place for rules: what a
state change brings with it belongs to ``moves.on_move``.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

from django.db import models, transaction

Handler = Callable[[list[int]], None]
_HANDLERS: dict[str, list[Handler]] = defaultdict(list)


def on_change(label: str) -> Callable[[Handler], Handler]:
    """Subscribe to records of the model ``label`` (``wishes.wish``): the handler gets their ids, rising, each once.

    An id may belong to a record that is gone.
    """

    def register(handler: Handler) -> Handler:
        _HANDLERS[label.lower()].append(handler)
        return handler

    return register


def changed(*objects: models.Model) -> None:
    """``objects`` were just made, written or deleted in this transaction."""
    ids: dict[type[models.Model], set[int]] = defaultdict(set)
    for obj in objects:
        ids[type(obj)].add(obj.pk)
    for model, found in ids.items():
        rows_changed(model, found)


def rows_changed(model: type[models.Model], ids: Iterable[int]) -> None:
    """The same for rows of which only the ids are at hand."""
    handlers = _HANDLERS.get(model._meta.label_lower)
    rising = sorted(set(ids)) if handlers else []
    if handlers and rising:
        with transaction.atomic():
            for handler in handlers:
                handler(rising)


class Announced(models.Model):
    """Base of a record that is saved and deleted by itself: both say ``changed``. ``bulk_create`` and
    ``QuerySet.update`` pass it by; whoever calls those says so."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        with transaction.atomic():
            super().save(*args, **kwargs)
            changed(self)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        pk = self.pk
        with transaction.atomic():
            gone = super().delete(*args, **kwargs)
            rows_changed(type(self), [pk])
        return gone
