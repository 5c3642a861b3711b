"""What an area decides for itself about the desk."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.core.options import Option, declare


@dataclass(frozen=True)
class TimeOfDay(Option):
    """An option that is a time of day, kept as ``08:30``."""

    kind: type = str

    def check(self, value: Any) -> None:
        """TypeError for what is no text, ValidationError for what is no time of day."""
        super().check(value)
        self.time(value)

    def parse(self, text: str) -> str:
        """The time that a person typed, signs of the full-width keyboard included."""
        return f"{self.time(text.strip().replace('：', ':')):%H:%M}"

    @staticmethod
    def time(value: str) -> dt.time:
        """The value as a time. ValidationError in plain words for what is none."""
        hour, colon, minute = value.partition(":")
        if not (
            colon and len(hour) <= 2 and len(minute) == 2 and (hour + minute).isascii() and (hour + minute).isdigit()
        ):
            raise ValidationError(_("请写成 08:30 这样的时间。"))
        try:
            return dt.time(int(hour), int(minute))
        except ValueError:
            raise ValidationError(_("请写成 08:30 这样的时间。")) from None


DIGEST_AT = TimeOfDay(
    "backoffice.digest_at",
    gettext_lazy("工作日几点发每日待办"),
    "08:30",
    help_text=gettext_lazy("发给在这里任职的工作人员；本人可以关掉。"),
)
declare(DIGEST_AT)
