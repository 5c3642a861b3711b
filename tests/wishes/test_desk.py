"""The desk's side of the wishes: scope, entering for somebody, acts, and to-do counts that equal their lists."""

import datetime as dt
import io

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image

from portal.core import clock
from portal.core.models import StoredFile
from portal.core.moves import MoveRefused
from portal.core.numbers import spaced
from portal.core.registries import todos
from portal.people import handling
from portal.people.models import Channel, PersonArea, RoleKind
from services.wishes import ordering
from services.wishes.models import ContactReveal, Wish, WishState
from tests import worlds

from . import scenes

pytestmark = pytest.mark.django_db


def text(answer) -> str:
    return answer.content.decode()


def change(wish) -> str:
    return reverse("admin:wishes_wish_change", args=[wish.pk])


def act(client, wish, name, **body):
    return client.post(reverse("admin:wishes_wish_act", args=[wish.pk, name]), {"once": "d" * 24, **body})


def picture() -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "white").save(out, "JPEG")
    return SimpleUploadedFile("李奶奶的申请.jpg", out.getvalue(), content_type="image/jpeg")


def entry(here, subject, **fields):
    return {
        "community": here.community.pk,
        "subject": subject.pk,
        "asker": subject.pk,
        "channel": Channel.COUNTER,
        "kind": scenes.kind("errand").pk,
        "details": "想请人代取药",
        "when": "any",
        "contact_name": "何奶奶",
        "contact_phone": "154 0000 3001",
        "once": "e" * 24,
        **fields,
    }


def test_staff_of_elsewhere_find_nothing():
    here, away = scenes.scene(), scenes.scene("向阳社区")
    wish = scenes.ordered(here)
    client = worlds.client_for(away.worker)
    assert client.get(change(wish)).status_code == 404
    assert act(client, wish, "approve", title="修灯", alias="邻居", kind=wish.kind_id).status_code == 404
    assert spaced(wish.code) not in text(client.get(reverse("admin:wishes_wish_changelist")))
    assert text(worlds.client_for(here.worker).get(reverse("admin:wishes_wish_changelist"))).count(spaced(wish.code))


def test_a_grid_worker_sees_the_own_grid():
    here = scenes.scene()
    grid = worlds.grid(here.community)
    inside, outside = scenes.ordered(here, grid=grid), scenes.ordered(here)
    client = worlds.client_for(worlds.staff(RoleKind.GRID_WORKER, grid))
    assert client.get(change(inside)).status_code == 200
    assert client.get(change(outside)).status_code == 404


def test_a_grid_worker_enters_for_the_own_grid():
    here = scenes.scene()
    grid, other = worlds.grid(here.community), worlds.grid(here.community, "第二网格")
    home = worlds.household(worlds.building(here.community, grid=grid))
    elsewhere = worlds.household(worlds.building(here.community, grid=other))
    person = worlds.person(here.community)
    PersonArea.note(person_id=person.pk, community_id=here.community.pk, grid_id=grid.pk)
    client = worlds.client_for(worlds.staff(RoleKind.GRID_WORKER, grid))
    url = reverse("admin:wishes_wish_add")
    for household in ("", elsewhere.pk):
        answer = client.post(url, entry(here, person, household=household))
        assert answer.status_code == 200 and "想请人代取药" in text(answer)
    assert client.post(url, entry(here, person, household=home.pk)).status_code == 302
    assert Wish.objects.get().grid == grid


def test_supervisors_read_and_do_not_act():
    here = scenes.scene()
    wish = scenes.ordered(here)
    client = worlds.client_for(worlds.supervisor(here.community))
    assert client.get(change(wish)).status_code == 200
    assert act(client, wish, "approve", title="修灯", alias="邻居", kind=wish.kind_id).status_code == 403
    assert client.get(reverse("admin:wishes_wish_add")).status_code == 403


def test_review_and_dispatch():
    here = scenes.scene()
    wish = scenes.ordered(here)
    client = worlds.client_for(here.worker)
    assert act(client, wish, "approve", title=" ", alias="", kind=wish.kind_id).status_code == 200
    assert act(client, wish, "approve", title="换灯", alias="李邻居", kind=wish.kind_id).status_code == 302
    missing = act(client, wish, "dispatch", to="named", once="f" * 24)
    assert missing.status_code == 200 and "请选一位志愿者" in text(missing)
    bare = worlds.volunteer(here.community, cleared=False)
    forged = act(client, wish, "dispatch", to="named", volunteer=bare.pk, once="f" * 24)
    assert forged.status_code == 200
    assert act(client, wish, "dispatch", to="named", volunteer=here.volunteer.pk, once="g" * 24).status_code == 302
    wish.refresh_from_db()
    assert (wish.state, wish.dispatched_to) == (WishState.PENDING_CLAIM, here.volunteer)


