"""Corrections: asked by the person, looked at by somebody else, applied or refused once."""

import datetime as dt
import threading

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import QuerySet
from django.urls import reverse

from portal.backoffice.handing import may_answer
from portal.core import clock, files, numbers, workdays
from portal.core.models import AuditEntry, Remark
from portal.core.moves import MoveRefused
from portal.notices.models import Notice
from portal.people import correcting, readers
from portal.people.models import Channel, DataRequest, Guardianship, Person, RoleKind
from portal.people.readers import REQUEST_SCAN
from tests import worlds
from tests.backoffice.desks import token_of
from tests.races import race, winners

pytestmark = pytest.mark.django_db


def asked(user, field="name", value="林晓荷", **more):
    given = {"person": user.person, "field": field, "value": value, "words": "", "actor": user, "at": clock.now()}
    return correcting.ask(**{**given, **more})


def entered(person, worker):
    paper = SimpleUploadedFile("scan.pdf", b"%PDF-1.7\n%%EOF", "application/pdf")
    scan = files.store(upload=paper, kind=REQUEST_SCAN, owner_id=worker.pk, documents=True)
    typed = {"actor": worker, "typist": worker, "channel": Channel.COUNTER, "scan": scan}
    return correcting.ask_erasure(person=person, words="全部", at=clock.now(), **typed)


@pytest.fixture
def home():
    return worlds.community()


@pytest.fixture
def user(home):
    return worlds.account(home, name="林小荷")


def test_a_request_waits_fifteen_working_days_and_says_nothing_in_the_open(user):
    request = asked(user)
    assert request.due_on == workdays.add_working_days(clock.local_day(request.created_at), 15)
    assert request.state == "asked"
    assert not AuditEntry.objects.filter(details__icontains="林晓荷").exists()


def test_applied_by_the_desk_it_stands_in_the_record_and_the_person_hears(user, home):
    request = asked(user)
    correcting.apply(request=request, actor=worlds.worker(home), at=clock.now())
    user.person.refresh_from_db()
    assert user.person.name == "林晓荷"
    entry = AuditEntry.objects.get(verb="person.corrected")
    assert entry.details == {"fields": ["name"]}
    notice = Notice.objects.get(person=user.person)
    assert "林晓荷" not in notice.title and notice.url == f"/me/data/correct/{request.code}/"


@pytest.mark.parametrize(
    ("field", "value", "stored"),
    [("sex", "female", "female"), ("birth_date", "1950-03-05", dt.date(1950, 3, 5))],
)
def test_each_fact_is_set_by_its_own_request(user, home, field, value, stored):
    request = asked(user, field=field, value=value)
    correcting.apply(request=request, actor=worlds.worker(home), at=clock.now())
    user.person.refresh_from_db()
    assert getattr(user.person, field) == stored


def test_refused_with_a_reason_that_the_person_reads(user, home):
    request = asked(user)
    worker = worlds.worker(home)
    with pytest.raises(MoveRefused):
        correcting.refuse(request=request, actor=worker, at=clock.now(), reason=" ")
    correcting.refuse(request=request, actor=worker, at=clock.now(), reason="证件上不是这样写的")
    user.person.refresh_from_db()
    assert user.person.name == "林小荷"
    assert "证件上不是这样写的" in Notice.objects.get(person=user.person).body
    with pytest.raises(MoveRefused):
        correcting.apply(request=request, actor=worker, at=clock.now())


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "林" * 41),
        ("name", "林小荷2"),
        ("name", "林小荷"),
        ("sex", "x"),
        ("birth_date", "3000-01-01"),
        ("birth_date", "1899-12-31"),
        ("birth_date", "19500305"),
        ("birth_date", "五月"),
        ("other", ""),
    ],
)
def test_what_cannot_stand_there_is_said_and_nothing_is_kept(user, field, value):
    with pytest.raises(ValidationError):
        asked(user, field=field, value=value)
    assert not DataRequest.objects.exists()


def test_one_open_request_a_field_and_a_new_one_after_the_answer(user, home):
    first = asked(user)
    with pytest.raises(ValidationError):
        asked(user, value="林禾")
    asked(user, field="sex", value="female")
    correcting.withdraw(request=first, actor=user, at=clock.now())
    asked(user, value="林禾")
    with pytest.raises(MoveRefused):
        correcting.apply(request=first, actor=worlds.worker(home), at=clock.now())


def test_nobody_decides_on_their_own_and_no_stranger_at_all(home):
    worker = worlds.worker(home)
    own = asked(worker)
    for act in (correcting.apply, correcting.refuse):
        with pytest.raises(ValidationError):
            act(request=own, actor=worker, at=clock.now(), **({"reason": "x"} if act is correcting.refuse else {}))
    elsewhere = worlds.worker(worlds.community("向阳社区", parent=worlds.subdistrict("桂花街道")))
    supervisor = worlds.supervisor(home)
    resident = worlds.account(home)
    for stranger in (elsewhere, supervisor, resident):
        with pytest.raises(PermissionDenied):
            correcting.apply(request=own, actor=stranger, at=clock.now())
    officer = worlds.staff(RoleKind.PRIVACY_OFFICER, home)
    correcting.apply(request=own, actor=officer, at=clock.now())


