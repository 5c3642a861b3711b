"""代办录入: the person, then what; in every room with channel and scan; and all of it without JavaScript."""

import datetime as dt
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from django.contrib import admin
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import RequestFactory
from django.urls import reverse

from alliance.volunteers.models import Skill, Team, Volunteer
from portal.backoffice import entering
from portal.backoffice.papers import WAITING
from portal.core import clock, files, once
from portal.core.models import AuditEntry, StoredFile
from portal.people.models import DataRequest, Ownership, Person, Residency
from services.wishes.models import Wish, WishKind
from tests import worlds

from .desks import YESTERDAY, enter, messages_of, page, token_of

pytestmark = pytest.mark.django_db
PAPER = b"%PDF-1.7\n%%EOF"
ENTER = "/admin/enter/"


def paper(content: bytes = PAPER) -> SimpleUploadedFile:
    return SimpleUploadedFile("scan.pdf", content, "application/pdf")


def test_find_the_person_then_choose_what(here, there) -> None:
    for text in (here.resident.name, here.resident.contact_phone):
        hits = here.desk.post(ENTER, {"text": text}).context["hits"]
        assert [row for row, _label in hits] == [here.resident]
    assert here.desk.post(ENTER, {"text": there.resident.contact_phone}).context["hits"] == []
    chosen = here.desk.get(reverse("admin:enter_for", args=[here.resident.pk]))
    urls = {entry.id: url for entry, url in chosen.context["entries"]}
    assert urls["wishes"].endswith(f"?subject={here.resident.pk}&asker={here.resident.pk}")
    assert urls["volunteers"].endswith(f"?person={here.resident.pk}")
    assert {"people.residency", "people.ownership"} <= urls.keys()
    assert here.resident.contact_phone not in chosen.content.decode()
    assert here.desk.get(reverse("admin:enter_for", args=[there.resident.pk])).status_code == 404
    assert worlds.client_for(worlds.supervisor(here.community)).get(ENTER).status_code == 403


def test_somebody_new_is_entered_and_one_goes_on_with_them(here) -> None:
    url = page("people.person", "add") + "?then=enter"
    sent = here.desk.post(url, {"once": token_of(here.desk, url), "name": "罗秀英", "community": here.community.pk})
    assert sent.url == reverse("admin:enter_for", args=[Person.objects.get(name="罗秀英").pk])


def test_the_forms_are_filled_in_with_the_person(here) -> None:
    wish = here.desk.get(page("wishes.wish", "add") + f"?subject={here.resident.pk}&asker={here.resident.pk}")
    form = wish.context["adminform"].form
    assert (form["subject"].value(), form["contact_name"].value()) == (str(here.resident.pk), here.resident.name)
    assert form["community"].value() == here.community.pk
    stranger = worlds.person(worlds.community("向阳社区", parent=worlds.subdistrict("桂花街道")))
    nobody = here.desk.get(page("wishes.wish", "add") + f"?subject={stranger.pk}")
    assert nobody.context["adminform"].form["contact_name"].value() is None
    assert stranger.name not in nobody.content.decode()


def test_a_volunteers_application_is_entered_with_channel_and_paper(here, there) -> None:
    skill = Skill.objects.create(name="电工")
    typed = {"community": here.community.pk, "availability": "weekends", "skills": [skill.pk], "introduction": "会修灯"}
    sent = enter(here.desk, "volunteers.volunteer", person=here.resident.pk, channel="visit", paper=paper(), **typed)
    assert sent.status_code == 302
    made = Volunteer.objects.get(person=here.resident)
    assert (made.state, made.channel, made.typist, list(made.skills.all())) == (
        "applied",
        "visit",
        here.worker,
        [skill],
    )
    assert made.transitions().get().actor_part == "staff"
    scan = reverse("core:file", args=[made.scan_id])
    assert here.desk.get(scan).status_code == 200
    assert there.desk.get(scan).status_code == 404
    assert AuditEntry.objects.filter(verb="volunteer.paper_opened", subject_id=made.pk).count() == 1
    twice = enter(here.desk, "volunteers.volunteer", person=here.resident.pk, channel="visit", **typed)
    assert twice.status_code == 200
    assert "会修灯" in twice.content.decode()
    elsewhere = enter(
        here.desk,
        "volunteers.volunteer",
        person=here.resident.pk,
        channel="visit",
        **{**typed, "community": there.community.pk},
    )
    assert "community" in elsewhere.context["adminform"].form.errors


