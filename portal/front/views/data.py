"""What is stored about one: seen by purpose, and taken along as a copy."""

from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers
from django.views.decorators.http import require_http_methods, require_safe

from portal.core import asked, audit, clock
from portal.people.sessions import signed_in
from portal.people.views.proof import prove_first

from .. import own_copy
from ..own_data import SHOWN, children_of, held_about, whose


@require_safe
@signed_in
def my_data(request: HttpRequest) -> HttpResponse:
    """What stands in the records about the reader, or about their child under 14, whole: it is theirs."""
    with asked.one_page():
        subject = whose(request)
        context = {
            "held": held_about(subject, most=SHOWN),
            "subject": subject,
            "children": [] if subject.child else children_of(request.user),
        }
        return render(request, "front/data.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in  # type: ignore[arg-type]  # what streams is an answer too
def export(request: HttpRequest) -> HttpResponseBase:
    """The whole as a file. The account's holder proves who they are first: an open session is not enough."""
    subject = whose(request)
    if (proof := prove_first(request)) is not None:
        return proof
    if request.method != "POST":
        return render(request, "front/data_export.html", {"subject": subject})
    at = clock.now()
    held = held_about(subject, most=None)
    user: Any = request.user
    audit.record(
        "data.exported",
        actor_id=user.pk,
        subject=subject.record or user,
        at=at,
        details={"tables": sum(len(one.tables) for one in held)},
    )
    name = own_copy.file_name(subject, clock.local_day(at))
    copy, size = own_copy.build(held, at=at)
    response = FileResponse(copy, as_attachment=True, filename=name, content_type="application/zip")
    response["Content-Length"] = size  # so that what was cut off on the way is seen to be
    add_never_cache_headers(response)
    return response
