"""Why and how the data of wishes is processed."""

from django.utils.translation import gettext_lazy as _

from portal.core.registries import Purpose, purposes

from . import erasing

purposes.add(
    Purpose(
        id="wishes.service",
        title=_("受理、派单和完成微心愿"),
        basis=_("履行与您约定的服务所必需（个人信息保护法第十三条第一款第二项）"),
        notice=_(
            "您写的内容、联系人、电话和地址加密保存。公开的只有社区审核过的标题、称呼、类别和社区名。"
            "接单的志愿者从接单到办结能看到联系方式，每看一次都会记下来给您看。"
        ),
        readers=_(
            "您本人和为您代办的人；本社区工作人员（看电话和纸质单都留记录）；接单的志愿者（从接单到办结）；街道主管（只读，看不到电话）"
        ),
        fields=(
            "wishes.Wish.details",
            "wishes.Wish.contact_name",
            "wishes.Wish.contact_phone",
            "wishes.Wish.contact_address",
            "wishes.Wish.completion_note",
            "wishes.Wish.rating_comment",
            "wishes.ContactReveal.at",
        ),
        field_words=_("心愿内容、联系人、联系电话、地址、完成情况、评价、查看记录"),
        retention=_("办结、撤回或不予受理之后保留一段时间，一般 365 天，由社区设定"),
        erasure=_("到期由系统自动清空内容、联系人、电话、地址和评价，只留下不含个人信息的办理记录"),
        erase=lambda at: erasing.erase_due(at=at),
        order=30,
    )
)