def test_a_guardian_asks_for_the_child_a_relative_for_nobody(user, home):
    child, elder = worlds.person(home, name="小满"), worlds.person(home, name="望山")
    Guardianship.objects.create(child=child, guardian=user.person, relation="母亲", since=dt.date(2020, 1, 1))
    request = asked(user, person=child, value="小曼")
    assert request.asker == user.person and request.subject == child
    assert list(DataRequest.objects.own(user)) == [request]
    with pytest.raises(PermissionDenied):
        asked(user, person=elder, value="旺山")
    with pytest.raises(PermissionDenied):
        correcting.withdraw(request=request, actor=worlds.account(home), at=clock.now())


def test_the_desk_enters_for_who_came(home):
    worker, person = worlds.worker(home), worlds.person(home, name="望山")
    request = correcting.ask(
        person=person,
        field="name",
        value="旺山",
        words="",
        actor=worker,
        typist=worker,
        channel=Channel.COUNTER,
        at=clock.now(),
    )
    assert (request.asker, request.typist, request.channel) == (person, worker, "counter")
    elsewhere = worlds.worker(worlds.community("向阳社区", parent=worlds.subdistrict("桂花街道")))
    with pytest.raises(PermissionDenied):
        correcting.ask_erasure(person=person, words="", actor=elsewhere, typist=elsewhere, at=clock.now())


def test_an_erasure_is_carried_out_by_the_same_act(home):
    worker = worlds.worker(home)
    person = worlds.person(home, name="望山", address="月塘巷8号")
    Person.objects.filter(pk=person.pk).update(created_at=clock.now())
    request = entered(person, worker)
    correcting.apply(request=request, actor=worlds.worker(home), at=clock.now())
    person.refresh_from_db()
    assert (person.name, person.address, person.contact_phone, person.community) == ("（已删除）", "", "", None)
    request.refresh_from_db()
    assert request.state == "done" and request.words == ""
    assert not Remark.objects.exists()


def test_who_entered_it_neither_applies_nor_refuses_it(home):
    worker, person = worlds.worker(home), worlds.person(home, name="望山")
    request = entered(person, worker)
    assert not may_answer(worker, request) and may_answer(worlds.worker(home), request)
    with pytest.raises(ValidationError, match="您录入"):
        correcting.apply(request=request, actor=worker, at=clock.now())
    with pytest.raises(ValidationError, match="您录入"):
        correcting.refuse(request=request, actor=worker, at=clock.now(), reason="不是本人")
    person.refresh_from_db()
    assert person.name == "望山"


def test_an_erasure_entered_at_the_desk_needs_the_paper(home):
    worker, person = worlds.worker(home), worlds.person(home)
    with pytest.raises(ValidationError) as refusal:
        typed = {"actor": worker, "typist": worker, "channel": Channel.COUNTER}
        correcting.ask_erasure(person=person, words="", at=clock.now(), **typed)
    assert "paper" in refusal.value.message_dict
    assert not DataRequest.objects.exists()
    assert "请附上" in _typed_in(worker, person)


def test_nobody_has_their_data_erased_by_telephone(home):
    worker, person = worlds.worker(home), worlds.person(home)
    paper = SimpleUploadedFile("scan.pdf", b"%PDF-1.7\n%%EOF", "application/pdf")
    scan = files.store(upload=paper, kind=REQUEST_SCAN, owner_id=worker.pk, documents=True)
    for channel in (Channel.PHONE, Channel.ONLINE):
        typed = {"actor": worker, "typist": worker, "channel": channel, "scan": scan}
        with pytest.raises(ValidationError, match="在纸上签字"):
            correcting.ask_erasure(person=person, words="全部", at=clock.now(), **typed)


def test_a_strangers_word_needs_the_persons_paper(home):
    worker, person, stranger = worlds.worker(home), worlds.person(home, name="望山"), worlds.person(home)
    typed = {"actor": worker, "typist": worker, "channel": Channel.COUNTER, "asker": stranger}
    with pytest.raises(ValidationError) as refusal:
        asked(worker, person=person, **typed)
    assert "委托单" in str(refusal.value.message_dict["paper"])
    paper = SimpleUploadedFile("scan.pdf", b"%PDF-1.7\n%%EOF", "application/pdf")
    scan = files.store(upload=paper, kind=REQUEST_SCAN, owner_id=worker.pk, documents=True)
    assert asked(worker, person=person, scan=scan, **typed).asker == stranger


