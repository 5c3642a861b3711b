"""The timeline of a wish: what was done by whom, what is going on, what comes, by when."""

from typing import Any

from django.utils.translation import gettext_lazy as _l

from portal.core.models import Transition
from portal.core.progress import Step
from portal.core.promises import promised

from .models import Wish, WishState
from .plain_states import AT_WORK, ahead_of, move_words
from .speaking import Voices

S = WishState
# What happens by when, as those hear it who work on wishes, and as everybody else does.
_DUE_AT_WORK = {
    S.PENDING_REVIEW: _l("社区会在%(day)s前审核"),
    S.PENDING_DISPATCH: _l("社区会在%(day)s前派单"),
    S.PENDING_CLAIM: _l("等志愿者接单，到%(day)s没人接会另派"),
    S.IN_SERVICE: _l("志愿者会在%(day)s前完成"),
    S.PENDING_RATING: _l("到%(day)s没评价会自动办结"),
}
_DUE = {
    S.PENDING_REVIEW: _l("社区会在%(day)s前给您回话"),
    S.PENDING_DISPATCH: _l("社区会在%(day)s前去找志愿者"),
    S.PENDING_CLAIM: _l("等志愿者来帮，到%(day)s还没有人，社区再想办法"),
    S.IN_SERVICE: _l("志愿者会在%(day)s前办好"),
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
# Once the day has passed: nobody is promised a day that is over.
_PAST_AT_WORK = {
    S.PENDING_REVIEW: _l("社区本应在%(day)s前审核，已超期%(days)d天，正在催办"),
    S.PENDING_DISPATCH: _l("社区本应在%(day)s前派单，已超期%(days)d天，正在催办"),
    S.PENDING_CLAIM: _l("到%(day)s没有人接单，已过%(days)d天，社区正在另派"),
    S.IN_SERVICE: _l("志愿者本应在%(day)s前完成，已超期%(days)d天，正在催办"),
    S.PENDING_RATING: _l("评价的日子到%(day)s为止，马上自动办结"),
}
_PAST = {
    S.PENDING_REVIEW: _l("社区本应在%(day)s前给您回话，已超期%(days)d天，正在催办"),
    S.PENDING_DISPATCH: _l("社区本应在%(day)s前找好志愿者，已超期%(days)d天，正在催办"),
    S.PENDING_CLAIM: _l("到%(day)s还没有人来帮，社区正在另想办法"),
    S.IN_SERVICE: _l("志愿者本应在%(day)s前办好，已超期%(days)d天，社区正在催办"),
    S.PENDING_RATING: _l("评价的日子到%(day)s为止，马上自动办结"),
}
_YOURS_PAST = {
    ("volunteer", S.PENDING_CLAIM): _l("本应在%(day)s前接单，已超期%(days)d天，能接请马上接"),
    ("volunteer", S.IN_SERVICE): _l("本应在%(day)s前完成，已超期%(days)d天，办不了请退单"),
    ("requester", S.PENDING_RATING): _l("评价的日子到%(day)s为止，马上自动办结，现在还能评"),
    ("staff", S.PENDING_REVIEW): _l("本应在%(day)s前审核，已超期%(days)d天"),
    ("staff", S.PENDING_DISPATCH): _l("本应在%(day)s前派单，已超期%(days)d天"),
}
# Reasons that the requester reads; what staff and volunteers write to each other stays between them.
_SHOWN_REASONS = {"decline"}
# Ends by which nothing was done: their mark is no sign of success.
_STOPPED = {"decline", "withdraw"}


def _note(transition: Transition, audience: str) -> str:
    remark = getattr(transition, "remark", None)
    if remark is None or audience == "public":
        return ""
    shown = audience == "staff" or (audience == "requester" and transition.name in _SHOWN_REASONS)
    return remark.text if shown else ""


def due_text(wish: Wish, audience: str) -> str:
    """What happens by when in the present state, as ``audience`` needs to hear it; empty at the end."""
    state = WishState(wish.state)
    at_work = audience in AT_WORK
    ahead = YOURS.get((audience, state)) or (_DUE_AT_WORK if at_work else _DUE).get(state) or ""
    past = _YOURS_PAST.get((audience, state)) or (_PAST_AT_WORK if at_work else _PAST).get(state) or ""
    return promised(wish.due_on, ahead=ahead, past=past)


def _status(transition: Transition, *, last: bool, ended: bool) -> str:
    if last and not ended:
        return "current"
    return "stopped" if transition.name in _STOPPED else "done"


def timeline(wish: Wish, audience: str, viewer: Any) -> list[Step]:
    """Steps for ``viewer`` as one of ``audience`` (requester, volunteer, staff, public), the past first, then what is
    still to come."""
    transitions = list(wish.transitions())
    voices = Voices(wish, audience, viewer, transitions)
    ended = not wish.MOVES.from_state(wish.state)
    steps = [
        Step(
            label=move_words(transition.name, audience),
            at=transition.at,
            who=voices.of(transition),
            note=_note(transition, audience),
            status=_status(transition, last=transition is transitions[-1], ended=ended),
            due_text=due_text(wish, audience) if transition is transitions[-1] else "",
        )
        for transition in transitions
    ]
    if not ended:
        steps += [Step(label, "todo") for label in ahead_of(S(wish.state), audience)]
    return steps
