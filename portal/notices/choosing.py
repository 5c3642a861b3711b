"""What a person chooses about messages: which ways outside are open, for which kinds, and not in the night.

Each way outside rests on a consent of its own (个人信息保护法 第13条): switching it on gives it, switching it off takes
it back, and taking it back on the page of consents switches it off.
"""

import datetime as dt
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.core import audit, mail
from portal.people import consenting, emailing
from portal.people.merging import account_of
from portal.people.models import Channel as SaidBy
from portal.people.models import Person, User
from portal.people.signing_in import opens_by_code

from . import quiet
from .models import NoticeChoice, QuietHours
from .wording import OUTSIDE, Channel, Kind, kinds

SAME_TIME = gettext_lazy("两个时间不能一样。夜里也要马上收到的，把“夜里不打扰”的勾去掉。")
PURPOSES = {Channel.SMS: "notices.sms", Channel.EMAIL: "notices.email"}
_SWITCHES = {Channel.SMS: "sms_notices", Channel.EMAIL: "email_notices"}

Choices = dict[tuple[str, Channel], bool]


# What holds now -------------------------------------------------------------------------------------------------------


def is_open(user: User, channel: Channel) -> bool:
    """Whether the person has switched the way ``channel`` on."""
    return bool(getattr(user, _SWITCHES[channel]))


def address(user: User | None, channel: Channel, *, at: dt.datetime) -> str:
    """Where a message may go by ``channel`` at ``at``; empty for nowhere.

    A closed account, a way that is switched off and an address that nobody has confirmed get nothing. A number that was
    proven too long ago may be somebody else's by now, as at sign-in.
    """
    if user is None or not user.is_active or not is_open(user, channel):
        return ""
    if channel == Channel.SMS:
        return user.phone if user.phone and opens_by_code(user, at=at) else ""
    return user.email if mail.is_on() and user.email_confirmed_at is not None else ""


def wants(user: User, kind: Kind, channel: Channel) -> bool:
    """Whether messages of ``kind`` go by ``channel``, as the person chose or as the kind does by itself."""
    return channel in kind.offered and chosen_of(user, kind.id).get((kind.id, channel), kind.by_itself(channel))


def chosen_of(user: User, kind_id: str | None = None) -> Choices:
    """What the person chose otherwise than the kinds do by themselves, of one kind or of all; one query."""
    rows = NoticeChoice.objects.filter(user=user)
    if kind_id is not None:
        rows = rows.filter(kind=kind_id)
    return {(kind, Channel(channel)): on for kind, channel, on in rows.values_list("kind", "channel", "on")}


def ways_for(user: User | None, kind: Kind, *, at: dt.datetime) -> list[Channel]:
    """The ways outside by which a message of ``kind`` may go at ``at``; at most one query."""
    possible = [channel for channel in OUTSIDE if channel in kind.channels and address(user, channel, at=at)]
    if user is None or not possible:
        return []
    chosen = chosen_of(user, kind.id)
    return [channel for channel in possible if chosen.get((kind.id, channel), kind.by_itself(channel))]


def quiet_until(user: User, kind: Kind, *, at: dt.datetime) -> dt.datetime | None:
    """When the person's quiet hours are over, for a message of ``kind`` that would go at ``at``; None to go at once."""
    if kind.urgent:
        return None
    hours = quiet_hours_of(user)
    return quiet.until(at, begin=hours.begin, end=hours.end) if hours.kept else None


def quiet_hours_of(user: User) -> QuietHours:
    """The person's own, or the usual ones (not saved)."""
    return getattr(user, "quiet_hours", None) or QuietHours(user=user)


def kinds_for(user: User) -> list[Kind]:
    """The kinds about which the person may choose."""
    return [kind for kind in kinds() if kind.offered and (user.is_staff or not kind.for_staff)]


def phone_is_stale(user: User, *, at: dt.datetime) -> bool:
    """Whether text messages are switched on and held back, because the number was proven too long ago."""
    return is_open(user, Channel.SMS) and bool(user.phone) and not opens_by_code(user, at=at)


# Acts -----------------------------------------------------------------------------------------------------------------


