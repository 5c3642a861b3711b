"""What a person chooses for their own account: the size of the letters, text messages."""

from django.db import transaction

from portal.core import audit

from .models import User


@transaction.atomic
def set_elder_mode(*, user: User, on: bool) -> None:
    """Keep 关怀版 with the account; nothing is written where it stands so already."""
    if User.objects.filter(pk=user.pk).exclude(elder_mode=on).update(elder_mode=on):
        user.elder_mode = on


@transaction.atomic
def set_sms_notices(*, user: User, on: bool) -> None:
    """Whether important messages also go out as text messages. On the record, because it concerns consent."""
    if User.objects.filter(pk=user.pk).exclude(sms_notices=on).update(sms_notices=on):
        user.sms_notices = on
        audit.record("account.sms_notices", actor_id=user.pk, subject=user, details={"on": on})
