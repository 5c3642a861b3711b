"""What the page of a request says once it is answered."""

import datetime as dt

import pytest
from django.utils.html import strip_tags

from portal.core import clock
from portal.core.templating import date_cn
from portal.people import correcting
from tests import worlds

pytestmark = pytest.mark.django_db


def test_what_was_put_right_is_shown_with_its_day_and_nothing_is_said_to_differ_from_itself():
    home = worlds.community()
    user, worker = worlds.account(home, name="李学"), worlds.worker(home)
    asked = clock.now() - dt.timedelta(days=3)
    request = correcting.ask(person=user.person, field="name", value="李雪", words="", actor=user, at=asked)
    client = worlds.client_for(user)
    page = client.get(f"/me/data/correct/{request.code}/").content.decode()
    assert "要改成" in page and "改成了" not in page
    desk = worlds.client_for(worker)
    address = f"/admin/people/datarequest/{request.pk}/change/"
    assert "现在登记的" in desk.get(address).content.decode()
    correcting.apply(request=request, actor=worker, at=clock.now())
    page = client.get(f"/me/data/correct/{request.code}/").content.decode()
    assert "改成了" in page and "要改成" not in page
    assert f"李雪（{date_cn(clock.today())}起）" in strip_tags(page)
    assert "现在登记的" not in desk.get(address).content.decode(), "it is the new one by now"
