"""What an export is called and how it stands, as the list and its page write it."""

from typing import Any

from django.contrib import admin
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..exports import access
from ..exports.listing import Listing
from ..exports.sources import label_of, sources
from ..models import Export, ExportState
from ..pieces import EMPTY, shown

S = ExportState


class ExportColumns:
    """Before ActsAdmin: the columns and fields of an export that are no fields of its table."""

    @admin.display(description=gettext_lazy("名单"), ordering="source")
    def which(self, obj: Export) -> str:
        return label_of(obj.source)

    @admin.display(description=gettext_lazy("申请人"))
    def asked_by(self, obj: Export) -> str:
        return str(obj.requester)

    @admin.display(description=gettext_lazy("审批人"))
    def approved_by(self, obj: Export) -> str:
        if obj.approver is None:
            if obj.source in sources and not sources[obj.source].needs_approval(obj.columns):
                return _("没有个人信息，不用批准")
            waits = obj.state == S.PENDING and not access.approvers(obj.area, besides=obj.requester)
            return _("现在没有人能批：请街道报系统管理员任命社区负责人或个人信息保护员") if waits else EMPTY
        return str(obj.approver)

    @admin.display(description=gettext_lazy("筛选条件"))
    def conditions(self, obj: Export) -> str:
        if obj.erased_on is not None:
            return _("（已清除）")
        return Listing.kept(obj.listing).words or _("全部")

    @admin.display(description=gettext_lazy("条数"))
    def counted(self, obj: Export) -> str:
        if obj.rows_total is None or obj.rows_total == obj.rows_asked:
            return _("%d 条") % obj.rows_asked
        return _("%(built)d 条（申请时 %(asked)d 条）") % {"built": obj.rows_total, "asked": obj.rows_asked}

    def _labels(self, obj: Export, ids: list[str]) -> str:
        if obj.source not in sources:
            return EMPTY
        return "、".join(str(column.label) for column in sources[obj.source].chosen(ids))

    @admin.display(description=gettext_lazy("列"))
    def columns_shown(self, obj: Export) -> str:
        return self._labels(obj, obj.columns)

    @admin.display(description=gettext_lazy("个人信息"))
    def masking(self, obj: Export) -> str:
        if obj.source in sources and not sources[obj.source].needs_approval(obj.columns):
            return _("没有")
        if not obj.whole_columns:
            return _("遮盖")
        labels = self._labels(obj, obj.whole_columns)
        if not obj.masked:
            return _("完整：%s；其余遮盖") % labels
        return (_("申请完整：%s") if obj.state == S.PENDING else _("遮盖（申请过完整：%s）")) % labels

    @admin.display(description=gettext_lazy("用途"))
    def purpose_shown(self, obj: Export) -> str:
        return _("（已清除）") if obj.erased_on is not None else obj.purpose or EMPTY

    @admin.display(description=gettext_lazy("为什么要完整的"))
    def reason_shown(self, obj: Export) -> str:
        return _("（已清除）") if obj.erased_on is not None else obj.whole_reason or EMPTY

    @admin.display(description=gettext_lazy("下载截止"))
    def until(self, obj: Export) -> Any:
        return shown(obj.expires_at)

    @admin.display(description=gettext_lazy("已下载"))
    def fetched(self, obj: Export) -> str:
        return _("%(done)d 次，最多 %(most)d 次") % {"done": obj.downloads.count(), "most": obj.downloads_allowed}
