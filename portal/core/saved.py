"""Filters of a list that somebody keeps under a name: their own, a handful a list, never anybody else's."""

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from .models import SavedFilter

MOST = 12  # of one person for one list
LONGEST_NAME = 20
Pairs = list[tuple[str, str]]


def of(*, owner_id: int, listing: str) -> list[SavedFilter]:
    """The owner's filters of a list, oldest first: one query."""
    return list(SavedFilter.objects.filter(owner_id=owner_id, listing=listing).order_by("pk")[:MOST])


@transaction.atomic
def keep(*, owner_id: int, listing: str, name: str, pairs: Pairs, searched: str, at: dt.datetime) -> SavedFilter:
    """Keep ``pairs`` of an address and what was ``searched`` for under ``name``; a name that is taken is given anew.

    ValidationError without a name, for one that is too long, or where there is nothing to keep or no room left.
    """
    name = " ".join(name.split())
    if not name:
        raise ValidationError(_("请给这组筛选起个名字。"))
    if len(name) > LONGEST_NAME:
        raise ValidationError(_("名字最多 %d 个字。") % LONGEST_NAME)
    if not pairs and not searched:
        raise ValidationError(_("现在没有筛选条件，先筛选再保存。"))
    query = {"pairs": [list(pair) for pair in pairs], "searched": searched}
    standing = SavedFilter.objects.select_for_update().filter(owner_id=owner_id, listing=listing)
    same = standing.filter(name=name).first()
    if same is not None:
        same.query, same.created_at = query, at
        same.save(update_fields=["query", "created_at"])
        return same
    if standing.count() >= MOST:
        raise ValidationError(_("最多存 %d 组，先删掉用不着的。") % MOST)
    try:
        with transaction.atomic():
            return SavedFilter.objects.create(owner_id=owner_id, listing=listing, name=name, query=query, created_at=at)
    except IntegrityError:  # sent twice at once: the other one is the same filter under the same name
        return SavedFilter.objects.get(owner_id=owner_id, listing=listing, name=name)


def own(*, owner_id: int, pk: int) -> SavedFilter | None:
    """The owner's own filter; None for anybody else's."""
    return SavedFilter.objects.filter(owner_id=owner_id, pk=pk).first()


def drop(*, owner_id: int, pk: int) -> bool:
    """Forget the owner's own filter; whether there was one."""
    return bool(SavedFilter.objects.filter(owner_id=owner_id, pk=pk).delete()[0])


def forget_all(*, owner_id: int) -> int:
    """Forget everything that an owner kept, with their account; returns how many."""
    return SavedFilter.objects.filter(owner_id=owner_id).delete()[0]
