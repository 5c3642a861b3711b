"""Why and how volunteers' data is processed."""

from django.utils.translation import gettext_lazy as _

from portal.core.registries import Purpose, purposes

purposes.add(
    Purpose(
        id="volunteers.service",
        title=_("志愿者管理与服务时长记录"),
        basis=_("履行与您订立的志愿服务约定所必需（个人信息保护法第十三条第一款第二项；志愿服务条例）"),
        notice=_("您报名当志愿者时，我们记下您的特长、方便的时间和自我介绍；服务以后，记下服务时长。"),
        readers=_("您本人；您服务社区的工作人员；街道主管"),
        fields=(
            "volunteers.Volunteer.availability",
            "volunteers.Volunteer.introduction",
            "volunteers.Volunteer.homes_cleared_on",
            "volunteers.Volunteer.minors_cleared_on",
            "volunteers.HourEntry.minutes",
        ),
        field_words=_("特长、方便的时间、自我介绍、入户和服务未成年人的许可日期、服务时长"),
        retention=_("志愿服务期间；时长记录长期保存，以便您开具证明"),
        erasure=_("退出后可以要求删除自我介绍和特长；时长记录依法保存"),
        order=40,
    )
)
