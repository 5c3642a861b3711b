"""What a child's guardian says at the desk about the child's data: agreed to, or taken back (个人信息保护法 第31条).

Online the guardian speaks alone; here somebody of the office writes down what was said, by which way, with the signed
sheet where both sat at one table. Nobody of the office does so for a child of their own.
"""

import datetime as dt
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from portal.core.models import StoredFile

from . import consenting
from .access import acts_for
from .models import Channel, ConsentRecord, Person, User
from .relations import refuse_own, serves

PAPER = "people.consent"  # the kind of file that such a sheet is
SIGNED = frozenset({Channel.COUNTER, Channel.VISIT})  # face to face, the guardian signs


def may_enter(user: User, child: Person) -> bool:
    """The desk that serves the child, and nobody who acts for the child themselves."""
    return serves(user, child) and not acts_for(user, child)


@transaction.atomic
def enter(
    *,
    child: Person,
    guardian: Person,
    given: bool,
    channel: str,
    actor: User,
    at: dt.datetime,
    version: str | None = None,
    paper: StoredFile | None = None,
) -> ConsentRecord | None:
    """Write down that ``guardian`` agreed (``given``), or took it back, by ``channel``; the errors of
    ``consenting.give``, and

    PermissionDenied for who does not serve the child; ValidationError for one's own child, and where somebody who
    agreed face to face signed no ``paper``: who relies on a consent must be able to show it. Taking back needs none.
    """
    if not serves(actor, child):
        raise PermissionDenied
    refuse_own(actor, child, guardian)
    if acts_for(actor, child):
        raise ValidationError(_("您自己替这个孩子办事，请另一位工作人员来记。"))
    if channel == Channel.ONLINE:
        raise ValueError("online the guardian speaks alone")
    if given and channel in SIGNED and paper is None:
        raise ValidationError({"paper": _("当面同意的，请附上监护人签字的纸。")})
    said: Any = {
        "person": child,
        "purpose": consenting.CHILD_PURPOSE,
        "channel": channel,
        "at": at,
        "guardian": guardian,
        "actor_id": actor.pk,
        "paper": paper,
    }
    return consenting.give(version=version, **said) if given else consenting.withdraw(**said)
