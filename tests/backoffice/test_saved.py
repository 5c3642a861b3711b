"""Filters kept under a name: one's own alone, what was searched for sealed and in no address."""

import pytest
from django.db import connection
from django.urls import reverse

from portal.core import clock, saved
from portal.core.models import SavedFilter

LIST = "/admin/people/person/"
KEEP = "/admin/saved/"


def keep(client, *, query: str = "sex__exact=female", name: str = "女居民", listing: str = "people.person"):
    return client.post(KEEP, {"list": listing, "query": query, "name": name})


def shown(client, address: str = LIST) -> list[str]:
    return [chip["name"] for chip in client.get(address).context["saved"]]


def test_kept_opened_and_dropped(here) -> None:
    desk = here.desk
    assert keep(desk)["Location"] == f"{LIST}?sex__exact=female"
    assert shown(desk) == ["女居民"]
    one = SavedFilter.objects.get()
    opened = desk.get(reverse("admin:saved_open", args=[one.pk]))
    assert opened["Location"] == f"{LIST}?sex__exact=female"
    chip = desk.get(opened["Location"]).context["saved"][0]
    assert chip["selected"]
    for _ in range(2):  # safe to repeat
        assert desk.post(reverse("admin:saved_drop", args=[one.pk])).status_code == 302
    assert shown(desk) == []


def test_a_search_is_kept_sealed_and_stands_in_no_address(here) -> None:
    desk = here.desk
    found = desk.post(LIST, {"text": "林小荷"})["Location"]
    keep(desk, query=found.partition("?")[2], name="找林")
    opened = desk.get(reverse("admin:saved_open", args=[SavedFilter.objects.get().pk]))["Location"]
    assert "found=" in opened
    assert "林" not in opened
    assert desk.get(opened).context["cl"].query == "林小荷"
    with connection.cursor() as cursor:
        cursor.execute("SELECT query FROM core_savedfilter")
        assert "林小荷" not in str(cursor.fetchall())


def test_nobody_elses(here) -> None:
    keep(here.desk)
    one = SavedFilter.objects.get()
    assert shown(here.office) == []
    assert here.office.get(reverse("admin:saved_open", args=[one.pk])).status_code == 404
    here.office.post(reverse("admin:saved_drop", args=[one.pk]))
    assert SavedFilter.objects.filter(pk=one.pk).exists()


def test_a_list_that_one_may_not_open_keeps_nothing(here) -> None:
    assert keep(here.desk, listing="core.auditentry").status_code == 403
    assert keep(here.desk, listing="nothing.here").status_code == 404
    assert not SavedFilter.objects.exists()


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"name": " "}, "起个名字"),
        ({"name": "长" * 21}, "最多 20 个字"),
        ({"query": "p=2"}, "没有筛选条件"),
    ],
)
def test_refused_in_plain_words(here, fields: dict[str, str], words: str) -> None:
    client = here.desk
    response = client.get(keep(client, **fields)["Location"])
    assert words in response.content.decode()
    assert not SavedFilter.objects.exists()


def test_one_name_is_one_filter_and_a_dozen_is_the_most(db) -> None:
    given = {"owner_id": 1, "listing": "a.b", "searched": "", "at": clock.now()}
    for _ in range(2):
        saved.keep(name="甲", pairs=[("x", "1")], **given)
    assert len(saved.of(owner_id=1, listing="a.b")) == 1
    for number in range(saved.MOST - 1):
        saved.keep(name=f"乙{number}", pairs=[("x", "1")], **given)
    with pytest.raises(saved.ValidationError):
        saved.keep(name="多", pairs=[("x", "1")], **given)
    assert saved.forget_all(owner_id=1) == saved.MOST