@transaction.atomic
def keep(
    *,
    user: User,
    ways: dict[Channel, bool],
    choices: Choices,
    kept: bool,
    begin: dt.time,
    end: dt.time,
    at: dt.datetime,
) -> None:
    """Everything that the page of choices holds, in one go; errors as for its parts."""
    for channel, on in ways.items():
        if on != is_open(user, channel):
            switch(user=user, channel=channel, on=on, at=at)
    choose(user=user, choices=choices, at=at)
    set_quiet_hours(user=user, kept=kept, begin=begin, end=end, at=at)


@transaction.atomic
def switch(*, user: User, channel: Channel, on: bool, at: dt.datetime) -> None:
    """Open or close a way outside, and give or take back the consent it rests on; repeated, it changes nothing.

    ValidationError where there is nothing to send to: no sign-in phone, no confirmed address.
    """
    if on and channel == Channel.SMS and not user.phone:
        raise ValidationError(_("这个账号没有登录手机，收不到短信。"))
    if on and channel == Channel.EMAIL and user.email_confirmed_at is None:
        raise ValidationError(_("请先填好并确认邮箱。"))
    if user.person is not None:
        say = consenting.give if on else consenting.withdraw
        say(person=user.person, purpose=PURPOSES[channel], channel=SaidBy.ONLINE, at=at, actor_id=user.pk)
    _set(user.pk, channel, on, at)
    setattr(user, _SWITCHES[channel], on)


def follow_consent(person: Person, channel: Channel, on: bool, at: dt.datetime) -> None:
    """The consent was given or taken back: the way of the person's account follows, in the same transaction."""
    account: Any = account_of(person)
    if account is not None:
        _set(account.pk, channel, on, at)


def _set(user_id: int, channel: Channel, on: bool, at: dt.datetime) -> None:
    """Set the switch; on the record where it stood otherwise."""
    name = _SWITCHES[channel]
    if User.objects.filter(pk=user_id).exclude(**{name: on}).update(**{name: on}):
        account = User.objects.get(pk=user_id)
        audit.record(f"account.{name}", actor_id=user_id, subject=account, at=at, details={"on": on})


@transaction.atomic
def choose(*, user: User, choices: Choices, at: dt.datetime) -> None:
    """Keep what the person chose for kinds and ways. What is not offered to them is left as it is.

    A row is kept only where the choice is another than the kind's own. The account's row is locked first: of two pages
    sent at once one is the later, whole.
    """
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    before = chosen_of(user)
    changed = []
    for kind in kinds_for(user):
        for channel in kind.offered:
            key = (kind.id, channel)
            wanted = choices.get(key)
            if wanted is None or wanted == before.get(key, kind.by_itself(channel)):
                continue
            changed.append(f"{kind.id}:{channel}")
            if wanted == kind.by_itself(channel):
                NoticeChoice.objects.filter(user=user, kind=kind.id, channel=channel).delete()
            else:
                NoticeChoice.objects.create(user=user, kind=kind.id, channel=channel, on=wanted)
    if changed:
        audit.record("account.notice_choices", actor_id=user.pk, subject=user, at=at, details={"changed": changed})


@transaction.atomic
def set_quiet_hours(*, user: User, kept: bool, begin: dt.time, end: dt.time, at: dt.datetime) -> None:
    """Keep the person's quiet hours. ValidationError where they would begin and end at the same time."""
    if begin == end:
        raise ValidationError({"end": SAME_TIME})
    values = {"kept": kept, "begin": begin, "end": end}
    standing = quiet_hours_of(user)
    if all(getattr(standing, name) == value for name, value in values.items()):
        return
    user.quiet_hours, _made = QuietHours.objects.update_or_create(user=user, defaults=values)
    audit.record("account.quiet_hours", actor_id=user.pk, subject=user, at=at, details={"kept": kept})


@transaction.atomic
def confirm_email(*, user: User, waiting: Any, typed: str, at: dt.datetime) -> Any:
    """The code from the mail: the address is the person's, and messages go there from now on, as the page said."""
    checked = emailing.confirm(user=user, waiting=waiting, typed=typed, at=at)
    if checked.right:
        switch(user=user, channel=Channel.EMAIL, on=True, at=at)
    return checked


@transaction.atomic
def remove_email(*, user: User, at: dt.datetime) -> None:
    """Forget the address, and with it the consent to write there; repeated, it changes nothing."""
    switch(user=user, channel=Channel.EMAIL, on=False, at=at)
    emailing.remove(user=user, at=at)