def test_the_contact_is_masked_and_each_look_recorded():
    here = scenes.scene()
    wish = scenes.claimed(here)
    client = worlds.client_for(here.worker)
    page = text(client.get(change(wish)))
    assert wish.contact_phone not in page and "154****" in page
    assert act(client, wish, "contact").status_code == 200, "without a reason nothing is shown"
    assert not ContactReveal.objects.exists()
    shown = act(client, wish, "contact", reason="核实地址", once="h" * 24)
    assert wish.contact_phone in text(shown)
    assert ContactReveal.objects.get().part == "staff"


def test_entering_for_somebody_who_came_with_a_paper():
    here = scenes.scene()
    subject = worlds.person(here.community, name="何奶奶")
    client = worlds.client_for(here.worker)
    url = reverse("admin:wishes_wish_add")
    assert client.get(url).status_code == 200
    for _time in range(2):
        answer = client.post(url, {**entry(here, subject), "paper": picture()})
        assert answer.status_code == 302, text(answer)[:2000]
    wish = Wish.objects.get()
    assert (wish.typist, wish.channel, wish.subject, wish.asker) == (here.worker, "counter", subject, subject)
    assert wish.contact_phone == "15400003001" and wish.transitions().get().actor_part == "staff"
    stored = StoredFile.objects.get()
    assert wish.scan == stored and stored.content_type == "image/webp" and "李" not in stored.content.name
    file_url = reverse("core:file", args=[stored.pk])
    assert client.get(file_url).status_code == 200
    for stranger in (None, here.asker, here.helper, worlds.worker(worlds.community("向阳社区"))):
        assert worlds.client_for(stranger).get(file_url).status_code == 404


def test_a_bad_entry_keeps_what_was_typed_and_stores_nothing():
    here = scenes.scene()
    subject = worlds.person(here.community)
    client = worlds.client_for(here.worker)
    url = reverse("admin:wishes_wish_add")
    bad_phone = client.post(url, entry(here, subject, contact_phone="123"))
    assert "手机号是 11 位数字" in text(bad_phone) and "想请人代取药" in text(bad_phone)
    broken = SimpleUploadedFile("x.jpg", b"no picture", content_type="image/jpeg")
    bad_file = client.post(url, {**entry(here, subject), "paper": broken})
    assert bad_file.status_code == 200 and "打不开" in text(bad_file)
    free = client.post(url, entry(here, subject, kind=scenes.kind("thing").pk, price="-5"))
    assert free.status_code == 200 and "不要写减号" in text(free)
    dear = client.post(url, entry(here, subject, kind=scenes.kind("thing").pk, price="900"))
    assert dear.status_code == 200 and "物品心愿不超过 500 元" in text(dear)
    assert not Wish.objects.exists() and not StoredFile.objects.exists()


def test_forged_ids_of_another_community_are_refused():
    here, away = scenes.scene(), scenes.scene("向阳社区")
    client = worlds.client_for(here.worker)
    url = reverse("admin:wishes_wish_add")
    foreign = worlds.person(away.community)
    assert client.post(url, entry(here, foreign)).status_code == 200
    own = worlds.person(here.community)
    assert client.post(url, entry(here, own, community=away.community.pk)).status_code == 200
    assert not Wish.objects.exists()


def test_each_todo_counts_the_rows_that_it_opens():
    here = scenes.scene()
    old = clock.now() - dt.timedelta(days=10)
    scenes.ordered(here, at=old)
    handling.take(record=scenes.ordered(here), actor=here.worker, at=clock.now())
    scenes.approved(here)
    scenes.dispatched(here)
    scenes.claimed(here, at=old)
    scenes.closed(here, stars=1)
    worlds.volunteer(here.community, active=False)
    scenes.ordered(scenes.scene("向阳社区"), at=old)
    client = worlds.client_for(here.worker)
    for todo in todos:
        if todo.id.startswith(("wishes.", "volunteers.")):
            count = todo.count(here.worker, clock.now())
            listed = client.get(todo.url(here.worker, clock.now()))
            assert listed.context["cl"].result_count == count > 0, todo.id


@time_machine.travel("2026-11-02T10:00:00+08:00", tick=False)
def test_the_list_costs_the_same_at_one_row_and_at_fifty():
    here = scenes.scene()
    scenes.approved(here)
    client = worlds.client_for(here.worker)
    url = reverse("admin:wishes_wish_changelist")
    client.get(url)

    def cost() -> list[str]:
        with CaptureQueriesContext(connection) as queries:
            client.get(url)
        return [query["sql"].split("WHERE")[0] for query in queries]

    one = cost()
    for _number in range(49):
        scenes.approved(here)
    assert cost() == one


@pytest.mark.parametrize("reason", ["电话15400005087", "x", "。。。"])
def test_a_wish_is_declined_in_words_without_a_phone(db, reason) -> None:
    here = scenes.scene()
    wish = scenes.ordered(here)
    client = worlds.client_for(here.worker)
    sent = act(client, wish, "decline", reason=reason)
    assert sent.status_code == 200 and sent.context["form"].errors.keys() == {"reason"}
    with pytest.raises(MoveRefused):
        ordering.decline(wish=wish, reason=reason, actor=here.worker, at=clock.now())
    wish.refresh_from_db()
    assert wish.state == "pending_review"
