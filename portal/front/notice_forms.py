"""Forms about messages: which ways, which kinds, not in the night; the address for mail."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from portal.core import mail
from portal.notices import choosing
from portal.notices.wording import OUTSIDE, Channel, Kind
from portal.people import emailing
from portal.people.fields import CodeField

# Whole hours to choose from: a browser's own control shows the time as the browser's language has it.
HOURS = [(f"{hour:02d}:00", f"{hour:02d}:00") for hour in range(24)]


def _hour(label: Any) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label,
        choices=HOURS,
        coerce=dt.time.fromisoformat,
        error_messages={"required": _("请选一个时间。"), "invalid_choice": _("请从列表里选一个时间。")},
    )


CLOSED = "closed"


@dataclass(frozen=True)
class Line:
    """One kind with the boxes about it, in the order of the ways that the page has; None where there is no choice,
    ``CLOSED`` where nothing goes that way at present."""

    kind: Kind
    boxes: list[Any]


class ChoicesForm(forms.Form):
    """What an account chooses about messages. ``user`` decides which ways and kinds there are.

    About a way that is closed one cannot choose by kind: its boxes are shut, and what was chosen before stays.
    ``shown`` says which ways were open on the page that was sent, so that a box that nobody could tick does not count
    as taken away.
    """

    kept = forms.BooleanField(label=_("夜里不打扰"), required=False)
    begin = _hour(_("从几点"))
    end = _hour(_("到几点"))
    shown = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.kinds = choosing.kinds_for(user)
        self.ways = [Channel.SMS, Channel.EMAIL] if user.email_confirmed_at else [Channel.SMS]
        hours, chosen = choosing.quiet_hours_of(user), choosing.chosen_of(user)
        self.initial.update(kept=hours.kept, begin=f"{hours.begin:%H:00}", end=f"{hours.end:%H:00}")
        switches = {
            Channel.SMS: (_("发短信"), bool(user.phone)),
            Channel.EMAIL: (_("发邮件"), Channel.EMAIL in self.ways),
        }
        for channel, (label, possible) in switches.items():
            if possible:
                self.fields[str(channel)] = forms.BooleanField(label=label, required=False)
                self.initial[str(channel)] = choosing.is_open(user, channel)
        self.initial["shown"] = " ".join(channel for channel in OUTSIDE if choosing.is_open(user, channel))
        shown = str(self.data.get("shown", self.initial["shown"])) if self.is_bound else self.initial["shown"]
        self.open = {Channel.PORTAL, *(channel for channel in OUTSIDE if channel in shown.split())}
        for kind in self.kinds:
            for channel in kind.offered:
                name, shut = self._name(kind, channel), channel not in self.open
                self.fields[name] = forms.BooleanField(label=channel.label, required=False, disabled=shut)
                self.initial[name] = chosen.get((kind.id, channel), kind.by_itself(channel))

    @staticmethod
    def _name(kind: Kind, channel: Channel) -> str:
        return f"{kind.id}-{channel}"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "begin" in cleaned and cleaned["begin"] == cleaned.get("end"):
            self.add_error("end", choosing.SAME_TIME)
        return cleaned

    def lines(self) -> Iterator[Line]:
        """The kinds with their boxes, a column a way."""
        for kind in self.kinds:
            yield Line(kind, [self._box(kind, channel) for channel in self.columns])

    def _box(self, kind: Kind, channel: Channel) -> Any:
        name = self._name(kind, channel)
        if name not in self.fields:
            return None
        return self[name] if channel in self.open else CLOSED

    @property
    def columns(self) -> list[Channel]:
        """The columns of the page: the ways outside, and the portal where some kind may be switched off there."""
        optional = any(kind.optional for kind in self.kinds)
        return [*([Channel.PORTAL] if optional else []), Channel.SMS, *([Channel.EMAIL] if mail.is_on() else [])]

    @property
    def shut(self) -> list[Channel]:
        """The columns in which nothing can be ticked, because that way is closed."""
        return [channel for channel in self.columns if channel not in self.open]

    def wanted(self) -> dict[str, Any]:
        """What ``choosing.keep`` takes."""
        data = self.cleaned_data
        return {
            "ways": {channel: data[str(channel)] for channel in self.ways if str(channel) in self.fields},
            "choices": {
                (kind.id, channel): data[self._name(kind, channel)] for kind in self.kinds for channel in kind.offered
            },
            "kept": data["kept"],
            "begin": data["begin"],
            "end": data["end"],
        }


class EmailForm(forms.Form):
    """The address for mail."""

    email = forms.CharField(
        label=_("邮箱地址"),
        max_length=200,
        widget=forms.TextInput(attrs={"type": "email", "inputmode": "email", "autocomplete": "email"}),
        error_messages={"required": _("请填邮箱地址。")},
    )

    def clean_email(self) -> str:
        return emailing.clean(self.cleaned_data["email"])


class MailedCode(CodeField):
    """The six digits of a letter: what is wrong with them is said of a letter, not of a text message."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(error_messages={"required": _("请填邮件里的 6 位数字。")}, **kwargs)

    def clean(self, value: Any) -> str:
        try:
            return super().clean(value)
        except ValidationError as refusal:
            if refusal.code == "required":
                raise
            raise ValidationError(_("验证码是邮件里的 6 位数字。"), code=refusal.code) from None


class EmailCodeForm(forms.Form):
    """The code that came by mail."""

    code = MailedCode()
