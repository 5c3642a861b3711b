"""Why and how messages to people are kept and sent."""

from django.utils.translation import gettext_lazy as _

from portal.core.registries import Purpose, purposes

purposes.add(
    Purpose(
        id="notices.messages",
        title=_("告诉您事情办到哪一步"),
        basis=_("履行与您约定的服务所必需（个人信息保护法第十三条第一款第二项）；发短信以您打开这项为准"),
        notice=_(
            "进展都放在“消息”里，内容加密保存。您打开短信提醒以后，才会把标题发到您的登录手机，标题里没有姓名、住址和号码；"
            "发短信要把手机号交给短信服务商，随时可以在“我的”里关掉。"
        ),
        readers=_("只有您本人；短信服务商收到号码和标题"),
        fields=(
            "notices.Notice.person",
            "notices.Notice.kind",
            "notices.Notice.title",
            "notices.Notice.body",
            "notices.Notice.url",
            "notices.Notice.at",
            "notices.Notice.read_at",
            "notices.Delivery.state",
        ),
        field_words=_("消息的标题和内容、时间、是否已读、短信是否发出"),
        retention=_("账号使用期间；系统不会自动删除"),
        erasure=_("要求删除的，打电话或到社区服务窗口提出，由工作人员人工办理，15 个工作日内答复"),
        order=50,
    )
)
