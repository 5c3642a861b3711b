"""The timeline of a wish: what was done by whom, what is going on, what comes, by when."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from portal.core.models import Transition
from portal.core.templating import day_cn
from portal.people.models import User

from .models import Wish, WishState

S = WishState
_DUE = {
    S.PENDING_REVIEW: _l("社区会在%(day)s前审核"),
    S.PENDING_DISPATCH: _l("社区会在%(day)s前派单"),
    S.PENDING_CLAIM: _l("等志愿者接单，到%(day)s没人接会另派"),
    S.IN_SERVICE: _l("志愿者会在%(day)s前完成"),
    S.PENDING_RATING: _l("到%(day)s没评价会自动办结"),
}
# The same terms, said to the one whose turn it is.
YOURS = {
    ("volunteer", S.PENDING_CLAIM): _l("请于%(day)s前接单"),
    ("volunteer", S.IN_SERVICE): _l("请于%(day)s前完成"),
    ("requester", S.PENDING_RATING): _l("请于%(day)s前评价，过期自动办结"),
    ("staff", S.PENDING_REVIEW): _l("请于%(day)s前审核"),
    ("staff", S.PENDING_DISPATCH): _l("请于%(day)s前派单"),
}
_PATH = [
    (S.PENDING_REVIEW, _l("社区受理")),
    (S.PENDING_DISPATCH, _l("派单")),
    (S.PENDING_CLAIM, _l("志愿者接单")),
    (S.IN_SERVICE, _l("完成服务")),
    (S.PENDING_RATING, _l("评价")),
    (S.CLOSED, _l("办结")),
]
_PARTS = {
    "requester": _l("居民本人"),
    "guardian": _l("监护人"),
    "relative": _l("代办人"),
    "staff": _l("社区工作者"),
    "volunteer": _l("志愿者"),
    "system": _l("系统"),
}
TONES = {
    S.PENDING_REVIEW: "amber",
    S.PENDING_DISPATCH: "amber",
    S.PENDING_CLAIM: "blue",
    S.IN_SERVICE: "red",
    S.PENDING_RATING: "amber",
    S.CLOSED: "green",
    S.DECLINED: "plain",
    S.WITHDRAWN: "plain",
}
# Reasons that the requester reads; what staff and volunteers write to each other stays between them.
_SHOWN_REASONS = {"decline"}


@dataclass(frozen=True)
class Step:
    label: str
    at: Any
    who: str
    note: str
    status: str
    due_text: str


def _label(transition: Transition) -> str:
    return str(Wish.MOVES[transition.name].label) if transition.name in Wish.MOVES.moves else _("已下单")


def _who(transition: Transition, wish: Wish, audience: str, names: dict[int | None, str]) -> str:
    if audience == "requester" and transition.actor_part in ("requester", "guardian", "relative"):
        return _("您") if wish.typist_id is None or transition.source else _("您（由社区录入）")
    if transition.actor_part == "volunteer" and audience != "public":
        return _("志愿者 %(name)s") % {"name": names.get(transition.actor_id, "")}
    return str(_PARTS.get(transition.actor_part, ""))


def _names(transitions: list[Transition], audience: str) -> dict[int | None, str]:
    """Account id → masked name of the volunteers who acted: each move names who made it, not who serves now."""
    if audience == "public":
        return {}
    ids = {row.actor_id for row in transitions if row.actor_part == "volunteer" and row.actor_id is not None}
    accounts = User.objects.filter(pk__in=ids, person__isnull=False).select_related("person") if ids else ()
    return {account.pk: account.person.name_masked for account in accounts if account.person}


def _note(transition: Transition, audience: str) -> str:
    remark = getattr(transition, "remark", None)
    if remark is None or audience == "public":
        return ""
    shown = audience == "staff" or (audience == "requester" and transition.name in _SHOWN_REASONS)
    return remark.text if shown else ""


def due_text(wish: Wish, audience: str) -> str:
    """What happens by when in the present state, as ``audience`` needs to hear it; empty at the end."""
    state = WishState(wish.state)
    pattern = YOURS.get((audience, state)) or _DUE.get(state)
    return str(pattern) % {"day": day_cn(wish.due_on)} if pattern and wish.due_on else ""


def timeline(wish: Wish, audience: str) -> list[Step]:
    """Steps for ``audience`` (requester, volunteer, staff, public), the past first, then what is still to come."""
    transitions = list(wish.transitions())
    names = _names(transitions, audience)
    ended = not wish.MOVES.from_state(wish.state)
    steps = [
        Step(
            label=_label(transition),
            at=transition.at,
            who=_who(transition, wish, audience, names),
            note=_note(transition, audience),
            status="done" if ended or transition is not transitions[-1] else "current",
            due_text=due_text(wish, audience) if transition is transitions[-1] else "",
        )
        for transition in transitions
    ]
    if not ended:
        states = [state for state, _label_ in _PATH]
        ahead = _PATH[states.index(S(wish.state)) :]
        steps += [
            Step(label=str(label), at=None, who="", note="", status="todo", due_text="") for _state, label in ahead
        ]
    return steps
