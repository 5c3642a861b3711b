"""Why and how the data of wishes is processed."""

from django.utils.translation import gettext_lazy as _

from portal.core.registries import OpenMatter, Purpose, open_matters, purposes

from . import erasing, own_records

purposes.add(
    Purpose(
        id="wishes.service",
        title=_("收下、安排和办好微心愿"),
        basis=_("履行与您约定的服务所必需（个人信息保护法第十三条第一款第二项）"),
        notice=_(
            "您写的内容、联系人、电话和地址加密保存。公开的只有社区审核过的标题、称呼、类别和社区名。"
            "接单的志愿者从接单到办结能看到联系方式，每看一次都会记下来给您看。"
        ),
        readers=_(
            "您本人和为您代办的人；本社区工作人员（看电话和纸质单都留记录）；接单的志愿者（从接单到办结）；街道主管（只读，看不到电话）"
        ),
        fields=(
            "wishes.Wish.code",
            "wishes.Wish.community",
            "wishes.Wish.grid",
            "wishes.Wish.household",
            "wishes.Wish.subject",
            "wishes.Wish.asker",
            "wishes.Wish.typist",
            "wishes.Wish.handler",
            "wishes.Wish.channel",
            "wishes.Wish.scan",
            "wishes.Wish.created_at",
            "wishes.Wish.state",
            "wishes.Wish.kind",
            "wishes.Wish.title",
            "wishes.Wish.alias",
            "wishes.Wish.details",
            "wishes.Wish.when",
            "wishes.Wish.price_fen",
            "wishes.Wish.contact_name",
            "wishes.Wish.contact_phone",
            "wishes.Wish.contact_address",
            "wishes.Wish.completion_note",
            "wishes.Wish.rating",
            "wishes.Wish.rating_comment",
            "wishes.Wish.volunteer",
            "wishes.Wish.dispatched_to",
            "wishes.Wish.service_minutes",
            "wishes.Wish.closed_at",
            "wishes.Wish.visited_on",
            "wishes.Wish.erased_on",
            "wishes.ContactReveal.wish",
            "wishes.ContactReveal.viewer",
            "wishes.ContactReveal.part",
            "wishes.ContactReveal.at",
        ),
        field_words=_("心愿内容、联系人、联系电话、地址、谁提出、谁录入、谁接单、完成情况、评价、查看记录"),
        retention=_("办结、撤回或没能办之后保留一段时间，一般 365 天，由社区设定"),
        erasure=_(
            "到期由系统自动清空内容、联系人、电话、地址和评价；结束了的您可以随时删除。只留下不含个人信息的办理记录"
        ),
        erase=lambda at: erasing.erase_due(at=at),
        collect=own_records.wishes,
        forget=erasing.forget_own,
        part_words={
            "wishes": _(
                "结束了的心愿（%(count)s 件）里写的内容、联系人、电话、地址、完成情况、评价、理由、纸质单，"
                "还有公开的称呼"
            )
        },
        order=30,
    )
)
open_matters.add(
    OpenMatter(
        id="wishes.asked",
        label=_("我提的心愿"),
        rows=own_records.under_way,
        bound=own_records.bound,
        order=30,
    )
)
open_matters.add(
    OpenMatter(
        id="wishes.for_others",
        label=_("我替别人提的心愿"),
        rows=own_records.asked_for_others,
        binds=False,
        order=30,
    )
)
open_matters.add(
    OpenMatter(
        id="wishes.in_hand",
        label=_("我接的心愿"),
        rows=own_records.in_hand,
        bars_leaving=True,
        order=31,
    )
)
