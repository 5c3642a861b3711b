"""Why and how the ground floor handles personal data: drafts, files, the record of who did what."""

from django.utils.translation import gettext_lazy as _

from .registries import Purpose, purposes

purposes.add(
    Purpose(
        id="core.drafts",
        title=_("替您留着没填完的表"),
        basis=_("办理您提出的事所必需（个人信息保护法第十三条第一款第二项）"),
        notice=_("分几步填的表，每填一步我们就替您存一次，换个手机也能接着填。草稿加密保存，只有您自己打得开。"),
        readers=_("只有您本人"),
        fields=("core.Draft.owner_id", "core.Draft.form", "core.Draft.data"),
        field_words=_("您在表里已经填了、还没有提交的内容"),
        retention=_("最后一次填写之后 14 天；提交以后马上删除"),
        erasure=_("到期由系统自动删除"),
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
        fields=("core.StoredFile.content", "core.StoredFile.owner_id"),
        field_words=_("照片、纸质单的扫描件"),
        retention=_("与它所属的那件事相同"),
        erasure=_("那件事的个人信息到期清空时，文件一起删除"),
        order=70,
    )
)
purposes.add(
    Purpose(
        id="core.record",
        title=_("记下谁办了什么"),
        basis=_("履行法定义务所必需（网络安全法关于留存日志的规定；个人信息保护法第十三条第一款第三项）"),
        notice=_(
            "每件事什么时候由谁办到哪一步、工作人员什么时候看过完整的电话，都会记下来，不能改也不能删。"
            "谁看过您登记的电话和住址，列在“我的”里的“存了我的哪些信息”；谁看过心愿单上的电话，列在那张心愿单上。"
            "记录里只有编号，没有姓名和电话；办事的人写的理由加密保存，单独存放。"
        ),
        readers=_(
            "经办的社区工作人员看得到那一件事的经过；全部记录由个人信息保护员、系统管理员查看；看过您电话的记录，您自己也看得到"
        ),
        fields=(
            "core.AuditEntry.actor_id",
            "core.AuditEntry.subject_id",
            "core.Transition.actor_id",
            "core.Transition.subject_id",
            "core.Remark.text",
        ),
        field_words=_("经办账号的编号、事情的编号、时间、办的是什么、写下的理由"),
        retention=_("不少于六个月"),
        erasure=_("编号记录一直保留，系统不会自动删除；写下的理由可以要求删除，由工作人员人工办理"),
        order=80,
    )
)
