"""The paper that comes with what the desk enters: a picture or a scan, kept while its form is not accepted yet.

What was sent is checked, sealed and kept at once as a file that waits, which only its typist may open; the form brings
its id along, and the act makes it a file of the room's own kind. What nobody claimed within a day is erased.
"""

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.forms.widgets import Script
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from portal.core import files
from portal.core.files import reader
from portal.core.models import StoredFile

WAITING = "backoffice.waiting_paper"
WAITS = dt.timedelta(days=1)
_KEPT, _DROP = "_kept", "_drop"  # after the field's name: the file that waits, and that it is not wanted


@reader(WAITING)
def may_read_waiting(user: Any, stored: StoredFile) -> bool:
    """Whoever sent it."""
    return stored.owner_id is not None and stored.owner_id == user.pk


def waiting(key: Any, typist: Any) -> StoredFile | None:
    """The file of ``typist`` that waits under ``key``; None for anybody else's and for one that was claimed."""
    try:
        pk = uuid.UUID(str(key))
    except ValueError:
        return None
    return StoredFile.objects.filter(pk=pk, kind=WAITING, owner_id=typist.pk).first()


def keep(upload: Any, typist: Any) -> StoredFile:
    """``upload``, kept until a form is accepted. ValidationError for what is too big, empty, or cannot be opened."""
    upload.seek(0)
    return files.store(upload=upload, kind=WAITING, owner_id=typist.pk, documents=True)


def claim(paper: StoredFile | None, kind: str, typist: Any) -> StoredFile | None:
    """Make the ``paper`` that waits a file of ``kind``, inside the caller's transaction; None without one.
    ValidationError, by field, where it does not wait any more."""
    if paper is None:
        return None
    mine = StoredFile.objects.filter(pk=paper.pk, kind=WAITING, owner_id=typist.pk)
    if mine.update(kind=kind) != 1:
        raise ValidationError({"paper": [_("刚才传的文件已经不在了，请再传一次。")]})
    paper.kind = kind
    return paper


def carried(request: HttpRequest, name: str = "paper") -> StoredFile | None:
    """The paper of a form that is left for a moment: the file it just sent, kept, or the one it brought along."""
    if upload := request.FILES.get(name):
        return keep(upload, request.user)
    return waiting(request.POST.get(name + _KEPT, ""), request.user)


def sweep(*, at: dt.datetime) -> int:
    """Erase what nobody claimed within a day; returns how many."""
    old = list(StoredFile.objects.filter(kind=WAITING, created_at__lt=at - WAITS))
    for stored in old:
        files.erase(stored)
    return len(old)


# -- the field ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Sent:
    """What a form sent: a new ``upload``, the ``kept`` key of one sent before, and whether that one is not wanted."""

    upload: Any = None
    kept: str = ""
    dropped: bool = False


class PaperInput(forms.Widget):
    """Choosing a file with its preview and how far sending is, as on the residents' pages; ``held`` is what waits."""

    needs_multipart_form = True
    held: StoredFile | None = None

    class Media:
        css: ClassVar[dict[str, list[str]]] = {"all": ["css/components/file.css", "css/components/progress.css"]}
        js: ClassVar[list[Any]] = [Script("js/file.js", type="module")]

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Sent:
        return Sent(files.get(name), data.get(name + _KEPT, ""), bool(data.get(name + _DROP)))

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return name not in files and name + _KEPT not in data

    def use_required_attribute(self, initial: Any) -> bool:
        return False

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        held = self.held
        context = {
            "name": name,
            "id": (attrs or {}).get("id", f"id_{name}"),
            "described": (attrs or {}).get("aria-describedby", ""),
            "invalid": "aria-invalid" in (attrs or {}),
            "held": held,
            "is_pdf": held is not None and held.content_type == "application/pdf",
            "url": reverse("core:file", args=[held.pk]) if held is not None else "",
            "most": files.MAX_BYTES,
        }
        return render_to_string("admin/includes/paper.html", context)


class PaperField(forms.Field):
    """A picture or a PDF; ``PaperForm`` makes it the file that waits."""

    widget = PaperInput

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(data and (data.upload or data.kept))


class PaperForm(forms.Form):
    """A form with a ``paper`` of ``typist``: it stays through every refusal."""

    typist: Any = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.is_bound and self.typist is not None and (key := (self.initial or {}).get("paper")):
            self._hold(waiting(key, self.typist))

    def clean_paper(self) -> StoredFile | None:
        """The file as it waits, whatever else the form lacks: a new one takes the place of the one sent before."""
        sent: Sent = self.cleaned_data["paper"]
        before = waiting(sent.kept, self.typist) if sent.kept else None
        if before is not None and (sent.upload or sent.dropped):
            files.erase(before)
            before = None
        if sent.upload:
            before = keep(sent.upload, self.typist)
        self._hold(before)
        return before

    def _hold(self, stored: StoredFile | None) -> None:
        widget: Any = self.fields["paper"].widget
        widget.held = stored

    def kept_scan(self, kind: str) -> StoredFile | None:
        """The paper as a file of ``kind``; None without one."""
        return claim(self.cleaned_data.get("paper"), kind, self.typist)
