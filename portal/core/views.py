"""The one address of private files."""

import uuid

from django.http import FileResponse, Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from . import files
from .models import StoredFile


@require_safe
def stored_file(request: HttpRequest, file_id: uuid.UUID) -> HttpResponseBase:
    """The file, to whom its room admits; to everyone else it does not exist."""
    stored = get_object_or_404(StoredFile, pk=file_id)
    if not files.may_read(request.user, stored):
        raise Http404
    content = files.opened(stored)
    files.note_opened(request.user, stored)
    answer = FileResponse(content, content_type=stored.content_type)
    answer["Content-Length"] = str(stored.size)
    answer["Content-Disposition"] = "attachment" if stored.content_type == "application/pdf" else "inline"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, no-store"
    return answer
