"""What somebody brings to the desk to act for another: the paper, and what the act takes with it."""

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from portal.core import clock, files
from portal.core.models import StoredFile
from portal.people import entrusting
from portal.people.entrusting import RELATION_SCAN
from portal.people.models import Guardianship, Relation, User

PDF = b"%PDF-1.7\n%%EOF"


def upload() -> SimpleUploadedFile:
    return SimpleUploadedFile("scan.pdf", PDF, "application/pdf")


def scan(actor: User) -> StoredFile:
    """A paper that the act claims."""
    return files.store(upload=upload(), kind=RELATION_SCAN, owner_id=actor.pk, documents=True)


def confirm(row: Relation, actor: User) -> None:
    """The second person opens the paper and confirms what it bears out."""
    if row.scan is not None:
        files.note_opened(actor, row.scan)
    entrusting.confirm(row=row, actor=actor, at=clock.now())


def entrusted(actor: User, **more: Any) -> dict[str, Any]:
    """What ``record_authorisation`` takes beside the two people."""
    said = {"relation": "邻居", "since": clock.today(), "actor": actor, "at": clock.now()}
    return {**said, "channel": "counter", "scan": scan(actor), **more}


def guarding(actor: User, **more: Any) -> dict[str, Any]:
    """What ``record_guardianship`` takes beside the two people."""
    said = {"bond": Guardianship.Bond.MOTHER, "document": Guardianship.Document.HUKOU, "since": clock.today()}
    return {**said, "actor": actor, "at": clock.now(), "channel": "counter", "scan": scan(actor), **more}
