"""Putting two records of one person together at the desk: who it may be, the two side by side, which one stands."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import BadRequest, PermissionDenied, ValidationError
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.core import clock, once
from portal.core.models import AuditEntry
from portal.core.registries import PERSON
from portal.core.templating import date_cn
from portal.people import merging, proposing
from portal.people.models import Person, User
from portal.people.relations import age_on, serves
from portal.people.roles import DESK

from . import access, entering, lifelines
from .acts import ActForm, ReasonForm, say_when
from .merged import led_on, told_apart
from .pieces import add_refusal, who
from .trail import names_of


class MergeForm(ReasonForm):
    """Which of the two stands for both, and what was looked at."""

    stands = forms.ChoiceField(label=gettext_lazy("留下哪一条"), widget=forms.RadioSelect)
    field_order = ("stands", "reason")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = [_("左边这一条"), _("右边这一条")]
        self.fields["stands"].choices = [  # type: ignore[attr-defined]
            (str(person.pk), f"{name}：{person.name}") for name, person in zip(names, self.objs, strict=True)
        ]
        self.fields["reason"].label = _("依据")
        self.fields["reason"].help_text = _("例如：核对了身份证和手机号，是同一个人。不要写号码。最多 200 字。")


class UndoForm(ReasonForm):
    """Which of the merged records is to stand for itself again."""

    record = forms.ModelChoiceField(
        label=gettext_lazy("分开哪一条"), queryset=Person.objects.none(), widget=forms.RadioSelect, empty_label=None
    )
    field_order = ("record", "reason")
    only: Person | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.obj is not None:
            field: Any = self.fields["record"]
            ids = [record.pk for record in merging.merged_into(self.obj) if merging.may_undo(self.user, record)]
            field.queryset = Person.objects.filter(pk__in=ids).order_by("-pk")
            field.label_from_instance = told_apart
            if len(ids) == 1:  # nothing to choose: it is said which one, and taken
                field.initial, field.required = ids[0], False
                say_when(self, "record", _("（只有这一条）"))
                self.only = field.queryset.get()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "record" not in self.errors:
            cleaned["record"] = cleaned.get("record") or self.only
        return cleaned


def run_undo(request: HttpRequest, person: Person, cleaned: dict[str, Any]) -> str:
    """撤销合并."""
    record: Person = cleaned["record"]
    merging.undo(person=record, actor=who(request), at=clock.now(), reason=cleaned["reason"])
    return _("已经分开，两条登记各归各的。")


def may_undo(user: Any, person: Person) -> bool:
    """Whether some of what was merged into ``person`` may be taken apart by ``user``; without any, the desk's right."""
    records = merging.merged_into(person)
    if not records:
        return serves(user, person)
    return any(merging.may_undo(user, record) for record in records)


def has_merged(person: Person) -> bool:
    """Whether there is anything to take apart."""
    return len(person.record_ids()) > 1


def side(request: HttpRequest, person: Person) -> dict[str, Any]:
    """One record as it stands beside the other: masked, with what every room knows of it. ``lines`` are (label, words,
    what is compared): two numbers may look the same behind their masks."""
    account = merging.account_of(person)
    born = (
        _("%(day)s（%(age)d 岁）")
        % {"day": date_cn(person.birth_date), "age": age_on(clock.today(), person.birth_date)}
        if person.birth_date
        else "—"
    )
    held = account.phone_masked or _("有账号") if account is not None else _("没有账号")
    lines = [
        (_("姓名"), person.name, person.name),
        (_("性别"), person.get_sex_display() or "—", person.sex),
        (_("出生日期"), born, person.birth_date),
        (_("所在社区"), str(person.community or "—"), person.community_id),
        (_("联系电话"), person.phone_masked or "—", person.contact_phone),
        (_("住址"), _("已登记") if person.address else "—", person.address),
        (_("账号"), held, account.pk if account is not None else None),
        (_("登记时间"), date_cn(person.created_at), None),
    ]
    shelves = lifelines.shelves(PERSON, request.user, person.record_ids())
    return {"person": person, "lines": lines, "shelves": [shelf for shelf in shelves if shelf.rows]}


