"""What the ground floor keeps of people: drafts, files, sessions."""

from django.utils.translation import gettext_lazy as _

from portal.core import aging
from portal.core import drafts as kept_drafts
from portal.core.registries import Purpose, purposes

from .. import forgetting, own_records, retaining

purposes.add(
    Purpose(
        id="core.drafts",
        title=_("替您留着没填完的表"),
        basis=_("办理您提出的事所必需（个人信息保护法第十三条第一款第二项）"),
        notice=_("分几步填的表，您一边填，我们一边替您存，换个手机也能接着填。草稿加密保存，只有您自己打得开。"),
        readers=_("只有您本人"),
        fields=("core.Draft.owner_id", "core.Draft.data", "core.Draft.updated_at", "core.Draft.expires_at"),
        field_words=_("您在表里已经填了、还没有提交的内容"),
        retention=_("最后一次填写之后 14 天；提交以后马上删除"),
        erasure=_("到期由系统自动删除；您可以随时删除"),
        erase=lambda at: kept_drafts.sweep(at=at),
        collect=own_records.drafts,
        forget=forgetting.forget_drafts,
        part_words={"drafts": _("没填完的表（%(count)s 份）")},
        order=60,
    )
)
purposes.add(
    Purpose(
        id="core.files",
        title=_("保存您上传的照片和扫描件"),
        basis=_("办理您提出的事所必需（个人信息保护法第十三条第一款第二项）"),
        notice=_("照片里的拍摄地点、时间和设备信息，在保存以前就已经去掉。文件没有公开的网址，每次打开都要核对权限。"),
        readers=_("能看那件事的人：您本人、为您代办的人、经办的工作人员"),
        fields=(
            "core.StoredFile.content",
            "core.StoredFile.owner_id",
            "core.StoredFile.created_at",
            "core.StoredFile.content_type",
            "core.StoredFile.size",
        ),
        field_words=_("照片、纸质单的扫描件、上传时间、类型和大小"),
        retention=_("与它所属的那件事相同；工作人员录入时传了、没有用上的，一天后删除"),
        erasure=_("那件事的个人信息清空时，文件一起删除"),
        kept_because=_("文件属于它的那件事，那件事到期清空时一起删除，自己没有另外的期限。"),
        collect=own_records.stored_files,
        order=70,
    )
)
purposes.add(
    Purpose(
        id="core.sessions",
        title=_("记住您登录了、不重复提交"),
        basis=_("履行与您约定的服务所必需（个人信息保护法第十三条第一款第二项）"),
        notice=_("登录以后，浏览器里放一个随机的号，凭它认得是您；里面没有姓名和电话。同一张表点两次，只办一次。"),
        readers=_("没有人需要看"),
        fields=("sessions.Session.session_data", "core.OnceKey.owner", "core.OnceKey.result", "core.OnceKey.at"),
        field_words=_("加密的登录状态、交过的表的随机号"),
        retention=_("登录状态最长 30 天，退出时马上删除；交过的表的随机号 7 天"),
        erasure=_("到期由系统自动删除"),
        erase=lambda at: aging.erase_spent(at=at),
        uncollected=_("登录状态整个加密，分不出是谁的，只有拿着那个随机号的浏览器打得开；最长 30 天自己消失。"),
        order=75,
    )
)
purposes.add(
    Purpose(
        id="core.filters",
        title=_("工作人员存下的筛选"),
        basis=_("社区依法履职所必需（个人信息保护法第十三条第一款第三项）"),
        notice=_("工作人员把常用的筛选存成一个名字，下次直接打开。查找的字加密保存，只有存的人打得开。"),
        readers=_("只有存的人"),
        fields=(
            "core.SavedFilter.owner_id",
            "core.SavedFilter.listing",
            "core.SavedFilter.name",
            "core.SavedFilter.query",
            "core.SavedFilter.created_at",
        ),
        field_words=_("谁存的、哪张名单、起的名字、筛选条件、时间"),
        retention=_("存下之后 365 天；再存一次重新算"),
        erasure=_("到期由系统自动删除；本人可以随时删除"),
        erase=lambda at: retaining.erase_filters(at=at),
        collect=own_records.filters,
        forget=forgetting.forget_filters,
        part_words={"filters": _("存下的筛选（%(count)s 个）")},
        order=86,
    )
)
