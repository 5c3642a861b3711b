"""How an export stands, in a sentence for whoever looks how far it is."""

from django.utils.translation import gettext_lazy as _

from ..models import Export, ExportState

S = ExportState
_WORDS = {
    S.PENDING: _("还没有批准，没有开始生成。批了会发消息告诉申请人。"),
    S.APPROVED: _("已经排上队，马上开始生成。"),
    S.READY: _("已经生成完毕，申请人可以下载。"),
    S.REFUSED: _("没有批准，不会生成。"),
    S.WITHDRAWN: _("已经撤回或者收回，文件作废。"),
    S.EXPIRED: _("已经过期，文件作废。"),
    S.FAILED: _("没有生成出来，请重新申请。"),
}


def words(export: Export) -> str:
    """The sentence for its state; empty while it is being built, when the progress says it."""
    return str(_WORDS.get(ExportState(export.state), ""))
