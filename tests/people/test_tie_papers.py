"""The paper from which the desk entered a tie: read by whom it is of and the desk, gone with the tie."""

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from portal.core import clock, files
from portal.core.models import StoredFile
from portal.people import retaining, tying
from portal.people.models import Channel, Residency, TieState
from tests import worlds

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\n%%EOF"


def _entered(kind: str = "family") -> Residency:
    community = worlds.community()
    worker = worlds.worker(community)
    upload = SimpleUploadedFile("x.pdf", PDF, "application/pdf")
    scan = files.store(upload=upload, kind=tying.TIE_SCAN, owner_id=worker.pk, documents=True)
    return tying.claim_residency(
        person=worlds.account(community).person,
        household=worlds.household(worlds.building(community)),
        kind=kind,
        since=clock.today(),
        actor_id=worker.pk,
        actor_part="staff",
        at=clock.now(),
        channel=Channel.COUNTER,
        scan=scan,
    )


def test_the_tie_says_who_typed_it_by_which_channel() -> None:
    tie = _entered()
    tie.refresh_from_db()
    assert (tie.channel, tie.typist.is_staff, tie.scan.kind) == (Channel.COUNTER, True, tying.TIE_SCAN)
    assert tying.tie_on(tie.scan) == tie


def test_whose_it_is_reads_the_paper_and_a_stranger_does_not() -> None:
    tie = _entered()
    assert files.may_read(tie.person.user, tie.scan)
    assert files.may_read(tie.typist, tie.scan)
    assert not files.may_read(worlds.account(tie.household.building.community), tie.scan)
    elsewhere = worlds.community("向阳社区", parent=worlds.subdistrict("桂花街道"))
    assert not files.may_read(worlds.worker(elsewhere), tie.scan)


def test_the_paper_goes_with_the_tie() -> None:
    tie = _entered()
    tying.refuse(tie=tie, actor=tie.typist, at=clock.now(), reason="材料不全")
    scan = tie.scan_id
    long_ago = clock.now() - dt.timedelta(days=4000)
    Residency.objects.filter(pk=tie.pk).update(state=TieState.REFUSED, state_since=long_ago)
    assert retaining.erase_ties(at=clock.now()) == 1
    assert not StoredFile.objects.filter(pk=scan).exists()
