"""Drafts of long forms: kept on the server, sealed, expiring by themselves."""

import datetime as dt
from typing import Any

from .models import Draft

KEEP = dt.timedelta(days=14)


def load(*, owner_id: int, form: str, at: dt.datetime) -> Draft | None:
    """The owner's draft of ``form``, unless it has expired."""
    return Draft.objects.filter(owner_id=owner_id, form=form, expires_at__gt=at).first()


def keep(*, owner_id: int, form: str, data: dict[str, Any], at: dt.datetime) -> Draft:
    """Keep ``data`` as the owner's only draft of ``form``."""
    draft, _created = Draft.objects.update_or_create(
        owner_id=owner_id, form=form, defaults={"data": data, "updated_at": at, "expires_at": at + KEEP}
    )
    return draft


def drop(*, owner_id: int, form: str) -> None:
    """Forget the draft; nothing happens where there is none."""
    Draft.objects.filter(owner_id=owner_id, form=form).delete()


def sweep(*, at: dt.datetime) -> int:
    """Erase expired drafts; returns how many."""
    return Draft.objects.filter(expires_at__lte=at).delete()[0]
