"""The notice that stands above the sign-up button, and the record that it was accepted."""

import datetime as dt

from django.utils.translation import gettext_lazy as _

from .models import Channel, ConsentRecord, Person

ACCOUNT_PURPOSE = "people.account"
ACCOUNT_NOTICE_VERSION = "2026-11-b"  # goes up whenever a word below changes; old records keep the version they saw
ACCOUNT_NOTICE = (
    _("我们记下您的姓名、手机号和所在社区，用来登录、办您提出的事、有事时联系您。"),
    _("看得到的人：您本人、您所在社区的工作人员。手机号加密保存，页面上只显示一部分。"),
    _("您随时可以在“我的”里查看。写错了的，打电话或到社区窗口说一声，核对身份后当场改。"),
    _(
        "要一份副本、要删除、要注销、要收回同意，也打电话或到窗口提出，由工作人员人工办理，15 个工作日内答复；"
        "法律要求保存的记录除外。"
    ),
    _("不满 14 周岁的孩子，请由监护人注册和办理。"),
)


def record_account_consent(*, person: Person, version: str, at: dt.datetime) -> ConsentRecord:
    """Note that ``person`` accepted the sign-up notice in ``version``, on the page."""
    return ConsentRecord.objects.create(
        person=person,
        purpose=ACCOUNT_PURPOSE,
        act=ConsentRecord.Act.GIVEN,
        text_version=version,
        at=at,
        channel=Channel.ONLINE,
    )
