"""The volunteers' tile, section of “我的”."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from portal.core.registries import Row, Section, Tile, sections, tiles
from portal.people.situations import LEND_A_HAND

from .access import serving, volunteer_of
from .plain_states import TONES, state_words

tiles.add(
    Tile(
        id="volunteers",
        label=_("当志愿者"),
        sub=_("搭把手"),
        icon="hand-heart",
        tone="green",
        url_name="volunteers:me",
        situation=LEND_A_HAND,
        order=60,
        words=_("志愿者 报名 义工 服务 时长 积分 出力 帮忙 接单"),
    )
)
tiles.add(
    Tile(
        id="volunteers.tasks",
        label=_("我的任务"),
        sub=_("接了的单、能接的单"),
        icon="clipboard-list",
        tone="green",
        url_name="volunteers:tasks",
        situation=LEND_A_HAND,
        home=False,
        order=65,
        words=_("接单 派单 大厅 任务 单子"),
        for_whom=lambda user: serving(user) is not None,
    )
)


def _rows(user: Any) -> list[Row]:
    volunteer = volunteer_of(user)
    if volunteer is None:
        return [
            Row(title=str(_("报名当志愿者")), sub=str(_("会什么、什么时候有空，填一下就行")), url="/volunteers/apply/")
        ]
    record = Row(
        title=str(_("我的志愿服务")),
        sub=volunteer.community.name,
        badge_text=state_words(volunteer),
        badge_tone=TONES[volunteer.State(volunteer.state)],
        url="/volunteers/",
    )
    if volunteer.state != volunteer.State.ACTIVE:
        return [record]
    return [Row(title=str(_("我的任务")), sub=str(_("接了的单、能接的单")), url="/volunteers/tasks/"), record]


sections.add(Section(id="volunteers", title=_("志愿服务"), icon="hand-heart", rows=_rows, order=40))
