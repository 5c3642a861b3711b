"""How far a wish is, in the words of whom they are for: residents and the public read plain ones, those who work on
wishes the words of their work. The one place where a state is put into words for a page."""

from django.utils.translation import gettext_lazy as _l

from .models import Wish, WishState

S = WishState
AT_WORK = ("volunteer", "staff")
WAITS_FOR_HELP = _l("等人来帮")

_STATES = {
    S.PENDING_REVIEW: _l("社区正在看"),
    S.PENDING_DISPATCH: _l("社区正在找志愿者"),
    S.PENDING_CLAIM: WAITS_FOR_HELP,
    S.IN_SERVICE: _l("有志愿者来帮了"),
    S.PENDING_RATING: _l("办好了，等评价"),
    S.CLOSED: _l("已办结"),
    S.DECLINED: _l("这次没能办"),
    S.WITHDRAWN: _l("已撤回"),
}
# One word for each part of the wall: on the wall and its filter, on the home page, in the search and in the pictures.
IN_HAND, DONE = _l("正在办"), _l("已办结")
_PUBLIC = {
    S.PENDING_DISPATCH: (WAITS_FOR_HELP, "amber"),
    S.PENDING_CLAIM: (WAITS_FOR_HELP, "amber"),
    S.IN_SERVICE: (IN_HAND, "red"),
    S.PENDING_RATING: (IN_HAND, "red"),
    S.CLOSED: (DONE, "green"),
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
_MOVES = {
    "begin": _l("提出来了"),
    "approve": _l("社区答应帮忙"),
    "decline": _l("社区这次没能办"),
    "dispatch": _l("社区在找志愿者"),
    "recall": _l("社区另找志愿者"),
    "refuse": _l("另找一位志愿者"),
    "claim": _l("有志愿者来帮了"),
    "return": _l("志愿者来不了，社区另找"),
    "complete": _l("志愿者说办好了"),
    "rate": _l("评过了，办结"),
    "auto_close": _l("到期没有评价，自动办结"),
    "withdraw": _l("撤回了"),
}
_AHEAD = {
    S.PENDING_REVIEW: _l("社区回话"),
    S.PENDING_DISPATCH: _l("社区找志愿者"),
    S.PENDING_CLAIM: _l("有志愿者来帮"),
    S.IN_SERVICE: _l("志愿者办好"),
    S.PENDING_RATING: _l("评价"),
    S.CLOSED: _l("办结"),
}
_AHEAD_AT_WORK = {
    S.PENDING_REVIEW: _l("社区受理"),
    S.PENDING_DISPATCH: _l("派单"),
    S.PENDING_CLAIM: _l("志愿者接单"),
    S.IN_SERVICE: _l("完成服务"),
    S.PENDING_RATING: _l("评价"),
    S.CLOSED: _l("办结"),
}


def state_words(wish: Wish, audience: str) -> str:
    """The present state for ``audience``: requester, public, volunteer or staff."""
    state = WishState(wish.state)
    if audience == "public" and state in _PUBLIC:
        return str(_PUBLIC[state][0])
    return wish.get_state_display() if audience in AT_WORK else str(_STATES[state])


def state_tone(wish: Wish, audience: str) -> str:
    """The tone of its badge for ``audience``: what is one word has one tone."""
    state = WishState(wish.state)
    return _PUBLIC[state][1] if audience == "public" and state in _PUBLIC else TONES[state]


def move_words(name: str, audience: str) -> str:
    """What happened by the move ``name`` (begin, approve …), for ``audience``."""
    if audience in AT_WORK:
        return str(Wish.MOVES[name].label) if name in Wish.MOVES.moves else str(_l("已下单"))
    return str(_MOVES[name])


def ahead_of(state: WishState, audience: str) -> list[str]:
    """What is still to come from ``state`` on, one after the other; ``state`` is not an end."""
    words = _AHEAD_AT_WORK if audience in AT_WORK else _AHEAD
    states = list(words)
    return [str(words[one]) for one in states[states.index(state) :]]
