"""我的数据 without a mouse: what is stored is seen, taken along as a file, and put right where it is wrong."""

import pytest
from playwright.sync_api import expect

from portal.core.models import AuditEntry
from portal.people.models import DataRequest
from tests import worlds

from .keys import windows

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("window", windows("narrow phone"))
def test_seen_taken_along_and_corrected(walk, window: str) -> None:
    user = worlds.account(worlds.community(), name="林小河")
    walk = walk(window, user)
    page = walk.page

    walk.at("/me/")
    walk.press("存了我的哪些信息", tag="a")
    walk.heading("存了我的哪些信息")
    expect(page.get_by_text("林小河").first).to_be_visible()

    walk.press("拿走一份", tag="a")
    walk.type("密码", worlds.PASSWORD)
    walk.press("继续", tag="button")
    assert walk.fetch("下载").suggested_filename.endswith(".zip")
    assert AuditEntry.objects.filter(verb="data.exported", actor_id=user.pk).count() == 1

    walk.at("/me/data/")
    walk.press("更正", tag="a")
    walk.press("姓名", tag="a")
    walk.type("姓名改成", "林小荷")
    walk.press("提交", tag="button")
    request = DataRequest.objects.get()
    assert (request.field, request.value, request.state) == ("name", "林小荷", DataRequest.State.ASKED)
    expect(page.get_by_role("heading", level=1)).to_contain_text("姓名")
