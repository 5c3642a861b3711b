"""Requests about one's own data that somebody at the desk has in hand."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from portal.core.registries import holdings, todos
from portal.people import correcting, handling
from portal.people.access import is_own
from portal.people.models import DataRequest

from . import in_hand


def _still_open(rows: Any) -> Any:
    return rows.open()


def may_answer(user: Any, request: DataRequest) -> bool:
    """Who answers requests of its place, but never one's own, one that one made for somebody, or one that one typed."""
    if request.typist_id is not None and request.typist_id == user.pk:
        return False
    return correcting.decides(user, request) and not is_own(user, request.subject_id, request.asker_id)


DESK_OF_REQUESTS = handling.declare(DataRequest, still_open=_still_open, may_handle=may_answer)
holdings.add(handling.holding(DESK_OF_REQUESTS, id="people.datarequests", label=_("个人信息请求"), order=20))
todos.add(in_hand.todo(DESK_OF_REQUESTS, id="people.datarequests.mine", label=_("我经办的个人信息请求"), order=9))