@pytest.mark.parametrize("kind", ["people.residency", "people.ownership"])
def test_a_tie_keeps_its_channel_and_its_paper(here, there, kind: str) -> None:
    typed = {"person": here.resident.pk, "household": here.household.pk, "since": YESTERDAY, "channel": "phone"}
    typed |= {"kind": "owner"} if kind == "people.residency" else {"share_numerator": 1, "share_denominator": 1}
    broken = enter(here.desk, kind, paper=paper(b"no picture"), **typed)
    assert broken.status_code == 200
    assert "paper" in broken.context["adminform"].form.errors
    assert not Residency.objects.exists() and not Ownership.objects.exists()
    assert enter(here.desk, kind, paper=paper(), **typed).status_code == 302
    tie: Any = (Residency if kind == "people.residency" else Ownership).objects.get()
    shown = here.desk.get(page(kind, "change", tie.pk)).content.decode()
    scan = reverse("core:file", args=[StoredFile.objects.get(kind="people.tie").pk])
    assert "电话" in shown and scan in shown
    assert here.desk.get(scan).status_code == 200
    assert there.desk.get(scan).status_code == 404
    assert AuditEntry.objects.filter(verb="tie.paper_opened", subject_id=tie.pk, actor_id=here.worker.pk).count() == 1


# -- without JavaScript ------------------------------------------------------------------------------------------------


def typed_wish(here) -> dict[str, Any]:
    return {
        "community": here.community.pk,
        "channel": "counter",
        "kind": WishKind.objects.get(slug="repair").pk,
        "details": "家里的灯坏了",
        "when": "any",
        "contact_name": "林小荷",
        "contact_phone": "15400001234",
        "contact_address": "2栋201",
    }


def test_a_field_is_filled_from_a_page_of_hits_and_nothing_typed_is_lost(here, there) -> None:
    desk, url = here.desk, page("wishes.wish", "add")
    sent = desk.post(url, {**typed_wish(here), "once": token_of(desk, url), "_find.subject": "1", "paper": paper()})
    assert sent.status_code == 302
    choose = sent.url
    assert "15400001234" not in choose
    assert Wish.objects.count() == 0
    hits = desk.post(choose, {"text": here.resident.name})
    assert 'type="radio"' in hits.content.decode()
    assert [row for row, _label in hits.context["hits"]] == [here.resident]
    assert desk.post(choose, {"chosen": there.resident.pk}).status_code == 404
    back = desk.post(choose, {"chosen": here.resident.pk})
    form_page = desk.get(back.url)
    [waiting] = StoredFile.objects.filter(kind=WAITING, owner_id=here.worker.pk)
    assert "已收到：一份 PDF" in form_page.content.decode()
    form = form_page.context["adminform"].form
    assert form["subject"].value() == str(here.resident.pk)
    assert (form["details"].value(), form["contact_phone"].value()) == ("家里的灯坏了", "15400001234")
    token = form_page.context["once"]
    done = desk.post(
        back.url,
        {
            **typed_wish(here),
            "subject": here.resident.pk,
            "asker": here.resident.pk,
            "once": token,
            "paper_kept": waiting.pk,
        },
    )
    assert done.status_code == 302
    assert (Wish.objects.get().subject, Wish.objects.get().scan) == (here.resident, waiting)


def test_the_way_back_without_a_choice_and_a_key_of_another_session(here) -> None:
    url = page("people.residency", "add")
    choose = here.desk
    sent = choose.post(url, {"kind": "tenant", "once": token_of(choose, url), "_find.household": "1"})
    back = choose.get(sent.url).context["back"]
    assert choose.get(back).context["adminform"].form["kind"].value() == "tenant"
    assert parse_qs(urlsplit(back).query).keys() == {"kept"}
    other = here.office.get(sent.url, follow=True)
    assert messages_of(other)[-1] == "这次填写已经过期，请重新开始。"
    assert here.office.get(back).context["adminform"].form["kind"].value() is None


def test_who_may_not_enter_keeps_nothing(here) -> None:
    reader = worlds.client_for(worlds.supervisor(here.community))
    assert reader.post(page("wishes.wish", "add"), {"_find.subject": "1"}).status_code == 403


