"""The ways outside: what each carries, and whether its other side drops a repeat."""

from typing import Protocol

from django.conf import settings
from django.utils.translation import gettext as _

from portal.core import mail, sms

from .models import Delivery, Notice
from .wording import Channel

CHOICES_PATH = "/me/notices/"


class Way(Protocol):
    def takes_key(self) -> bool:
        """Whether sending the same key twice reaches the person once."""

    def send(self, *, address: str, notice: Notice, key: str) -> None:
        """Carry ``notice`` to ``address``; raises ``NotSent``."""


class BySms:
    """A text message says that there is news and of what kind; details stay behind the sign-in."""

    def takes_key(self) -> bool:
        return sms.backend().takes_key

    def send(self, *, address: str, notice: Notice, key: str) -> None:
        sms.send(phone=address, text=f"【{settings.SITE_NAME}】{notice.title}", key=key)


class ByEmail:
    """A letter says the same, where to read on, and where to stop such letters. No mail server drops a repeat."""

    def takes_key(self) -> bool:
        return False

    def send(self, *, address: str, notice: Notice, key: str) -> None:
        leave_url = settings.SITE_URL + CHOICES_PATH
        mail.send(
            to=address,
            subject=f"【{settings.SITE_NAME}】{notice.title}",
            text=letter(str(notice.title), leave_url),
            key=key,
            leave_url=leave_url,
        )


def letter(title: str, leave_url: str) -> str:
    """The whole text of a letter: a title, a link, and how to get no more of them."""
    lines = (
        _("您好："),
        "",
        title,
        "",
        _("详细情况请登录以后看：%(url)s") % {"url": f"{settings.SITE_URL}/messages/"},
        _("为了保护您的信息，邮件里不写姓名、住址和具体内容。我们也不会在邮件里问您要密码和验证码。"),
        "",
        settings.SITE_NAME,
        _("不想再收邮件，登录以后在这里关掉：%(url)s") % {"url": leave_url},
        _("这封信由系统自动发出，回信没有人看。"),
    )
    return "\n".join(lines) + "\n"


WAYS: dict[str, Way] = {Channel.SMS: BySms(), Channel.EMAIL: ByEmail()}


def way_of(delivery: Delivery) -> Way:
    """How ``delivery`` goes."""
    return WAYS[delivery.channel]
