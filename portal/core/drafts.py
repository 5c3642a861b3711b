"""Drafts of long forms: kept on the server, sealed, expiring by themselves."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.db import transaction

from .models import Draft

KEEP = dt.timedelta(days=14)

Lines = list[tuple[str, str]]
_READ_OUT: dict[str, Callable[[dict[str, Any]], Lines]] = {}


def reads_out(form: str) -> Callable[[Callable[[dict[str, Any]], Lines]], Callable[[dict[str, Any]], Lines]]:
    """Declare how the drafts of ``form`` are read out to whom they belong: (label, words) for what was typed."""

    def register(function: Callable[[dict[str, Any]], Lines]) -> Callable[[dict[str, Any]], Lines]:
        if form in _READ_OUT:
            raise ValueError(f"drafts of {form} are read out already")
        _READ_OUT[form] = function
        return function

    return register


def read_out(draft: Draft) -> Lines:
    """What the person typed into the form, each thing under its label. A form of no room any more has none."""
    lines = _READ_OUT.get(draft.form)
    return lines(draft.data or {}) if lines is not None else []


def load(*, owner_id: int, form: str, at: dt.datetime) -> Draft | None:
    """The owner's draft of ``form``, unless it has expired."""
    return Draft.objects.filter(owner_id=owner_id, form=form, expires_at__gt=at).first()


def kept(*, owner_id: int, forms: list[str], at: dt.datetime) -> dict[str, dict[str, Any]]:
    """What the owner's drafts of ``forms`` hold that have not expired, by form: one query."""
    rows = Draft.objects.filter(owner_id=owner_id, form__in=forms, expires_at__gt=at)
    return {draft.form: draft.data or {} for draft in rows}


def keep(*, owner_id: int, form: str, data: dict[str, Any], at: dt.datetime) -> Draft:
    """Keep ``data`` as the owner's only draft of ``form``."""
    draft, _created = Draft.objects.update_or_create(
        owner_id=owner_id, form=form, defaults={"data": data, "updated_at": at, "expires_at": at + KEEP}
    )
    return draft


def change(
    *, owner_id: int, form: str, at: dt.datetime, to: Callable[[dict[str, Any]], dict[str, Any] | None]
) -> Draft | None:
    """Keep what ``to`` makes of the draft's data (of nothing, where there is none), one change after the other; None,
    and all as it was, where ``to`` says None."""
    with transaction.atomic():
        fresh = {"data": {}, "updated_at": at, "expires_at": at}
        draft, _created = Draft.objects.select_for_update().get_or_create(owner_id=owner_id, form=form, defaults=fresh)
        data = to(draft.data if draft.expires_at > at else {})
        if data is None:
            transaction.set_rollback(True)
            return None
        draft.data, draft.updated_at, draft.expires_at = data, at, at + KEEP
        draft.save()
    return draft


def drop(*, owner_id: int, form: str) -> None:
    """Forget the draft; nothing happens where there is none."""
    Draft.objects.filter(owner_id=owner_id, form=form).delete()


def sweep(*, at: dt.datetime) -> int:
    """Erase expired drafts; returns how many."""
    return Draft.objects.filter(expires_at__lte=at).delete()[0]
