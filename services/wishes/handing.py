"""Wishes that somebody at the desk has in hand: which are open, who may, what waits for whom, what is handed over."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from portal.backoffice import in_hand
from portal.core.registries import holdings, todos
from portal.people import handling

from .access import may_handle
from .models import Wish


def _still_open(rows: Any) -> Any:
    return rows.open()


DESK_OF_WISHES = handling.declare(Wish, still_open=_still_open, may_handle=may_handle)
holdings.add(handling.holding(DESK_OF_WISHES, id="wishes", label=_("微心愿"), order=10))
todos.add(in_hand.todo(DESK_OF_WISHES, id="wishes.mine", label=_("我经办的心愿"), related=("kind",)))
