"""What the desk's buttons on a wish do: each carries one act out and says what comes next."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _t

from portal.backoffice.acts import Shown
from portal.backoffice.pieces import who
from portal.core import clock

from . import closing, ordering, serving
from .models import Wish
from .timeline import due_text


def _next(wish: Wish, done: str) -> str:
    """“…”已受理。请于11月26日前派单。"""
    return f"“{wish}”{done}{due_text(wish, 'staff')}。"


def approve(request: HttpRequest, wish: Wish, cleaned: dict[str, Any]) -> str:
    """受理: onto the wall, and on to dispatch."""
    ordering.approve(
        wish=wish,
        title=cleaned["title"],
        alias=cleaned["alias"],
        kind=cleaned["kind"],
        price_fen=cleaned["price"],
        actor=who(request),
        at=clock.now(),
    )
    return _next(wish, _t("已受理。"))


def decline(request: HttpRequest, wish: Wish, cleaned: dict[str, Any]) -> None:
    """不予受理, with the reason for the requester."""
    ordering.decline(wish=wish, reason=cleaned["reason"], actor=who(request), at=clock.now())


def dispatch(request: HttpRequest, wish: Wish, cleaned: dict[str, Any]) -> str:
    """派单 to a volunteer, a team or the pool."""
    serving.dispatch(wish=wish, actor=who(request), at=clock.now(), **cleaned)
    return _next(wish, _t("已派单。"))


def visit(request: HttpRequest, wish: Wish, cleaned: dict[str, Any]) -> None:
    """记录回访."""
    closing.record_visit(wish=wish, note=cleaned["reason"], actor=who(request), at=clock.now())


def retitle(request: HttpRequest, wish: Wish, cleaned: dict[str, Any]) -> None:
    """改公开标题."""
    ordering.retitle(wish=wish, actor=who(request), at=clock.now(), **cleaned)


def recall(request: HttpRequest, wish: Wish, cleaned: dict[str, Any]) -> str:
    """收回重派."""
    serving.recall(wish=wish, reason=cleaned["reason"], actor=who(request), at=clock.now())
    return _next(wish, _t("已收回。"))


def give_back(request: HttpRequest, wish: Wish, cleaned: dict[str, Any]) -> None:
    """退单 for a volunteer who came to the desk."""
    serving.give_back(
        wish=wish,
        reason=cleaned["reason"],
        actor=who(request),
        at=clock.now(),
        part="staff",
    )


def withdraw(request: HttpRequest, wish: Wish, cleaned: dict[str, Any]) -> None:
    """撤回 for a requester who came to the desk."""
    ordering.withdraw(
        wish=wish,
        actor=who(request),
        actor_part="staff",
        at=clock.now(),
        reason=cleaned["reason"],
    )


def reveal(request: HttpRequest, wish: Wish, cleaned: dict[str, Any]) -> Shown:
    """The contact, once, after the look is on record."""
    serving.reveal_contact(
        wish=wish,
        actor=who(request),
        part="staff",
        at=clock.now(),
        reason=cleaned["reason"],
    )
    lines = [
        (_t("联系人"), wish.contact_name),
        (_t("联系电话"), wish.contact_phone),
        (_t("上门地址"), wish.contact_address or "—"),
    ]
    return Shown(_t("联系方式"), lines, _t("已经记下您看过，居民在“谁看过我的电话”里看得到。"))


def complete(request: HttpRequest, wish: Wish, cleaned: dict[str, Any]) -> None:
    """办结服务 for a volunteer who came to the desk."""
    serving.complete(
        wish=wish,
        minutes=cleaned["minutes"],
        note=cleaned["note"],
        actor=who(request),
        at=clock.now(),
        part="staff",
    )


def rate(request: HttpRequest, wish: Wish, cleaned: dict[str, Any]) -> None:
    """评价 for a requester who came to the desk."""
    closing.rate(
        wish=wish,
        stars=cleaned["rating"],
        comment=cleaned["comment"],
        actor=who(request),
        actor_part="staff",
        at=clock.now(),
    )
