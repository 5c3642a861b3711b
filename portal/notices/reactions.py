"""What people are told when somebody decides on their ties to a home, or on an office of theirs."""

import datetime as dt

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.core.models import Transition
from portal.core.moves import on_move
from portal.people.models import Ownership, Residency, Role
from portal.people.offices import on_office

from .telling import declare_kind, tell

PEOPLE = declare_kind("people", gettext_lazy("住址与房屋"))
OFFICE = declare_kind("offices", gettext_lazy("工作角色"))


@on_move("people.residency", "confirm", "refuse", "end")
def tell_of_residency(residency: Residency, move: Transition) -> None:
    """In plain words, with the reason where there is one."""
    titles = {
        "confirm": _("您登记的住址，社区已确认"),
        "refuse": _("您登记的住址没有通过"),
        "end": _("您的一处居住登记已经结束"),
    }
    _tell(residency, move, titles[move.name])


@on_move("people.ownership", "confirm", "refuse", "end")
def tell_of_ownership(ownership: Ownership, move: Transition) -> None:
    """In plain words, with the reason where there is one."""
    titles = {
        "confirm": _("您登记的房屋，社区已确认"),
        "refuse": _("您登记的房屋没有通过"),
        "end": _("您的一处业主登记已经结束"),
    }
    _tell(ownership, move, titles[move.name])


@on_office
def tell_of_office(role: Role, given: bool, at: dt.datetime) -> None:
    """Whoever holds an office hears of it, and of its end; an account without a person is nobody's."""
    if role.user.person is None:
        return
    office = _("%(area)s %(kind)s") % {"area": role.area, "kind": role.get_kind_display()}
    title = _("社区给了您一个工作角色") if given else _("您的一个工作角色结束了")
    then = _("请从“我的”进入工作台。") if given else _("工作台上这个角色的内容，您看不到了。")
    tell(person=role.user.person, kind=OFFICE, title=title, body=f"{office}。{then}", url="/me/", at=at)


def _tell(tie: Residency | Ownership, move: Transition, title: str) -> None:
    """Which home it is stands in the body, behind the sign-in: the title may go out as a text message.

    The reason is words that staff wrote for this person; without one the next step is said.
    """
    remark = getattr(move, "remark", None)
    if remark is not None:
        then = _("原因：%(reason)s") % {"reason": remark.text}
    elif move.name == "confirm":
        then = _("以后办事不用再证明一次。要是写错了，请打电话给社区。")
    else:
        then = _("要是觉得不对，请带上证件到社区服务窗口，或者打电话给社区。")
    body = _("%(home)s。%(then)s") % {"home": tie.household, "then": then}
    tell(person=tie.person, kind=PEOPLE, title=title, body=body, url="/me/homes/", at=move.at)
