"""Who may read the files of the people's room: the papers of requests about one's own data, of ties to homes, of what
a guardian agreed to, and of who acts for whom."""

from typing import Any

from portal.core import audit, clock
from portal.core.files import reader
from portal.core.models import StoredFile

from . import correcting
from .access import decides_for, is_own
from .entered_consents import PAPER
from .entrusting import RELATION_SCAN
from .models import Authorisation, ConsentRecord, DataRequest, Guardianship
from .relations import serves
from .tying import TIE_SCAN, may_confirm, tie_on

REQUEST_SCAN = "people.request_scan"


def _request_of(stored: StoredFile) -> DataRequest | None:
    return DataRequest.objects.filter(scan=stored).select_related("community", "grid", "subject").first()


def _own(user: Any, request: DataRequest) -> bool:
    return bool(decides_for(user, request.subject))


def _opened(user: Any, stored: StoredFile) -> None:
    """The paper shows who the person is: a look by the office goes on the record."""
    request = _request_of(stored)
    if request is not None and not _own(user, request):
        audit.record("person.paper_opened", actor_id=user.pk, subject=request.subject, at=clock.now())


@reader(REQUEST_SCAN, opened=_opened)
def may_read_scan(user: Any, stored: StoredFile) -> bool:
    """Whose data it is about, the guardian of a child under 14, and who answers requests of its place."""
    request = _request_of(stored)
    return request is not None and (_own(user, request) or correcting.decides(user, request))


def _tie_paper_opened(user: Any, stored: StoredFile) -> None:
    """A look by anybody but whom it is of is on record."""
    tie = tie_on(stored)
    if tie is not None and not is_own(user, tie.person_id):
        audit.record("tie.paper_opened", actor_id=user.pk, subject=tie, at=clock.now())


@reader(TIE_SCAN, opened=_tie_paper_opened)
def may_read_tie_paper(user: Any, stored: StoredFile) -> bool:
    """The paper from which the desk entered a tie to a home: whom it is of, and who decides on ties there."""
    tie = tie_on(stored)
    return tie is not None and (is_own(user, tie.person_id) or may_confirm(user, tie.household))


def _relation_on(stored: StoredFile) -> Any:
    for model, ends in ((Guardianship, ("child", "guardian")), (Authorisation, ("principal", "agent"))):
        row = model.objects.filter(scan=stored).select_related(*ends).first()
        if row is not None:
            return row
    return None


def _relation_paper_opened(user: Any, stored: StoredFile) -> None:
    """A look by anybody but whom it is about, and who decides for them, is on record."""
    row = _relation_on(stored)
    if row is not None and not decides_for(user, row.parties[0]):
        verb = f"{row._meta.model_name}.paper_opened"
        audit.record(verb, actor_id=user.pk, subject=row, at=clock.now())


@reader(RELATION_SCAN, opened=_relation_paper_opened)
def may_read_relation_paper(user: Any, stored: StoredFile) -> bool:
    """The paper by which somebody acts for another: the desk that serves whom it is about, they themselves, and who
    decides for them; not somebody who waits to be confirmed."""
    row = _relation_on(stored)
    return row is not None and (bool(decides_for(user, row.parties[0])) or serves(user, row.parties[0]))


def _consent_on(stored: StoredFile) -> ConsentRecord | None:
    return ConsentRecord.objects.filter(paper=stored).select_related("person", "guardian").first()


def _spoke(user: Any, record: ConsentRecord) -> bool:
    """Whether it is the reader's own word: the person it is about, who decides for them now, or who spoke then."""
    return bool(decides_for(user, record.person)) or is_own(user, record.guardian_id)


def _consent_paper_opened(user: Any, stored: StoredFile) -> None:
    """A look by the office is on record."""
    record = _consent_on(stored)
    if record is not None and not _spoke(user, record):
        audit.record("consent.paper_opened", actor_id=user.pk, subject=record.person, at=clock.now())


@reader(PAPER, opened=_consent_paper_opened)
def may_read_consent_paper(user: Any, stored: StoredFile) -> bool:
    """The sheet that a guardian signed: whose word it is, and the desk that serves the child."""
    record = _consent_on(stored)
    return record is not None and (_spoke(user, record) or serves(user, record.person))
