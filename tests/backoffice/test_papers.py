"""The paper of an entry stays through every refusal: sealed, its typist's alone, swept after a day when not used."""

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from portal.backoffice import papers, tasks
from portal.backoffice.papers import WAITING
from portal.core import clock, files
from portal.core.models import StoredFile
from portal.people import correcting
from portal.people.models import Residency
from portal.people.readers import REQUEST_SCAN
from services.wishes.models import Wish, WishKind
from services.wishes.readers import SCAN
from tests import worlds

from .desks import act_url, claim, page, token_of

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\n%%EOF"
URL = page("wishes.wish", "add")


def paper(content: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile("scan.pdf", content, "application/pdf")


def typed(here, **fields) -> dict:
    return {
        "community": here.community.pk,
        "subject": here.resident.pk,
        "asker": here.resident.pk,
        "channel": "counter",
        "kind": WishKind.objects.get(slug="repair").pk,
        "details": "家里的灯坏了",
        "when": "any",
        "contact_name": here.resident.name,
        "contact_address": "" if "use_address" in fields else "2栋201",
        **fields,
    }


def send(here, **fields):
    return here.desk.post(URL, {"once": token_of(here.desk, URL), **typed(here, **fields)})


def kept() -> StoredFile:
    return StoredFile.objects.get(kind=WAITING)


def test_after_an_error_it_is_said_to_be_there_and_used_without_sending_it_again(here) -> None:
    refused = send(here, details="", paper=paper())
    body = refused.content.decode()
    assert "已收到：一份 PDF" in body and "可以换一张" in body and not Wish.objects.exists()
    waiting = kept()
    assert (waiting.owner_id, waiting.key_id != "") == (here.worker.pk, True)
    with waiting.content.open("rb") as stored:
        assert PDF not in stored.read()
    assert send(here, paper_kept=waiting.pk).status_code == 302
    scan = Wish.objects.get().scan
    assert (scan.pk, scan.kind) == (waiting.pk, SCAN)
    with files.opened(scan) as content:
        assert content.read() == PDF


def test_another_one_takes_its_place_and_it_can_be_left_out(here) -> None:
    send(here, details="", paper=paper())
    first = kept()
    send(here, details="", paper_kept=first.pk, paper=paper(PDF + b"2"))
    second = kept()
    assert second.pk != first.pk
    assert send(here, paper_kept=second.pk, paper_drop="1").status_code == 302
    assert Wish.objects.get().scan is None and not StoredFile.objects.filter(kind=WAITING).exists()


def test_it_is_its_typists_alone(here) -> None:
    send(here, details="", paper=paper())
    waiting = kept()
    address = reverse("core:file", args=[waiting.pk])
    assert here.desk.get(address).status_code == 200
    assert here.office.get(address).status_code == 404
    token = token_of(here.office, URL)
    assert here.office.post(URL, {"once": token, **typed(here, paper_kept=waiting.pk)}).status_code == 302
    assert Wish.objects.get().scan is None
    assert kept() == waiting
    assert send(here, paper_kept="not-a-key").status_code == 302


def test_what_an_act_refuses_keeps_it_too(here) -> None:
    """Refused after the form itself was right: the file is claimed and given back with the rest."""
    refused = send(here, details="身份证 430203195001011234", paper=paper())
    assert refused.status_code == 200
    assert "已收到" in refused.content.decode()
    assert kept().owner_id == here.worker.pk


def test_on_the_page_of_an_act(here) -> None:
    child = worlds.person(here.community, birth_date=clock.today() - dt.timedelta(days=3000))
    url = act_url(child, "consent")
    body = here.desk.get(url).content.decode()
    assert "data-file" in body and "拍照或选文件" in body
    here.desk.post(url, {"once": "x" * 20, "paper": paper(), "channel": "counter"})
    assert kept().owner_id == here.worker.pk


def test_unused_it_is_swept_after_a_day(here) -> None:
    send(here, details="", paper=paper())
    now = clock.now()
    assert tasks.sweep_papers(now) == 0
    assert tasks.sweep_papers(now + papers.WAITS + dt.timedelta(minutes=1)) == 1
    assert not StoredFile.objects.filter(kind=WAITING).exists()


def test_the_channel_is_chosen_never_found_there(here) -> None:
    for model in ("wishes.wish", "people.residency", "people.datarequest"):
        form = here.office.get(page(model, "add")).context["adminform"].form
        assert form["channel"].value() in (None, "")
    refused = send(here, channel="")
    assert "channel" in refused.context["adminform"].form.errors
    assert not Wish.objects.exists()


def test_each_line_of_the_summary_leads_to_its_field(here) -> None:
    body = send(here, details="", channel="").content.decode()
    for name in ("details", "channel"):
        assert f'href="#id_{name}"' in body and f'id="id_{name}"' in body
    tie = claim(here.resident, here.household)
    answer = here.desk.post(act_url(tie, "refuse"), {"once": "x" * 20, "reason": ""})
    assert 'href="#id_reason"' in answer.content.decode()


def test_the_registered_address_is_copied_and_never_shown(here) -> None:
    here.resident.address = "袁家湾社区3栋2单元501"
    here.resident.save()
    opened = here.desk.get(f"{URL}?subject={here.resident.pk}&asker={here.resident.pk}")
    assert "用登记的住址" in opened.content.decode() and "501" not in opened.content.decode()
    both = send(here, use_address="on", contact_address="5栋101")
    assert "contact_address" in both.context["adminform"].form.errors and "501" not in both.content.decode()
    assert send(here, use_address="on").status_code == 302
    assert Wish.objects.get().contact_address == "袁家湾社区3栋2单元501"


def test_who_has_no_address_is_asked_for_one(here) -> None:
    refused = send(here, use_address="on")
    assert "没有登记过住址" in str(refused.context["adminform"].form.errors["contact_address"])
    assert not Wish.objects.exists()


def test_the_way_to_a_paper_says_that_a_look_leaves_a_mark_whatever_was_entered(here) -> None:
    community, person = here.community, here.resident
    scan = files.store(upload=paper(), kind=REQUEST_SCAN, owner_id=here.worker.pk, documents=True)
    request = correcting.ask_erasure(
        person=person,
        words="",
        actor=here.worker,
        typist=here.worker,
        at=clock.now(),
        channel="counter",
        scan=scan,
    )
    tie = claim(person, here.household)
    Residency.objects.filter(pk=tie.pk).update(scan=scan)
    volunteer = worlds.volunteer(community)
    type(volunteer).objects.filter(pk=volunteer.pk).update(scan=scan)
    send(here, paper=paper())
    wish = Wish.objects.get()
    shown = {
        "people.datarequest": request.pk,
        "people.residency": tie.pk,
        "volunteers.volunteer": volunteer.pk,
        "wishes.wish": wish.pk,
    }
    for model, pk in shown.items():
        body = here.desk.get(page(model, "change", pk)).content.decode()
        address = reverse("core:file", args=[wish.scan_id if model == "wishes.wish" else scan.pk])
        assert f'<a href="{address}">查看</a>（会留记录）' in body, model


def test_who_oversees_reads_that_there_is_a_paper_and_is_offered_no_way_that_leads_nowhere(here) -> None:
    send(here, paper=paper())
    wish = Wish.objects.get()
    street = worlds.client_for(worlds.supervisor(here.community.parent))
    address = reverse("core:file", args=[wish.scan_id])
    assert street.get(address).status_code == 404
    body = street.get(page("wishes.wish", "change", wish.pk)).content.decode()
    assert "有，由经办的社区打开" in body and address not in body
