"""A request about one's own data as its person reads it: what happened, with the answer's reason, and what comes."""

from django.utils.translation import gettext as _

from portal.core.progress import Step
from portal.core.promises import promised
from portal.people.models import DataRequest

State = DataRequest.State
BADGES = {State.ASKED: "amber", State.DONE: "green", State.REFUSED: "plain", State.WITHDRAWN: "plain"}


def steps_of(request: DataRequest) -> list[Step]:
    """The past, then what is still to come; one query."""
    parts = {"requester": _("您"), "guardian": _("监护人"), "staff": _("社区工作人员")}
    steps = []
    for move in request.transitions():
        edge = DataRequest.MOVES.moves.get(move.name)
        remark = getattr(move, "remark", None)
        steps.append(
            Step(
                label=str(edge.label) if edge is not None else _("提出请求"),
                status="done",
                at=move.at,
                who=parts.get(move.actor_part, ""),
                note=remark.text if remark is not None else "",
            )
        )
    if request.state == State.ASKED:
        due = promised(
            request.due_on,
            ahead=_("最晚%(day)s答复"),
            past=_("社区本应在%(day)s前答复，已超期%(days)d天，正在催办"),
        )
        steps.append(Step(_("社区核对"), "current", due_text=due))
        steps.append(Step(_("答复您"), "todo"))
    return steps
