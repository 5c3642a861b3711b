"""Why names stand in the index, and for how long: as long as in the record they were copied from."""

from django.utils.translation import gettext_lazy as _

from portal.core.registries import Purpose, purposes

purposes.add(
    Purpose(
        id="search.index",
        title=_("在后台按名称查找"),
        basis=_("社区依法履职所必需（个人信息保护法第十三条第一款第三项）"),
        notice=_(
            "为了让工作人员找得到您的登记，姓名、门牌和公开的心愿标题另存一份查找用的副本，不含电话、住址和证件号。"
        ),
        readers=_("您所在社区的工作人员；街道主管（只读）"),
        fields=("search.ScopedEntry.title", "search.ScopedEntry.rest", "search.ScopedEntry.terms"),
        field_words=_("姓名、户的门牌、心愿的单号和公开标题"),
        retention=_("和原来的登记一样长"),
        erasure=_("原来的登记一改、一删，副本同时跟着改、跟着删"),
        order=90,
        kept_because=_("副本和原来的登记同时删，不另设期限"),
        uncollected=_("副本里只有您在“登记居民”和心愿里已经看得到的字"),
    )
)
