"""The address for mail: it is the person's only once a code that was sent there has come back.

Until then it stands in the session alone, sealed; the account keeps the address it had. Addresses are nobody's name at
sign-in: several people may share one, so nothing here can tell whether somebody else has it. How often an address and
an account may get a code is counted in the database, as for numbers.
"""

import datetime as dt
from dataclasses import asdict
from typing import Any

import structlog
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from django.db import transaction
from django.utils.translation import gettext as _

from portal.core import audit, mail
from portal.core.sealed import blind_index

from . import codes
from .codes import Checked, CodeRefused, Pending
from .models import SmsCode, User

LIFE = dt.timedelta(minutes=30)  # mail may take its time
LONGEST = 120
PURPOSE = "people.email"
ACCOUNT_PURPOSE = f"{PURPOSE}.account"  # who asked for codes, by account
_SESSION_KEY = "people.email"
log = structlog.get_logger(__name__)


def clean(typed: str) -> str:
    """The address as it is kept. ValidationError in plain words for what is none."""
    address = typed.strip().replace("＠", "@").replace("．", ".").replace("。", ".")
    message = _("请写完整的邮箱地址，例如 name@example.com。")
    if len(address) > LONGEST:
        raise ValidationError(message)
    EmailValidator(message=message)(address)
    return address


def masked(address: str) -> str:
    """The first sign and the host: enough to know one's own by."""
    name, _at, host = address.rpartition("@")
    return f"{name[:1]}***@{host}" if host else ""


def ask(*, user: User, address: str, session: Any, at: dt.datetime) -> Pending:
    """Send a code to ``address`` and await it in ``session``.

    Raises ``CodeRefused`` within the pause of a minute, after twenty of a day to one address or by one account, and
    where the mail server takes none.
    """
    if not mail.is_on():
        raise CodeRefused(_("这里还没有开通邮件。"))
    number, by = _take_turn(user, address, at)
    code = codes.fresh_code()
    waiting = Pending(purpose=PURPOSE, phone=address, user_id=user.pk, sms_id=number, sent_at=at.timestamp())
    waiting.proof = codes.proof(number, code)
    try:
        mail.send(to=address, subject=_subject(), text=_words(code), key=codes.message_key(number))
    except mail.MailFailed as failure:
        log.warning("code not mailed", code=number, uncertain=failure.uncertain)
        if not failure.uncertain:
            if not failure.permanent:
                SmsCode.objects.filter(pk__in=(number, by)).delete()
            raise CodeRefused(_("邮件这会儿发不出去。请看看邮箱地址对不对，或者过几分钟再试。")) from failure
    session[_SESSION_KEY] = asdict(waiting)
    return waiting


def _take_turn(user: User, address: str, at: dt.datetime) -> tuple[int, int]:
    """Note that ``address`` gets a letter now and that this account asked for it, if both may: the keys of the two
    rows, committed before it goes."""
    to = blind_index(address.lower(), purpose=PURPOSE)
    by = blind_index(str(user.pk), purpose=ACCOUNT_PURPOSE)
    with transaction.atomic():
        for index in sorted((to, by)):
            codes.one_at_a_time(index)
        rows = SmsCode.objects.filter(phone_index__in=(to, by))
        last = rows.order_by("-sent_at").values_list("sent_at", flat=True).first()
        if last is not None and at - last < codes.PAUSE:
            wait = -(-(codes.PAUSE - (at - last)) // dt.timedelta(seconds=1))
            raise CodeRefused(_("刚刚发过一封邮件，请等 %(seconds)s 秒再发。") % {"seconds": wait})
        today = rows.filter(sent_at__gte=codes.day_begins(at))
        if max(today.filter(phone_index=index).count() for index in (to, by)) >= codes.A_DAY:
            raise CodeRefused(_("今天发的邮件太多了，请明天再试。"))
        return tuple(SmsCode.objects.create(phone_index=index, sent_at=at).pk for index in (to, by))  # type: ignore[return-value]


def pending(session: Any, *, user: User, at: dt.datetime) -> Pending | None:
    """What ``session`` awaits a code for; None where nothing is, it was given up long ago, or it is another's."""
    kept = session.get(_SESSION_KEY)
    if kept is None or kept["user_id"] != user.pk:
        return None
    return Pending(**kept) if at.timestamp() - kept["sent_at"] <= LIFE.total_seconds() else None


def drop(session: Any) -> None:
    """Await nothing any more."""
    session.pop(_SESSION_KEY, None)


@transaction.atomic
def confirm(*, user: User, waiting: Pending, typed: str, at: dt.datetime) -> Checked:
    """Keep the address where ``typed`` is the code that was sent to it; three tries, right once.

    The record says that the address was changed, and never which it is.
    """
    checked = codes.check(waiting, typed, at=at, life=LIFE)
    if checked.right:
        locked = User.objects.select_for_update(no_key=True).get(pk=user.pk)
        locked.email, locked.email_confirmed_at = waiting.phone, at
        locked.save(update_fields=["email", "email_confirmed_at"])
        user.email, user.email_confirmed_at = locked.email, locked.email_confirmed_at
        audit.record("account.email_confirmed", actor_id=user.pk, subject=user, at=at)
    return checked


@transaction.atomic
def remove(*, user: User, at: dt.datetime) -> None:
    """Forget the address; repeated, it changes nothing."""
    locked = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    if not locked.email and locked.email_confirmed_at is None:
        return
    locked.email, locked.email_confirmed_at = "", None
    locked.save(update_fields=["email", "email_confirmed_at"])
    user.email, user.email_confirmed_at = "", None
    audit.record("account.email_removed", actor_id=user.pk, subject=user, at=at)


def _subject() -> str:
    return _("【%(site)s】确认邮箱的验证码") % {"site": settings.SITE_NAME}


def _words(code: str) -> str:
    lines = (
        _("您好："),
        "",
        _("有人在%(site)s填了这个邮箱来收消息。验证码：") % {"site": settings.SITE_NAME},
        "",
        code,
        "",
        _("30 分钟内有效，在网页上填进去就行。不要告诉别人，工作人员也不会问您要。"),
        _("不是您本人操作的话，不用理会：没有验证码，这个邮箱不会收到消息。"),
        "",
        settings.SITE_NAME,
    )
    return "\n".join(lines) + "\n"
