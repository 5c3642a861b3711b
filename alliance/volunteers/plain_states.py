"""How far one is as a volunteer, in words for oneself: who takes an application back has left nothing, since they had
not begun, and what stands where no hours are depends on what may still come."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from .models import Volunteer

S = Volunteer.State
TONES = {
    S.APPLIED: "amber",
    S.ACTIVE: "green",
    S.SUSPENDED: "plain",
    S.REFUSED: "plain",
    S.LEFT: "plain",
}
# Why no hours stand there, and what brings some.
_NO_HOURS = {
    S.APPLIED: (_l("还没有服务记录"), _l("社区同意以后就能接单，办完一张，时长就记在这里。")),
    S.ACTIVE: (_l("还没有服务记录"), _l("办完第一张单子，时长就记在这里。")),
    S.SUSPENDED: (_l("还没有服务记录"), _l("暂停期间不接单，恢复以后再记。")),
    S.REFUSED: (_l("没有服务记录"), _l("这次没有通过，想再试试，可以再次报名。")),
    S.LEFT: (_l("没有服务记录"), _l("想来帮忙，随时可以再次报名。")),
}


def took_back(volunteer: Volunteer) -> bool:
    """Whether the volunteer, who has left, took an application back instead of stopping to serve."""
    if volunteer.state != S.LEFT:
        return False
    last = volunteer.transitions().order_by("-id").first()
    return last is not None and last.source == S.APPLIED


def state_words(volunteer: Volunteer) -> str:
    """The present state, for oneself."""
    return _("报名已撤回") if took_back(volunteer) else volunteer.get_state_display()


def no_hours(volunteer: Volunteer) -> tuple[str, str]:
    """What stands where there are no hours, and what brings some."""
    title, text = _NO_HOURS[S(volunteer.state)]
    return str(title), str(text)


def leaving(volunteer: Volunteer, *, has_hours: bool) -> dict[str, str]:
    """The words of the page on which one stops, and of the message after it (``done``)."""
    if volunteer.state == S.APPLIED:
        return {
            "title": _("撤回报名？"),
            "lead": _("撤回以后社区就不再审核了，以后想来，随时可以再报。"),
            "submit_label": _("撤回报名"),
            "done": _("报名已经撤回。"),
        }
    kept = _("时长都留着，") if has_hours else ""
    return {
        "title": _("退出志愿服务？"),
        "lead": _("退出以后不再接单，%(kept)s以后还可以再来。") % {"kept": kept},
        "submit_label": _("退出"),
        "done": _("您已经退出志愿服务，%(kept)s谢谢您帮过大家。") % {"kept": kept}
        if has_hours
        else _("您已经退出志愿服务。"),
    }
