"""What a child's guardian says at the desk: written down on the child's page, by whom, by which way, with the sheet."""

import datetime as dt
import io

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from portal.core import clock
from portal.core.models import AuditEntry
from portal.core.registries import purposes
from portal.people import consenting, contacting, entered_consents, entrusting, tying
from portal.people.consenting import CHILD_PURPOSE, Standing
from portal.people.models import Channel, ConsentRecord, Guardianship, Person, Residency
from services.wishes.models import Wish, WishKind
from tests import worlds
from tests.entrusted import entrusted

pytestmark = pytest.mark.django_db
VERSION = purposes[CHILD_PURPOSE].consent.version


@pytest.fixture
def community():
    return worlds.community()


@pytest.fixture
def worker(community):
    return worlds.worker(community)


@pytest.fixture
def mother(community):
    return worlds.person(community, name="李小雪")


@pytest.fixture
def child(community, mother):
    born = dt.date(clock.today().year - 6, 1, 1)
    made = worlds.person(community, name="李米豆", birth_date=born, contact_phone="")
    Guardianship.objects.create(child=made, guardian=mother, relation="母亲", since=born)
    return made


def sheet() -> SimpleUploadedFile:
    drawn = io.BytesIO()
    Image.new("RGB", (40, 60), "white").save(drawn, "PNG")
    return SimpleUploadedFile("sheet.png", drawn.getvalue(), content_type="image/png")


def act(person, name):
    return reverse("admin:people_person_act", args=[person.pk, name])


def page(person):
    return reverse("admin:people_person_change", args=[person.pk])


def said(guardian, **more):
    sent = {"guardian": guardian.pk, "read": "on", "version": VERSION, "channel": Channel.PHONE, "once": "k" * 24}
    return {**sent, **more}


def text(answer):
    return answer.content.decode()


def test_the_desk_writes_down_who_agreed_and_takes_it_back_on_the_same_page(worker, child, mother):
    client = worlds.client_for(worker)
    shown = text(client.get(page(child)))
    assert act(child, "consent") in shown and act(child, "take_back") not in shown and "还没有同意" in shown
    asked = text(client.get(act(child, "consent")))
    assert str(purposes[CHILD_PURPOSE].consent.text) in asked and "李小雪" in asked
    sent = said(mother, channel=Channel.COUNTER, paper=sheet())
    assert client.post(act(child, "consent"), sent).url == page(child)
    row = ConsentRecord.objects.get()
    assert (row.person, row.guardian, row.channel, row.act) == (child, mother, Channel.COUNTER, "given")
    entry = AuditEntry.objects.get(verb="consent.given")
    assert (entry.actor_id, entry.subject_id) == (worker.pk, child.pk)
    paper = reverse("core:file", args=[row.paper_id])
    shown = text(client.get(page(child)))
    assert paper in shown and "监护人 李小雪" in shown and "有签字的纸" in shown
    assert act(child, "consent") not in shown
    assert client.get(paper).status_code == 200
    assert AuditEntry.objects.filter(verb="consent.paper_opened", actor_id=worker.pk, subject_id=child.pk).count() == 1
    assert worlds.client_for(worlds.worker(worlds.community("向阳社区"))).get(paper).status_code == 404
    back = said(mother, once="b" * 24)
    assert client.post(act(child, "take_back"), back).url == page(child)
    assert consenting.of_child(child, clock.today()) == Standing.WITHDRAWN
    assert [one.act for one in ConsentRecord.objects.order_by("pk")] == ["given", "withdrawn"]


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"guardian": ""}, "请选是哪位监护人说的"),
        ({"read": ""}, "请先把这段话念给监护人听"),
        ({"channel": Channel.VISIT}, "请附上监护人签字的纸"),
        ({"channel": Channel.ONLINE}, "errorlist"),
        ({"version": "2020-01-a"}, "文字刚刚更新了"),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_written(worker, child, mother, wrong, words):
    answer = worlds.client_for(worker).post(act(child, "consent"), {**said(mother), **wrong})
    assert answer.status_code == 200 and words in text(answer)
    assert not ConsentRecord.objects.exists()


def test_a_guardian_who_is_none_cannot_be_chosen(worker, child, mother, community):
    Guardianship.objects.filter(child=child).update(until=clock.today())
    for other in (mother, worlds.person(community)):
        answer = worlds.client_for(worker).post(act(child, "consent"), said(other))
        assert answer.status_code == 200 and "还没有登记监护人" in text(answer)
    assert not ConsentRecord.objects.exists()


