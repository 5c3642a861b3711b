"""Why and how messages to people are kept and sent. Each way outside rests on a consent of its own."""

import datetime as dt
from typing import Any

from django.utils.translation import gettext_lazy as _

from portal.core import mail
from portal.core.registries import Consent, Purpose, purposes
from portal.people.merging import account_of

from . import asking_again, choosing, keeping
from .wording import Channel


def _has_phone(person: Any) -> bool:
    account = account_of(person)
    return account is not None and account.is_active and bool(account.phone)


def _has_email(person: Any) -> bool:
    account = account_of(person)
    return account is not None and account.is_active and account.email_confirmed_at is not None and mail.is_on()


def _follows(channel: Channel, on: bool) -> Any:
    """The switch of the account follows the consent."""

    def follow(person: Any, at: dt.datetime) -> None:
        choosing.follow_consent(person, channel, on, at)

    return follow


purposes.add(
    Purpose(
        id="notices.messages",
        title=_("告诉您事情办到哪一步"),
        basis=_("履行与您约定的服务所必需（个人信息保护法第十三条第一款第二项）"),
        notice=_("进展都放在“消息”里，内容加密保存，登录以后才看得到。"),
        readers=_("只有您本人"),
        fields=(
            "notices.Notice.person",
            "notices.Notice.kind",
            "notices.Notice.title",
            "notices.Notice.body",
            "notices.Notice.url",
            "notices.Notice.at",
            "notices.Notice.read_at",
        ),
        field_words=_("消息的标题和内容、时间、是否已读"),
        retention=_("一般 365 天，由社区设定；读过的、没读的一样"),
        erasure=_("到期由系统自动删除；您可以随时删除"),
        erase=lambda at: keeping.erase_old(at=at),
        collect=keeping.messages,
        forget=keeping.forget_messages,
        part_words={"messages": _("消息（%(count)s 条），读过的、没读的一样")},
        order=50,
    )
)
purposes.add(
    Purpose(
        id="notices.choices",
        title=_("记住您对消息的选择"),
        basis=_("履行与您约定的服务所必需（个人信息保护法第十三条第一款第二项）"),
        notice=_("哪类消息用哪种方式告诉您、夜里打不打扰，由您自己选。工作人员的每日待办发没发，也记在这里。"),
        readers=_("只有您本人"),
        fields=(
            "notices.NoticeChoice.user",
            "notices.NoticeChoice.kind",
            "notices.NoticeChoice.channel",
            "notices.NoticeChoice.on",
            "notices.QuietHours.user",
            "notices.QuietHours.kept",
            "notices.QuietHours.begin",
            "notices.QuietHours.end",
            "notices.Digest.user",
            "notices.Digest.day",
            "notices.Digest.told",
        ),
        field_words=_("每类消息的选择、不打扰时间、工作人员每日待办的日期"),
        retention=_("账号使用期间；每日待办的日期留一个月"),
        erasure=_("每日待办的日期到期由系统自动删除；您的选择可以随时删除，删除以后按通常的办法"),
        erase=lambda at: keeping.erase_old_digests(at=at),
        collect=keeping.choices,
        forget=keeping.forget_choices,
        part_words={
            "choices": _("每类消息怎么通知、什么时候不打扰的选择（%(count)s 项）"),
            "digests": _("以前收到每日待办的日期（%(count)s 天）"),
        },
        order=51,
    )
)
_OUTSIDE_FIELDS = (
    "notices.Delivery.notice",
    "notices.Delivery.channel",
    "notices.Delivery.state",
    "notices.Delivery.attempts",
    "notices.Delivery.changed_at",
)
purposes.add(
    Purpose(
        id="notices.sms",
        title=_("重要消息发短信"),
        basis=_("您的同意（个人信息保护法第十三条第一款第一项、第二十三条）"),
        notice=_(
            "您同意以后，才会把消息的标题发到您的登录手机。标题里没有姓名、住址和号码。"
            "发短信要把手机号和标题交给短信服务商，由它送到您的手机。"
        ),
        readers=_("您本人；短信服务商收到号码和标题"),
        fields=_OUTSIDE_FIELDS,
        field_words=_("登录手机、消息的标题、短信是否发出"),
        retention=_("和那条消息相同"),
        erasure=_("随那条消息一起删除"),
        kept_because=_("发送记录是那条消息的一部分，消息到期时一起删除。"),
        collect=lambda ids, most: keeping.deliveries(ids, Channel.SMS, most),
        consent=Consent(
            version="2026-11-a",
            text=_(
                "我同意把我的登录手机号和消息的标题交给短信服务商，用短信告诉我事情办到哪一步。"
                "标题里没有姓名、住址和号码。我可以随时收回，和同意一样方便；收回不影响收回以前已经发出的短信。"
            ),
            effect=_("不再给您发短信，还没发出的也不发了。消息仍然放在“消息”里，一条不少；登录验证码不受影响。"),
            given=_follows(Channel.SMS, True),
            withdrawn=_follows(Channel.SMS, False),
            asked_of=_has_phone,
        ),
        order=52,
    )
)
purposes.add(
    Purpose(
        id="notices.email",
        title=_("消息发邮件"),
        basis=_("您的同意（个人信息保护法第十三条第一款第一项、第二十三条）"),
        notice=_(
            "您填好并确认邮箱、同意以后，才会把消息的标题发到您的邮箱。标题里没有姓名、住址和号码。"
            "邮件经过您的邮箱服务商送到。"
        ),
        readers=_("您本人；邮箱服务商收到邮箱地址和标题"),
        fields=_OUTSIDE_FIELDS,
        field_words=_("邮箱地址、消息的标题、邮件是否发出"),
        retention=_("和那条消息相同"),
        erasure=_("随那条消息一起删除"),
        kept_because=_("发送记录是那条消息的一部分，消息到期时一起删除。"),
        collect=lambda ids, most: keeping.deliveries(ids, Channel.EMAIL, most),
        consent=Consent(
            version="2026-11-a",
            text=_(
                "我同意把消息的标题发到我确认过的邮箱，告诉我事情办到哪一步。邮件经过邮箱服务商，标题里没有姓名、住址和号码。"
                "我可以随时收回，和同意一样方便；收回不影响收回以前已经发出的邮件。"
            ),
            effect=_("不再给您发邮件，还没发出的也不发了。消息仍然放在“消息”里，一条不少。"),
            given=_follows(Channel.EMAIL, True),
            withdrawn=_follows(Channel.EMAIL, False),
            asked_of=_has_email,
        ),
        order=53,
    )
)

__all__ = ["asking_again"]
