"""What may stand on the wall, and putting it right."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from portal.core import clock
from portal.core.models import AuditEntry
from portal.core.moves import MoveRefused
from services.wishes import closing, ordering, publishing
from services.wishes.models import Wish
from tests import worlds

from . import scenes


@pytest.mark.parametrize(
    "words",
    [
        "收音机15400005000",
        "收音机１５４０００05000",
        "收音机 154 0000 5000",
        "收音机154-0000-5000",
        "打0731-12345678",
        "收音机 3栋2单元102",
        "帮二单元102室",
        "送到15-2-301",
        "证件11010519491231002X",
    ],
)
def test_numbers_and_doors_are_refused(words):
    assert publishing.problem(words)


@pytest.mark.parametrize("words", ["换一盏楼道感应灯", "一双42码的鞋", "3栋楼道的灯", "辅导三年级数学", "2026年的挂历"])
def test_words_about_the_thing_pass(words):
    assert not publishing.problem(words)


@pytest.mark.django_db
def test_full_names_are_refused_and_forms_of_address_pass():
    here = scenes.scene()
    subject = worlds.person(here.community, name="何霜降")
    wish = scenes.ordered(here, subject=subject)
    values = {"actor": here.worker, "at": clock.now()}
    for title, alias, field in (
        ("何霜降要收音机", "何奶奶", "title"),
        ("收音机", "何霜降", "alias"),
        ("收音机", here.asker.person.name, "alias"),
        (" ", "何奶奶", "title"),
    ):
        with pytest.raises(ValidationError) as refused:
            ordering.approve(wish=wish, title=title, alias=alias, **values)
        assert field in refused.value.message_dict
    ordering.approve(wish=wish, title="一台收音机", alias="何奶奶", **values)


@pytest.mark.django_db
def test_the_public_words_can_be_put_right_at_once():
    here = scenes.scene()
    wish = scenes.approved(here, title="修灯")
    client = worlds.client_for(here.worker)
    url = reverse("admin:wishes_wish_act", args=[wish.pk, "retitle"])
    assert "修灯" in client.get(url).content.decode()
    bad = client.post(url, {"once": "k" * 24, "title": "修灯15400005000", "alias": "李邻居"})
    assert bad.status_code == 200 and "不能有电话" in bad.content.decode()
    assert client.post(url, {"once": "k" * 24, "title": "换灯泡", "alias": "李邻居"}).status_code == 302
    wall = worlds.client_for(None).get(reverse("wishes:wall")).content.decode()
    assert "换灯泡" in wall and "修灯" not in wall
    assert AuditEntry.objects.get(verb="wish.retitled").details == {"fields": ["title", "alias"]}
    with pytest.raises(MoveRefused):
        ordering.retitle(wish=scenes.ordered(here), title="修门", alias="邻居", actor=here.worker, at=clock.now())


@pytest.mark.django_db
def test_a_low_rating_opens_a_return_visit():
    here = scenes.scene()
    low, fine = scenes.closed(here, stars=2), scenes.closed(here, stars=3)
    assert list(Wish.objects.to_visit()) == [low]
    asker = worlds.client_for(here.asker)
    said = asker.get(reverse("wishes:done", args=[low.code, "rated"])).content.decode()
    assert "社区会打您的电话" in said
    assert "社区会打" not in asker.get(reverse("wishes:done", args=[fine.code, "rated"])).content.decode()
    client = worlds.client_for(here.worker)
    url = reverse("admin:wishes_wish_act", args=[low.pk, "visit"])
    assert client.post(url, {"once": "v" * 24, "reason": "打过电话，下次先约时间。"}).status_code == 302
    assert not Wish.objects.to_visit().exists()
    with pytest.raises(MoveRefused):
        closing.record_visit(wish=low, note="再来", actor=here.worker, at=clock.now())


@pytest.mark.django_db
@pytest.mark.parametrize("title", ["😀", "x" * 40, "。。。", "灯", "灯灯灯", "OK good"])
def test_a_title_that_says_nothing_is_no_title(title):
    here = scenes.scene()
    wish = scenes.ordered(here)
    with pytest.raises(ValidationError, match="至少要有两个汉字") as refused:
        ordering.approve(wish=wish, title=title, alias="何奶奶", actor=here.worker, at=clock.now())
    assert refused.value.message_dict.keys() == {"title"}
    ordering.approve(wish=wish, title="修灯", alias="何奶奶", actor=here.worker, at=clock.now())
