"""Messages: all, the unread ones, or those of one kind; read one by one, or all that the list shows."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages as flash
from django.db.models import Count, Max, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from portal.core import clock
from portal.core.keyset import page_of
from portal.notices import leading, reading
from portal.notices.models import Notice
from portal.notices.wording import kind_label
from portal.people.sessions import signed_in

NOTICES_A_PAGE = 20
MOST_KINDS = 20


@dataclass(frozen=True)
class Tab:
    """A way to look at the list, as the tabs show it: ``count`` is how many of it are unread, None for none."""

    label: str
    url: str
    count: int | None
    count_words: str
    active: bool


@dataclass(frozen=True)
class Shown:
    """What part of one's messages the address asks for: one ``kind``, the ``unread`` ones, or everything."""

    kind: str = ""
    unread: bool = False

    @classmethod
    def asked(cls, request: HttpRequest) -> "Shown":
        """From the address, or from the form of the list it was sent from. What is no kind filters nothing out."""
        sent = request.POST if request.method == "POST" else request.GET
        kind = sent.get("kind", "")[:30]
        return cls(kind=kind) if kind else cls(unread=sent.get("show") == "unread")

    @property
    def query(self) -> str:
        """The same as a query string."""
        asked = {"kind": self.kind, "show": "unread" if self.unread else ""}
        return urlencode({name: value for name, value in asked.items() if value})

    def of(self, notices: Any) -> Any:
        """Those of ``notices`` that it shows."""
        if self.kind:
            return notices.filter(kind=self.kind)
        return notices.unread() if self.unread else notices


def _counts(user: Any) -> tuple[list[tuple[str, int]], int]:
    """Each kind that the reader has something of, with how many are unread, those with news first; and the latest
    message of all: one query."""
    rows = Notice.objects.visible_to(user).values("kind")
    rows = rows.annotate(unread=Count("pk", filter=Q(read_at__isnull=True)), newest=Max("pk"))
    found = list(rows.order_by("-unread", "kind").values_list("kind", "unread", "newest")[:MOST_KINDS])
    return [(kind, unread) for kind, unread, _newest in found], max((newest for *_, newest in found), default=0)


def _tabs(kinds: list[tuple[str, int]], shown: Shown) -> list[Tab]:
    """All, unread, and each kind; with one kind alone its tab would say what “all” says."""

    def tab(label: str, which: Shown, unread: int) -> Tab:
        address = reverse("front:messages") + (f"?{which.query}" if which.query else "")
        return Tab(label, address, unread or None, _("条未读"), which == shown)

    tabs = [tab(_("全部"), Shown(), 0), tab(_("未读"), Shown(unread=True), sum(unread for _kind, unread in kinds))]
    if len(kinds) > 1 or shown.kind:
        tabs += [tab(kind_label(kind), Shown(kind=kind), unread) for kind, unread in kinds]
    return tabs


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def messages(request: HttpRequest) -> HttpResponse:
    """One's messages, newest first. Sent back with ``act=read_all``, all that the list shows are marked as read."""
    shown = Shown.asked(request)
    if request.method == "POST":
        return _mark_shown(request, shown)
    page = page_of(request, shown.of(Notice.objects.visible_to(request.user)), size=NOTICES_A_PAGE)
    kinds, newest = _counts(request.user)
    tabs = _tabs(kinds, shown)
    shut = leading.shut(request.user, (notice.url for notice in page.rows))
    context = {
        "notices": [_line(notice, shut.get(notice.url, "")) for notice in page.rows],
        "tabs": tabs,
        "shown": shown,
        "title": next((tab.label for tab in tabs if tab.active), _("消息")),
        "unread": sum(unread for kind, unread in kinds if not shown.kind or kind == shown.kind),
        "any": bool(kinds),
        "newest": newest,
        "here": request.get_full_path(),
        "newer_url": page.newer_url,
        "older_url": page.older_url,
    }
    return render(request, "front/messages.html", context)


def _line(notice: Notice, closed: str) -> dict[str, Any]:
    """A message as the list shows it; ``closed`` says why it leads nowhere any more."""
    return {
        "id": notice.pk,
        "title": notice.title,
        "body": notice.body,
        "url": "" if closed else notice.url,
        "closed": closed,
        "kind_label": kind_label(notice.kind),
        "at": notice.at,
        "unread": notice.read_at is None,
        "open_url": reverse("front:message", args=[notice.pk]),
    }


def _mark_shown(request: HttpRequest, shown: Shown) -> HttpResponse:
    back = reverse("front:messages") + (f"?{shown.query}" if shown.query else "")
    if request.POST.get("act") == "read_all":
        newest = request.POST.get("newest", "")
        up_to = int(newest) if newest.isascii() and newest.isdigit() and len(newest) < 19 else None
        marked = reading.mark_all_read(user=request.user, kind=shown.kind, at=clock.now(), up_to=up_to)
        if marked:
            flash.success(request, _("%(count)s 条都标为已读了。") % {"count": marked})
    # the list of unread ones is empty now: everything is the better place
    return redirect(reverse("front:messages") if shown.unread else back)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def message(request: HttpRequest, notice_id: int) -> HttpResponse:
    """Mark one message as read and go where it leads; back to the list where it leads nowhere, or where ``act=read``
    asks for no more than the mark. Where the reader may not go any more it says so.

    Sign-in may send people here after a session that ended: opened like a page it leads to the list.
    """
    if request.method != "POST":
        return redirect("front:messages")
    notice = get_object_or_404(Notice.objects.visible_to(request.user), pk=notice_id)
    reading.mark_read(notice=notice, at=clock.now())
    leads = notice.url if request.POST.get("act") != "read" else ""
    if leads and (closed := leading.shut(request.user, [leads])):
        flash.info(request, closed[leads])
        leads = ""
    return redirect(next(filter(_inside, (leads, _list_of(request))), reverse("front:messages")))


def _inside(address: str) -> bool:
    return url_has_allowed_host_and_scheme(address, allowed_hosts=None)


def _list_of(request: HttpRequest) -> str:
    """The list that the button stood on, with its filter and page; empty for anything else."""
    back = request.POST.get("back", "")
    return back if back.split("?")[0] == reverse("front:messages") else ""
