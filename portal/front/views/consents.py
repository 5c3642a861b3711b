"""What one agreed to: given and withdrawn on the same page, in the same number of steps."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages as flash
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from portal.core import clock
from portal.core.templating import datetime_cn
from portal.people import consenting
from portal.people.consenting import Answer, Standing, WordsChanged
from portal.people.models import Channel
from portal.people.sessions import signed_in

from ..own_data import Whose, children_of, held_without_consent, whose

_WORDS = {
    Standing.NEVER: (gettext_lazy("没有同意过"), "plain"),
    Standing.GIVEN: (gettext_lazy("同意了"), "green"),
    Standing.OUTDATED: (gettext_lazy("文字更新了，请再看一遍"), "amber"),
    Standing.WITHDRAWN: (gettext_lazy("已撤回"), "plain"),
}


@dataclass(frozen=True)
class ConsentView:
    """An answer as a page shows it."""

    title: str
    badge_text: str
    badge_tone: str
    said: str
    url: str
    given: bool
    text: str
    effect: str
    notice: str
    version: str
    readers: str
    field_words: str


@require_safe
@signed_in
def consents(request: HttpRequest) -> HttpResponse:
    """Every purpose that rests on consent, for oneself and for each child under 14."""
    user: Any = request.user
    own = Whose(user.person.resolved if user.person is not None else None, user, child=False)
    people = [own, *(Whose(child, user, child=True) for child in children_of(user))]
    groups = [
        (subject, [_view(one, subject) for one in consenting.answers(subject.person)])
        for subject in people
        if subject.person is not None
    ]
    return render(request, "front/consents.html", {"groups": groups})


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def consent(request: HttpRequest, purpose: str) -> HttpResponse:
    """One consent: the words, what stops when it is withdrawn, and one button. Sent back with ``act`` give or withdraw
    it is said; saying it again changes nothing. Given to words that changed meanwhile, the page comes back with the
    new ones."""
    subject = whose(request)
    found = [one for one in consenting.answers(subject.person) if one.purpose.id == purpose] if subject.person else []
    if not found:
        raise Http404
    if request.method == "POST":
        return _say(request, subject, purpose)
    context = {
        "subject": subject,
        "consent": _view(found[0], subject),
        # Of a child everything stands beside it: what is held without this consent, and stays when it is taken back.
        "besides": held_without_consent(subject) if purpose == consenting.CHILD_PURPOSE else [],
        "here": request.get_full_path(),
    }
    return render(request, "front/consent.html", context)


def _say(request: HttpRequest, subject: Whose, purpose: str) -> HttpResponse:
    give = request.POST.get("act") == "give"
    said: dict[str, Any] = {
        "person": subject.record,
        "purpose": purpose,
        "channel": Channel.ONLINE,
        "at": clock.now(),
        "guardian": subject.guardian,
        "actor_id": request.user.pk,
    }
    try:
        if give:
            consenting.give(**said, version=request.POST.get("version", ""))
        else:
            consenting.withdraw(**said)
    except WordsChanged as refusal:
        flash.error(request, refusal.messages[0])
        return redirect(request.get_full_path())
    except ValidationError as refusal:
        flash.error(request, refusal.messages[0])
    else:
        flash.success(request, _("记下了：您同意了。随时可以撤回。") if give else _withdrawn(purpose))
    return redirect("front:consents")


def _withdrawn(purpose: str) -> str:
    if purpose == consenting.CHILD_PURPOSE:
        return _("已经撤回，马上生效。性别、联系电话和住址三栏已经清除；还留着什么、为什么，点开这一项看。")
    return _("已经撤回，马上生效。")


def _view(answer: Answer, subject: Whose) -> ConsentView:
    consent, record = answer.purpose.consent, answer.record
    if consent is None:
        raise Http404
    words, tone = _WORDS[answer.standing]
    said = ""
    if answer.purpose.id == consenting.CHILD_PURPOSE and answer.standing != Standing.GIVEN:
        tone, said = "amber", _("您同意以后，才能替孩子办新的事")
    if record is not None:
        said = f"{record.get_act_display()} · {datetime_cn(record.at)} · {record.get_channel_display()}"
    return ConsentView(
        title=str(answer.purpose.title),
        badge_text=str(words),
        badge_tone=tone,
        said=said,
        url=reverse("front:consent", args=[answer.purpose.id]) + subject.query,
        given=answer.standing == Standing.GIVEN,
        text=str(consent.text),
        effect=str(consent.effect),
        notice=str(answer.purpose.notice),
        version=consent.version,
        readers=str(answer.purpose.readers),
        field_words=str(answer.purpose.field_words),
    )
