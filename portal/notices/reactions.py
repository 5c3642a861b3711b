"""What people are told when somebody decides on their ties to a home."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.core.models import Transition
from portal.core.moves import on_move
from portal.people.models import Ownership, Residency

from .telling import declare_kind, tell

PEOPLE = declare_kind("people", gettext_lazy("住址与房屋"))


@on_move("people.residency", "confirm", "refuse", "end")
def tell_of_residency(residency: Residency, move: Transition) -> None:
    """In plain words, with the reason where there is one."""
    home = {"home": residency.household}
    titles = {
        "confirm": _("社区已确认：您住在%(home)s") % home,
        "refuse": _("您登记的住址没有通过：%(home)s") % home,
        "end": _("您在%(home)s的居住登记已经结束") % home,
    }
    _tell(residency, move, titles[move.name])


@on_move("people.ownership", "confirm", "refuse", "end")
def tell_of_ownership(ownership: Ownership, move: Transition) -> None:
    """In plain words, with the reason where there is one."""
    home = {"home": ownership.household}
    titles = {
        "confirm": _("社区已确认：%(home)s是您的房屋") % home,
        "refuse": _("您登记的房屋没有通过：%(home)s") % home,
        "end": _("您对%(home)s的业主登记已经结束") % home,
    }
    _tell(ownership, move, titles[move.name])


def _tell(tie: Residency | Ownership, move: Transition, title: str) -> None:
    """The reason is words that staff wrote for this person; without one the next step is said."""
    remark = getattr(move, "remark", None)
    if remark is not None:
        body = _("原因：%(reason)s") % {"reason": remark.text}
    elif move.name == "confirm":
        body = _("以后办事不用再证明一次。要是写错了，请打电话给社区。")
    else:
        body = _("要是觉得不对，请带上证件到社区服务窗口，或者打电话给社区。")
    tell(person=tie.person, kind=PEOPLE, title=title, body=body, url="/me/homes/", at=move.at)
