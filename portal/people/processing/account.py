"""The account: signing in, codes, offices, requests about one's own data."""

from django.utils.translation import gettext_lazy as _

from portal.core.registries import Purpose, purposes

from .. import codes, forgetting, own_records, retaining
from ..consenting import ACCOUNT_NOTICE, ACCOUNT_PURPOSE

purposes.add(
    Purpose(
        id=ACCOUNT_PURPOSE,
        title=_("开立和使用账号"),
        basis=_("履行与您约定的服务所必需（个人信息保护法第十三条第一款第二项）"),
        notice="".join(str(line) for line in ACCOUNT_NOTICE),
        readers=_("您本人；您所在社区的工作人员；街道主管（只读）"),
        fields=(
            "people.User.username",
            "people.User.password",
            "people.User.last_login",
            "people.User.person",
            "people.User.phone",
            "people.User.phone_index",
            "people.User.phone_confirmed_at",
            "people.User.is_active",
            "people.User.is_superuser",
            "people.User.elder_mode",
            "people.User.elder_text",
            "people.User.sms_notices",
            "people.User.email",
            "people.User.email_confirmed_at",
            "people.User.email_notices",
            "people.User.date_joined",
            "people.User.closed_at",
            "people.ConsentRecord.person",
            "people.ConsentRecord.purpose",
            "people.ConsentRecord.act",
            "people.ConsentRecord.text_version",
            "people.ConsentRecord.at",
            "people.ConsentRecord.channel",
            "people.ConsentRecord.guardian",
            "people.ConsentRecord.paper",
            "mfa.Authenticator.user",
            "mfa.Authenticator.type",
            "mfa.Authenticator.data",
            "mfa.Authenticator.created_at",
            "mfa.Authenticator.last_used_at",
        ),
        field_words=_(
            "登录手机、邮箱、密码（只存不可还原的校验值）、第二道验证、注册和登录时间、版面和消息的选择、您的同意记录、窗口记下同意时签的纸"
        ),
        retention=_(
            "账号使用期间。您自己注销的，手机号、邮箱和密码当时就清除；由管理员停用的，一般 180 天后清除，由社区设定。"
            "同意记录一直保留，用来证明当时征得了同意"
        ),
        erasure=_("注销账号时当场清除；停用的账号到期由系统自动清除"),
        erase=lambda at: retaining.erase_closed_accounts(at=at),
        collect=own_records.account,
        forget=forgetting.forget_account,
        part_words={"account": _("注销了的账号里还留着的登录手机、邮箱、第二道验证（%(count)s 条）")},
        order=10,
    )
)
purposes.add(
    Purpose(
        id="people.codes",
        title=_("短信验证码"),
        basis=_("履行与您约定的服务所必需（个人信息保护法第十三条第一款第二项）"),
        notice=_("为了不让别人反复给您发验证码，我们记下什么时候给这个号码发过。存的是号码的校验值，看不出号码本身。"),
        readers=_("没有人需要看"),
        fields=("people.SmsCode.phone_index", "people.SmsCode.sent_at"),
        field_words=_("号码的校验值、发送时间"),
        retention=_("两天"),
        erasure=_("到期由系统自动删除"),
        erase=lambda at: codes.sweep(at=at),
        collect=own_records.codes,
        forget=forgetting.forget_codes,
        part_words={"codes": _("一天以前给您发验证码的时间（%(count)s 条）")},
        order=26,
    )
)
purposes.add(
    Purpose(
        id="people.offices",
        title=_("工作人员任职"),
        basis=_("社区依法履职所必需（个人信息保护法第十三条第一款第三项）"),
        notice=_("谁在哪个社区任什么职，从哪天到哪天。任职一结束，能看的、能办的就同时结束。"),
        readers=_("本社区负责人、街道主管、个人信息保护员、系统管理员"),
        fields=("people.Role.user", "people.Role.area", "people.Role.kind", "people.Role.since", "people.Role.until"),
        field_words=_("任职的区域、角色、起止时间"),
        retention=_("任职期间；结束之后保留历史，供核对当时由谁经办"),
        erasure=_("历史随经办记录保留；本人的姓名和电话按“登记居民”的办法清除"),
        kept_because=_("谁在什么时候任什么职，要和当时经办的事对得上，不按时间删除。"),
        collect=own_records.offices,
        forget=forgetting.forget_offices,
        order=28,
    )
)
purposes.add(
    Purpose(
        id="people.requests",
        title=_("办理您对个人信息的请求"),
        basis=_("履行法定义务所必需（个人信息保护法第十三条第一款第三项、第四十六条、第四十七条、第五十条）"),
        notice=_("您要更正、删除信息而系统不能当场办的，记下您的请求，由社区核对后答复。写的内容加密保存。"),
        readers=_("您本人和孩子的监护人；您所在社区的工作人员；个人信息保护员"),
        fields=(
            "people.DataRequest.code",
            "people.DataRequest.community",
            "people.DataRequest.subject",
            "people.DataRequest.asker",
            "people.DataRequest.typist",
            "people.DataRequest.handler",
            "people.DataRequest.channel",
            "people.DataRequest.scan",
            "people.DataRequest.created_at",
            "people.DataRequest.kind",
            "people.DataRequest.field",
            "people.DataRequest.value",
            "people.DataRequest.words",
            "people.DataRequest.state",
        ),
        field_words=_("请求的内容、改成什么、说明、谁提出、渠道、纸质单、办理经过"),
        retention=_("答复之后保留一段时间，一般 365 天，由社区设定"),
        erasure=_("到期由系统自动清空请求的内容、理由和纸质单，只留下办过这件事"),
        erase=lambda at: retaining.erase_requests(at=at),
        collect=own_records.requests,
        forget=forgetting.forget_requests,
        part_words={"requests": _("答复过的请求里写的内容、说明、理由和纸质单（%(count)s 份）")},
        order=90,
    )
)