def test_who_finds_no_button_reads_why(home):
    worker, person = worlds.worker(home), worlds.person(home, name="望山")
    url = reverse("admin:people_datarequest_change", args=[entered(person, worker).pk])
    assert "这条是您录入的，请另一位工作人员来办" in worlds.client_for(worker).get(url).content.decode()
    assert "请另一位工作人员" not in worlds.client_for(worlds.worker(home)).get(url).content.decode()
    own = asked(worker, value="别的名字")
    url = reverse("admin:people_datarequest_change", args=[own.pk])
    assert "这条关系到您本人" in worlds.client_for(worker).get(url).content.decode()


def _typed_in(worker, person):
    client, url = worlds.client_for(worker), reverse("admin:people_datarequest_add")
    form = {"subject": person.pk, "asker": person.pk, "kind": "erase", "channel": "counter", "words": "全部"}
    return client.post(url, {**form, "once": token_of(client, url)}).content.decode()


def test_the_same_is_not_asked_twice_by_two_records_of_one(user, home):
    twin = worlds.person(home, name="林小荷")
    DataRequest.objects.all().delete()
    asked(user)
    DataRequest.objects.update(subject=twin)
    Person.objects.filter(pk=twin.pk).update(merged_into=user.person)
    with pytest.raises(ValidationError, match="已经提过"):
        asked(user)


def test_from_fourteen_on_the_guardian_neither_reads_nor_withdraws_nor_asks(user, home):
    born = dt.date(clock.today().year - 15, 1, 1)
    teen = worlds.account(home, person=worlds.person(home, birth_date=born, name="小满"))
    Guardianship.objects.create(child=teen.person, guardian=user.person, relation="母亲", since=dt.date(2020, 1, 1))
    request = asked(teen, value="小曼")
    assert not DataRequest.objects.own(user).exists()
    assert not readers._own(user, request) and readers._own(teen, request)
    with pytest.raises(PermissionDenied):
        correcting.withdraw(request=request, actor=user, at=clock.now())
    with pytest.raises(PermissionDenied):
        asked(user, person=teen.person, field="sex", value="male")
    Person.objects.filter(pk=teen.person.pk).update(birth_date=dt.date(clock.today().year - 9, 1, 1))
    assert list(DataRequest.objects.own(user)) == [request]
    correcting.withdraw(request=request, actor=user, at=clock.now())


def test_without_a_community_it_is_said(user):
    Person.objects.filter(pk=user.person.pk).update(community=None)
    user.person.refresh_from_db()
    user.person.areas.all().delete()
    with pytest.raises(ValidationError):
        asked(user)


def test_merged_meanwhile_the_standing_record_is_corrected(user, home):
    request = asked(user)
    standing = worlds.person(home, name="林小荷")
    Person.objects.filter(pk=user.person.pk).update(merged_into=standing)
    request.refresh_from_db()
    request.subject.refresh_from_db()
    correcting.apply(request=DataRequest.objects.get(pk=request.pk), actor=worlds.worker(home), at=clock.now())
    standing.refresh_from_db()
    assert standing.name == "林晓荷"


# -- two desks at once ------------------------------------------------------------------------------------------------


def _decide_twice():
    home = worlds.community()
    user = worlds.account(home, name="林小荷")
    request = asked(user)
    one, other = worlds.worker(home), worlds.worker(home)
    first, second = (DataRequest.objects.get(pk=request.pk) for _desk in (one, other))
    outcomes = race(
        lambda: correcting.apply(request=first, actor=one, at=clock.now()),
        lambda: correcting.refuse(request=second, actor=other, at=clock.now(), reason="不是这样写的"),
    )
    return request, outcomes


@pytest.mark.django_db(transaction=True)
@pytest.mark.postgres(only=True)
def test_decided_twice_at_once_it_is_decided_once():
    request, outcomes = _decide_twice()
    assert len(winners(outcomes)) == 1
    assert {type(outcome.error) for outcome in outcomes if not outcome.won} == {MoveRefused}
    assert Notice.objects.count() == 1
    request.refresh_from_db()
    name = Person.objects.get(pk=request.subject_id).name
    assert name == ("林晓荷" if request.state == "done" else "林小荷")


@pytest.mark.django_db(transaction=True)
@pytest.mark.postgres(only=True)
def test_control_without_the_compare_and_swap_it_is_decided_twice(monkeypatch):
    line, update = threading.Barrier(2), QuerySet.update

    def believed(self, **values):
        if self.model is DataRequest and "state" in values:
            line.wait(30)  # both have read that it is open
            update(DataRequest._base_manager.all(), **values)
            return 1
        return update(self, **values)

    monkeypatch.setattr(QuerySet, "update", believed)
    monkeypatch.setattr(Person.objects.__class__, "select_for_update", lambda self, **_how: self, raising=False)
    _request, outcomes = _decide_twice()
    assert len(winners(outcomes)) == 2


def test_a_number_that_is_taken_is_drawn_again(user, monkeypatch):
    first = asked(user)
    drawn = iter([first.code, first.code, "100000009"])
    monkeypatch.setattr(numbers, "public_code", lambda: next(drawn))
    assert asked(user, field="sex", value="female").code == "100000009"
