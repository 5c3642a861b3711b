"""Codes by text message: how often a number may get one, and whether what was typed is the code.

A code proves that whoever sits before the page reads the number. It belongs to the session that asked for it, which
keeps a keyed fingerprint and never the code. What must hold against requests sent side by side (messages to a number,
tries at a code, its single use) is counted in the database: a session is written last-one-wins and could be wound back.

Messages that hold no code ("this number has no account") count in the same way and lead to the same page, so that
neither page nor limits tell whether a number has an account.
"""

import datetime as dt
import hmac
import secrets
import unicodedata
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any

import structlog
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.core import clock, once, sms
from portal.core.sealed import blind_index

from . import phones
from .models import SmsCode
from .models.accounts import PHONE_PURPOSE

DIGITS = 6
LIFE = dt.timedelta(minutes=5)
PAUSE = dt.timedelta(seconds=60)
TRIES = 3
A_DAY = 20
PENDING_KEPT = dt.timedelta(minutes=30)

_SESSION_KEY = "people.code"
log = structlog.get_logger(__name__)


class CodeRefused(Exception):
    """No message went out. ``str`` of it is fit for a person and depends on the number's messages alone."""


@dataclass(frozen=True)
class Sent:
    """A message that went out. ``proof`` is the code's fingerprint, empty where the message held none.

    ``uncertain``: the provider gave no clear answer; the message may come late or never.
    """

    sms_id: int
    proof: str
    uncertain: bool = False


@dataclass
class Pending:
    """What the session keeps while a code is awaited.

    ``user_id`` is whose account the code opens, none where the message held no code; ``form`` is what else was typed;
    ``sent_at`` is in epoch seconds.
    """

    purpose: str
    phone: str
    next_url: str = ""
    form: dict[str, Any] = field(default_factory=dict)
    user_id: int | None = None
    sms_id: int = 0
    proof: str = ""
    sent_at: float = 0.0

    def keep(self, session: Any) -> None:
        """Put it into ``session``, in place of an earlier one."""
        session[_SESSION_KEY] = asdict(self)

    def is_fresh(self, at: dt.datetime, life: dt.timedelta = LIFE) -> bool:
        """Whether the code that was sent can still be right."""
        return at.timestamp() - self.sent_at <= life.total_seconds()

    def renew(self, sent: Sent, *, user_id: int | None, at: dt.datetime) -> None:
        """A message was sent: only its code counts from now on."""
        self.sms_id, self.proof, self.user_id, self.sent_at = sent.sms_id, sent.proof, user_id, at.timestamp()


def pending(session: Any, *, at: dt.datetime) -> Pending | None:
    """What ``session`` awaits a code for, unless that was given up long ago."""
    kept = session.get(_SESSION_KEY)
    if kept is None or at.timestamp() - kept["sent_at"] > PENDING_KEPT.total_seconds():
        return None
    return Pending(**kept)


def drop(session: Any) -> None:
    """Await nothing any more."""
    session.pop(_SESSION_KEY, None)


@dataclass(frozen=True)
class Checked:
    """Whether the code was right; if not, how many tries are left, or that its five minutes are over."""

    right: bool
    left: int = 0
    expired: bool = False


def send(*, phone: str, words: str | Callable[[str], str], at: dt.datetime) -> Sent:
    """Send ``words`` to ``phone``; given a function, make a code and send what the function says about it.

    Raises ``CodeRefused`` within the pause, after the day's last message, and when the provider takes none.
    """
    sms_id = _take_turn(phone, at)
    code = fresh_code()
    try:
        sms.send(phone=phone, text=words if isinstance(words, str) else words(code), key=message_key(sms_id))
    except sms.SmsFailed as failure:
        log.warning("code not sent", sms=sms_id, uncertain=failure.uncertain)
        if not failure.uncertain:
            SmsCode.objects.filter(pk=sms_id).delete()
            raise CodeRefused(_("短信这会儿发不出去，请过几分钟再试，或者到社区窗口来办。")) from failure
        return Sent(sms_id, "" if isinstance(words, str) else proof(sms_id, code), uncertain=True)
    return Sent(sms_id, "" if isinstance(words, str) else proof(sms_id, code))


def message_key(sms_id: int) -> str:
    """The name by which a provider, or the demonstration's page, knows this message."""
    return f"code:{sms_id}"


def check(waiting: Pending, typed: str, *, at: dt.datetime, life: dt.timedelta = LIFE) -> Checked:
    """Whether ``typed`` is the code that ``waiting`` awaits.

    1. after its ``life`` nothing is compared and no try is used up;
    2. one of the three tries is taken, which of several requests side by side each can do for one try only;
    3. the fingerprints are compared; a message without a code has none that matches;
    4. a right code is spent: it is right once.
    """
    if not waiting.is_fresh(at, life):
        return Checked(right=False, expired=True)
    taken = next((n for n in range(1, TRIES + 1) if _claim(waiting.sms_id, f"try-{n}")), None)
    if taken is None:
        return Checked(right=False)
    alike = hmac.compare_digest(proof(waiting.sms_id, normalise(typed)), waiting.proof or "-")
    if not alike:
        return Checked(right=False, left=TRIES - taken)
    return Checked(right=_claim(waiting.sms_id, "used"))


def normalise(typed: str) -> str:
    """A code as it was typed, in bare ASCII digits where it has any."""
    return "".join(unicodedata.normalize("NFKC", typed).split()).replace("-", "")


def sweep(*, at: dt.datetime) -> int:
    """Forget which numbers got messages once no limit needs it; returns how many rows went."""
    return SmsCode.objects.filter(sent_at__lt=at - dt.timedelta(days=2)).delete()[0]


def _take_turn(phone: str, at: dt.datetime) -> int:
    """Note that ``phone`` gets a message now, if it may; the row is committed before the provider is called."""
    index = blind_index(phones.normalise(phone), purpose=PHONE_PURPOSE)
    with transaction.atomic():
        one_at_a_time(index)
        rows = SmsCode.objects.filter(phone_index=index)
        last = rows.order_by("-sent_at").values_list("sent_at", flat=True).first()
        if last is not None and at - last < PAUSE:
            wait = -(-(PAUSE - (at - last)) // dt.timedelta(seconds=1))
            raise CodeRefused(_("刚刚给这个号码发过短信，请等 %(seconds)s 秒再发。") % {"seconds": wait})
        if rows.filter(sent_at__gte=day_begins(at)).count() >= A_DAY:
            raise CodeRefused(_("今天给这个号码发的短信太多了，请明天再试，或者到社区窗口来办。"))
        return SmsCode.objects.create(phone_index=index, sent_at=at).pk


def one_at_a_time(index: str) -> None:
    """Requests for one number queue up. SQLite has one writer at a time anyway; PostgreSQL takes a lock by name."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [int(index[:15], 16)])


def fresh_code() -> str:
    """Six digits that nobody can guess."""
    return "".join(secrets.choice("0123456789") for _digit in range(DIGITS))


def day_begins(at: dt.datetime) -> dt.datetime:
    """The first moment of the calendar day on which ``at`` falls."""
    return timezone.make_aware(dt.datetime.combine(clock.local_day(at), dt.time.min))


def proof(sms_id: int, code: str) -> str:
    """The keyed fingerprint of a code, which belongs to one message."""
    return blind_index(f"{sms_id}:{code}", purpose="people.code")


def _claim(sms_id: int, what: str) -> bool:
    """Take something about a code that exists once; False where it is taken."""
    _result, first = once.carry_out(owner=message_key(sms_id), token=what, act=str)
    return first
