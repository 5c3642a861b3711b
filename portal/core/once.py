"""Every creating form is safe to send twice: its token is spent in the transaction that creates."""

import secrets
from collections.abc import Callable

from django.db import IntegrityError, transaction

from .models import OnceKey

LENGTH = 64


def token() -> str:
    """A fresh token for a form's hidden ``once`` field."""
    return secrets.token_urlsafe(24)


def _fit(token: str) -> str:
    """What a column can hold of whatever was sent as a token."""
    return token.replace("\0", "")[:LENGTH]


def carry_out(*, owner: str, token: str, act: Callable[[], str]) -> tuple[str, bool]:
    """Run ``act`` unless ``owner`` has spent ``token`` before.

    ``act`` returns where it led (an id or path, ≤ 200 characters). Returns that and whether it was done now. The
    token's row is taken first: a second sender waits for the first's transaction and then reads its result; if the
    act raises, the token is free again. ``owner`` names the act and the account. An empty token is a ValueError; what
    is longer than a token of ours is cut.
    """
    token = _fit(token)
    if not token:
        raise ValueError("a creating form needs its once token")
    with transaction.atomic():
        try:
            with transaction.atomic():
                key = OnceKey.objects.create(owner=owner, token=token)
        except IntegrityError:
            return OnceKey.objects.get(owner=owner, token=token).result, False
        key.result = act()
        key.save(update_fields=["result"])
        return key.result, True


def spent(*, owner: str, token: str) -> str | None:
    """Where a spent token led; None for one that is still free. For a form whose draft is gone once it was sent."""
    return OnceKey.objects.filter(owner=owner, token=_fit(token)).values_list("result", flat=True).first()