def compared(one: dict[str, Any], other: dict[str, Any]) -> list[dict[str, Any]]:
    """The two sides with their lines as (label, words, whether they differ). When it was entered differs always, and
    says nothing."""
    differing = {a[0] for a, b in zip(one["lines"], other["lines"], strict=True) if a[2] != b[2]}
    return [
        {**side, "lines": [(label, words, label in differing) for label, words, _value in side["lines"]]}
        for side in (one, other)
    ]


def _preset(person: Person, other: Person, proposal: AuditEntry | None) -> int:
    """Which of the two is to stand unless one says otherwise: the one that a colleague proposed; the only one with an
    account; the one whose page it is."""
    if proposal is not None:
        return int(proposal.details["into"])
    held = [one for one in (person, other) if User.objects.filter(person__in=one.record_ids()).exists()]
    return held[0].pk if len(held) == 1 else person.pk


class MergePages:
    """For the admin of people: the two pages of merging, and the way on from a merged record's own pages."""

    admin_site: Any

    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> Any:
        try:
            return super().change_view(request, object_id, *args, **kwargs)  # type: ignore[misc]
        except Http404:
            if way := led_on(request, object_id):
                return way
            raise

    def act_view(self, request: HttpRequest, object_id: str, name: str) -> Any:
        return led_on(request, object_id) or super().act_view(request, object_id, name)  # type: ignore[misc]

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> Any:
        way = led_on(request, object_id, "admin:people_person_history")
        return way or super().history_view(request, object_id, extra_context)  # type: ignore[misc]

    def merge_urls(self) -> list[URLPattern]:
        """Below the list of people; before Django's catch-all."""
        wrap = self.admin_site.admin_view
        return [
            path("<int:person_id>/merge/", wrap(self.merge_view), name="people_person_merge"),
            path("<int:person_id>/merge/<int:other_id>/", wrap(self.merge_with_view), name="people_person_merge_with"),
        ]

    def _own(self, request: HttpRequest, person_id: int) -> Person:
        """A living record that the desk serves; 404 for one that is not there for the user, 403 for who only reads."""
        person: Person = self.get_object(request, str(person_id))  # type: ignore[attr-defined]
        if not serves(request.user, person):
            raise PermissionDenied
        return person

    def merge_view(self, request: HttpRequest, person_id: int) -> HttpResponseBase:
        """Who it may be the same as: what the records suggest, and a search."""
        if way := led_on(request, person_id):
            return way
        person = self._own(request, person_id)
        text = request.POST.get("text", "").strip()[:40]
        people = access.people_in(request.user, DESK)
        found = [hit for hit in entering.hits_of(request, Person, text) if hit[0].pk != person.pk] if text else []
        context = {
            **self.admin_site.each_context(request),
            "title": _("合并重复登记"),
            "subtitle": person.name,
            "person": person,
            "suggested": [
                (self.choice_label(other), why, self._with(person, other))  # type: ignore[attr-defined]
                for other, why in merging.candidates(person, people=people)
            ],
            "text": text,
            "asked": bool(text),
            "hits": [(label, self._with(person, other)) for other, label in found],
            "back": self.url_of(person.pk),  # type: ignore[attr-defined]
        }
        return TemplateResponse(request, "admin/people/person/merge.html", context)

    @staticmethod
    def _with(person: Person, other: Person) -> str:
        return reverse("admin:people_person_merge_with", args=[person.pk, other.pk])

    def merge_with_view(self, request: HttpRequest, person_id: int, other_id: int) -> HttpResponseBase:
        """The two side by side; what will change; which one stands. A spent token leads where it led: by then one of
        the two has no page of its own any more."""
        if led := self._merged_before(request):
            messages.info(request, _("这一步已经办过，没有重复办理。"))
            return redirect(self.url_of(led))  # type: ignore[attr-defined]
        if way := led_on(request, person_id) or led_on(request, other_id):
            return way
        person, other = self._pair(request, person_id, other_id)
        data = request.POST if request.method == "POST" else None
        by_two = self._by_two(request, person, other)
        initial = {"stands": str(_preset(person, other, by_two["proposal"]))}
        form: ActForm = MergeForm(data, user=request.user, objs=[person, other], initial=initial)
        if request.method == "POST" and form.is_valid():
            answer = self._merge(request, form, person, other)
            if answer is not None:
                return answer
        context = {
            **self.admin_site.each_context(request),
            "title": _("合并重复登记"),
            "subtitle": None,
            "sides": compared(side(request, person), side(request, other)),
            "against": merging.against(person, other),
            **by_two,
            "form": form,
            "once": request.POST.get("once") or once.token(),
            "person": person,
            "correct": [reverse("admin:people_person_act", args=[each.pk, "correct"]) for each in (person, other)],
            "back": reverse("admin:people_person_merge", args=[person.pk]),
        }
        return TemplateResponse(request, "admin/people/person/merge_with.html", context)

    @staticmethod
    def _by_two(request: HttpRequest, person: Person, other: Person) -> dict[str, Any]:
        """Why it takes another, where it does; whether that is proposed already; and what a colleague proposed."""
        actor, at = who(request), clock.now()
        said = proposing.proposal(person, other, actor, at)
        return {
            "alone": proposing.stops(person, other, actor, at),
            "proposed": proposing.proposed_by(person, other, actor, at),
            "proposal": said,
            "said": f"{names_of([said.actor_id])[said.actor_id]}：{said.remark.text}" if said is not None else "",
        }

    @staticmethod
    def _owner(request: HttpRequest) -> str:
        return f"person.merge:{request.user.pk}"

    def _merged_before(self, request: HttpRequest) -> str:
        """The record that stands since an earlier sending of this very form; empty if there was none."""
        token = request.POST.get("once", "") if request.method == "POST" else ""
        return once.spent(owner=self._owner(request), token=token) or "" if token else ""

    def _pair(self, request: HttpRequest, person_id: int, other_id: int) -> tuple[Person, Person]:
        if person_id == other_id:
            raise Http404
        person, other = self._own(request, person_id), self._own(request, other_id)
        if not merging.may_merge(request.user, person, other):
            raise PermissionDenied
        return person, other

    def _merge(self, request: HttpRequest, form: ActForm, person: Person, other: Person) -> HttpResponseBase | None:
        """The answer to a sending that was carried out, now or before; None after a refusal."""
        stands = person if form.cleaned_data["stands"] == str(person.pk) else other
        goes = other if stands == person else person
        token = request.POST.get("once", "")
        if not token or len(token) > once.LENGTH:
            raise BadRequest("a form that merges needs its once token")

        proposes = "propose" in request.POST
        carry_out = merging.propose if proposes else merging.merge

        def act() -> str:
            carry_out(person=goes, into=stands, actor=who(request), at=clock.now(), reason=form.cleaned_data["reason"])
            return str(stands.pk)

        try:
            led, fresh = once.carry_out(owner=self._owner(request), token=token, act=act)
        except ValidationError as refusal:
            add_refusal(form, refusal)
            return None
        if fresh and proposes:
            messages.success(request, _("提议已经留下，还没有合并。同事在“今天”里看得到，核对后合并。"))
        elif fresh:
            messages.success(request, _("两条登记合在一起了。要是错了，可以在这一页“撤销合并”。"))
        else:
            messages.info(request, _("这一步已经办过，没有重复办理。"))
        return redirect(self.url_of(led))  # type: ignore[attr-defined]