def test_what_was_typed_is_kept_for_an_hour_and_no_longer_than_it_is_saved(here, monkeypatch) -> None:
    desk, url = here.desk, page("people.residency", "add")
    typed = {"kind": "tenant", "since": YESTERDAY, "channel": "phone"}

    def kept() -> dict[str, Any]:
        return desk.session.get(entering._KEY, {})

    def find() -> str:
        return desk.post(url, {**typed, "once": token_of(desk, url), "_find.person": "1"}).url

    back = desk.get(find()).context["back"]
    assert len(kept()) == 1
    token = desk.get(back).context["once"]
    ids = {"person": here.resident.pk, "household": here.household.pk}
    assert desk.post(back, {"once": token}).status_code == 200
    assert len(kept()) == 1
    assert desk.post(back, {**typed, **ids, "once": token}).status_code == 302
    assert kept() == {}
    assert entering.LASTS == 3600
    monkeypatch.setattr(entering, "LASTS", 60)  # before the session of a member of staff ends by itself
    choose = find()
    with time_machine.travel(clock.now() + dt.timedelta(seconds=61), tick=False):
        assert messages_of(desk.get(choose, follow=True))[-1] == "这次填写已经过期，请重新开始。"
    assert kept() == {}


def test_every_field_that_completes_by_itself_has_its_button() -> None:
    """Of every room: whoever may add, and whoever may edit later, gets there without JavaScript."""
    request = RequestFactory().get("/")
    request.user = worlds.administrator()
    missing, seen = [], set()
    for model, page_of in admin.site._registry.items():
        for name in page_of.autocomplete_fields:
            field = page_of.formfield_for_dbfield(model._meta.get_field(name), request)
            widget = getattr(field.widget, "widget", field.widget)
            seen.add((model._meta.label_lower, name))
            if f'name="_find.{name}"' not in widget.render(name, None):
                missing.append((model._meta.label_lower, name))
    assert missing == []
    assert {
        ("people.datarequest", "subject"),
        ("people.role", "user"),
        ("places.area", "parent"),
        ("places.household", "building"),
        ("volunteers.team", "leader"),
    } <= seen


@pytest.mark.parametrize(
    ("model", "field"),
    [
        ("people.datarequest", "subject"),
        ("people.role", "user"),
        ("places.area", "parent"),
        ("places.household", "building"),
        ("volunteers.team", "leader"),
    ],
)
def test_the_button_leads_to_hits_and_back(here, model: str, field: str) -> None:
    worlds.volunteer(here.community, person=here.resident)
    text = {"subject": here.resident.name, "user": here.worker.person.name, "parent": here.community.name}
    text |= {"building": here.building.name, "leader": here.resident.name}
    boss, url = worlds.client_for(worlds.administrator()), page(model, "add")
    assert f'name="_find.{field}"' in boss.get(url).content.decode()
    sent = boss.post(url, {"once": token_of(boss, url), f"_find.{field}": "1"})
    hits = boss.post(sent.url, {"text": text[field]}).context["hits"]
    assert hits
    back = boss.post(sent.url, {"chosen": hits[0][0].pk})
    assert boss.get(back.url).context["adminform"].form[field].value() == str(hits[0][0].pk)


def test_a_field_that_is_edited_later_is_chosen_by_page_too(here) -> None:
    leader = worlds.volunteer(here.community, person=here.resident)
    team = Team.objects.create(community=here.community, name="巡河队")
    desk, url = here.desk, page("volunteers.team", "change", team.pk)
    typed = {"community": here.community.pk, "name": "清河队", "active": "on"}
    sent = desk.post(url, {**typed, "_find.leader": "1"})
    assert Team.objects.get().name == "巡河队"
    back = desk.post(sent.url, {"chosen": leader.pk}).url
    form = desk.get(back).context["adminform"].form
    assert (form["leader"].value(), form["name"].value()) == (str(leader.pk), "清河队")
    assert desk.post(back, {**typed, "leader": leader.pk}).status_code == 302
    assert (Team.objects.get().name, Team.objects.get().leader) == ("清河队", leader)
    assert worlds.client_for(worlds.supervisor(here.community)).post(url, {"_find.leader": "1"}).status_code == 403


def test_a_paper_too_big_is_said_beside_its_field_and_what_was_typed_stays(here) -> None:
    """The form about one's own data is one of the entered ones too."""
    big = SimpleUploadedFile("x.pdf", b"%PDF-1.7" + b"0" * (files.MAX_BYTES + 1), "application/pdf")
    sent = {"subject": here.resident.pk, "asker": here.resident.pk, "kind": "erase"}
    sent |= {"words": "都删掉", "channel": "counter"}
    answer = here.desk.post("/admin/people/datarequest/add/", {**sent, "paper": big, "once": once.token()})
    shown = answer.content.decode()
    assert answer.status_code == 200
    assert "不能超过 10 MB" in shown
    assert "都删掉" in shown
    assert not DataRequest.objects.exists()