def test_nobody_at_the_desk_decides_for_a_child_of_their_own(worker, child, mother):
    Guardianship.objects.create(child=child, guardian=worker.person, relation="父亲", since=dt.date(2021, 1, 1))
    client = worlds.client_for(worker)
    assert act(child, "consent") not in text(client.get(page(child)))
    for name in ("consent", "take_back"):
        assert client.post(act(child, name), said(mother)).status_code == 403
    for guardian in (mother, worker.person):
        with pytest.raises(ValidationError):
            _enter(child, guardian, worker)
    with pytest.raises(PermissionDenied):
        _enter(child, mother, worlds.worker(worlds.community("向阳社区")))
    assert not ConsentRecord.objects.exists()


def _enter(child, guardian, actor, *, given=True):
    more = {"given": given, "channel": Channel.PHONE, "at": clock.now()}
    return entered_consents.enter(child=child, guardian=guardian, actor=actor, **more)


def test_a_grown_up_has_no_such_button(worker, mother):
    shown = text(worlds.client_for(worker).get(page(mother)))
    assert act(mother, "consent") not in shown and act(mother, "take_back") not in shown


# -- nothing new begins without it ------------------------------------------------------------------------------------


def _claim(child, worker):
    home = worlds.household(worlds.building(child.community))
    said = {"kind": Residency.Kind.FAMILY, "since": clock.today(), "actor_id": worker.pk, "actor_part": "staff"}
    tying.claim_residency(person=child, household=home, at=clock.now(), **said)


def _authorise(child, worker):
    agent = worlds.person(child.community)
    entrusting.record_authorisation(principal=child, agent=agent, **entrusted(worker))


def _address(child, worker):
    contacting.change_contact(person=child, actor=worker, at=clock.now(), address="月塘巷8号")


def _own_address(child, worker):
    own = worlds.account(person=Person.objects.get(pk=child.pk), phone=worlds.phone())
    contacting.change_own_contact(actor=own, at=clock.now(), contact_phone="", address="月塘巷8号")


@pytest.mark.parametrize("begin", [_claim, _authorise, _address, _own_address])
def test_before_a_guardian_agrees_nothing_new_begins_for_the_child(worker, child, mother, begin):
    with pytest.raises(ValidationError, match="还没有监护人的同意"):
        begin(child, worker)
    Person.objects.filter(pk=child.pk).update(address="")
    _enter(child, mother, worker)
    child.refresh_from_db()
    if begin is not _own_address:
        begin(child, worker)


def test_what_the_guardian_takes_back_while_one_authorises_counts(worker, child, mother, monkeypatch):
    """The consent is asked for once the child's row is held: what was said until then is known."""
    _enter(child, mother, worker)
    lock = entrusting.standing_locked

    def taken_back_before_it_is_held(*people):
        _enter(child, mother, worker, given=False)
        return lock(*people)

    monkeypatch.setattr(entrusting, "standing_locked", taken_back_before_it_is_held)
    with pytest.raises(ValidationError, match="撤回了同意"):
        _authorise(child, worker)


def test_entering_a_wish_for_the_child_says_in_the_form_what_is_missing_and_where(worker, child, mother, community):
    client = worlds.client_for(worker)
    sent = {
        "community": community.pk,
        "subject": child.pk,
        "asker": mother.pk,
        "kind": WishKind.objects.get(slug="company").pk,
        "when": "any",
        "details": "放学陪一陪",
        "contact_name": "李女士",
        "contact_phone": "15400002001",
        "contact_address": "2栋201",
        "channel": Channel.PHONE,
        "once": "w" * 24,
    }
    refused = client.post(reverse("admin:wishes_wish_add"), sent)
    errors = refused.context["adminform"].form.errors["subject"]
    assert "要监护人先同意" in errors[0] and act(child, "consent") in errors[0]
    assert f'href="{act(child, "consent")}"' in text(refused)
    assert not Wish.objects.exists()
    _enter(child, mother, worker)
    assert client.post(reverse("admin:wishes_wish_add"), sent).status_code == 302
    assert Wish.objects.get().subject == child


def test_a_child_is_entered_by_name_and_birth_date_until_somebody_agrees(worker, community):
    client = worlds.client_for(worker)
    born = f"{clock.today().year - 5}-03-01"
    sent = {"name": "李米豆", "sex": "male", "birth_date": born, "community": community.pk, "address": "月塘巷8号"}
    refused = client.post(reverse("admin:people_person_add"), {**sent, "once": "p" * 24})
    assert set(refused.context["adminform"].form.errors) == {"sex", "address"}
    assert not Person.objects.filter(name="李米豆").exists()
    bare = {**sent, "sex": "", "address": "", "once": "q" * 24}
    assert client.post(reverse("admin:people_person_add"), bare).status_code == 302
    assert Person.objects.get(name="李米豆").sex == ""
