"""Guardians of children and relatives who act for an elder: recorded by the desk from a paper, looked at by a second
person, ended with a reason."""

from collections.abc import Callable
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from portal.core import clock
from portal.core.plaintext import PlainTextField
from portal.core.templating import date_cn
from portal.people import entrusting, kin, relations
from portal.people.models import Authorisation, Channel, Guardianship, RelationState

from .. import access
from ..acts import Act, ActsAdmin
from ..entering import EnteredForm, EnteredPage
from ..filters import Held
from ..pieces import badge, who


def _confirm(request: HttpRequest, row: Any, cleaned: dict[str, Any]) -> None:
    entrusting.confirm(row=row, actor=who(request), at=clock.now())


def _refuse(request: HttpRequest, row: Any, cleaned: dict[str, Any]) -> None:
    entrusting.refuse(row=row, actor=who(request), at=clock.now(), reason=cleaned["reason"])


def _end_guardianship(request: HttpRequest, row: Guardianship, cleaned: dict[str, Any]) -> None:
    relations.end_guardianship(guardianship=row, actor=who(request), at=clock.now(), reason=cleaned["reason"])


def _end_authorisation(request: HttpRequest, row: Authorisation, cleaned: dict[str, Any]) -> None:
    relations.end_authorisation(authorisation=row, actor=who(request), at=clock.now(), reason=cleaned["reason"])


def _acts(served: str, end: Callable[..., None], opens: Any, closes: Any) -> tuple[Act, ...]:
    """Looked at by a second person, and ended by the desk that serves the person named by ``served``."""
    return (
        Act(
            "confirm",
            _("核对无误"),
            run=_confirm,
            allowed=entrusting.checks,
            possible=lambda row: row.waits,
            tone="primary",
            description=opens,
        ),
        Act(
            "refuse",
            _("不通过"),
            run=_refuse,
            allowed=entrusting.checks,
            possible=lambda row: row.waits,
            needs_reason=True,
            tone="danger",
            description=_("双方都会收到理由，请写清楚差什么、怎么补。"),
        ),
        Act(
            "end",
            _("结束"),
            run=end,
            allowed=lambda user, row: relations.serves(user, getattr(row, served)),
            possible=lambda row: row.until is None and not row.waits,
            needs_reason=True,
            tone="danger",
            description=closes,
        ),
    )


class InForce(Held):
    """Relations in force, those that a second person has to look at, and those that are over."""

    title = _("状态")
    now, past = _("有效"), _("已结束")

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("waits", RelationState.ENTERED.label), ("mine", _("等您核对")), *super().lookups(request, model_admin)]

    def holding(self) -> Q:
        return Q(until__isnull=True, state=RelationState.CONFIRMED)

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        waits = Q(until__isnull=True, state=RelationState.ENTERED)
        if self.value() in {"waits", "mine"}:
            rows = queryset.filter(waits)
            return rows.exclude(recorded_by=request.user.pk) if self.value() == "mine" else rows
        return super().queryset(request, queryset.exclude(waits) if self.value() == "past" else queryset)


def _face_to_face() -> list[tuple[str, Any]]:
    """A relation rests on papers and signatures: nobody shows them by phone."""
    return [("", _t("请选择")), *((way.value, way.label) for way in (Channel.COUNTER, Channel.VISIT))]


class _RelationForm(EnteredForm):
    """What both ask beside the two people. ``paper_words`` says which paper."""

    channel = forms.ChoiceField(
        label=_("渠道"),
        choices=_face_to_face,
        error_messages={"required": _("要当面看证件和签字，请选窗口或者上门。")},
    )
    paper_words: ClassVar[Any] = ""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["paper"].label = _("证明的照片或扫描件（必须附）")
        self.fields["paper"].help_text = _t("%(what)s图片或 PDF，不超过 10 MB。") % {"what": self.paper_words}


class GuardianshipForm(_RelationForm):
    """A guardian, by which bond, and by which document the desk knows."""

    bond = forms.ChoiceField(
        label=_("监护人是孩子的"),
        choices=[("", _("请选择")), *Guardianship.Bond.choices],
        error_messages={"required": _("请选监护人是孩子的什么人。")},
    )
    relation = PlainTextField(
        label=_("怎么称呼"),
        max_length=kin.LONGEST,
        required=False,
        help_text=_("父母不用填。别的写一下，例如：奶奶、外公、姨妈。"),
    )
    document = forms.ChoiceField(
        label=_("看了什么证明"),
        choices=[("", _("请选择")), *Guardianship.Document.choices],
        error_messages={"required": _("请选看了哪一种证明。")},
    )
    paper_words = _("拍下所看的证明：户口本上孩子和监护人的两页、出生证明，或者法律文书。")


class AuthorisationForm(_RelationForm):
    """An agent, and what they are to whom they act for."""

    KINDS: ClassVar[Any] = ("儿子", "女儿", "丈夫", "妻子", "兄弟", "姐妹", "孙子", "孙女", "外孙", "外孙女")
    OTHER: ClassVar[str] = "other"

    begun_for = "principal"
    kind = forms.ChoiceField(
        label=_("代办人是授权人的"),
        choices=[("", _("请选择")), *((word, _(word)) for word in KINDS), (OTHER, _("其他"))],
        error_messages={"required": _("请选代办人是本人的什么人。")},
    )
    relation = PlainTextField(
        label=_("其他关系"),
        max_length=kin.LONGEST,
        required=False,
        help_text=_("上面选“其他”的，写是什么关系，例如：外甥女、老邻居。"),
    )
    paper_words = _("拍下本人签字的委托单，写明替办哪些事。")

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or {}
        kind = cleaned.get("kind")
        if kind and kind != self.OTHER:
            cleaned["relation"] = kind
        elif kind and not cleaned.get("relation") and "relation" not in self.errors:
            self.add_error("relation", ValidationError(_t("选了“其他”，请写是什么关系。")))
        return cleaned


def _known_by(person: Any) -> str:
    """The name, with sex and birth date where they are known."""
    said = (person.get_sex_display(), _t("%s出生") % date_cn(person.birth_date) if person.birth_date else "")
    return " · ".join(filter(None, (person.name, *map(str, said))))


class _Relation(EnteredPage, ActsAdmin):
    """What both share. ``served`` names the person whose desk decides: the child, the elder. ``record`` is the act by
    which the relation begins; it takes what is ``typed`` by the names of its arguments."""

    served = ""
    record: Callable[..., Any]
    typed: ClassVar[tuple[str, ...]] = ()
    asked: ClassVar[tuple[str, ...]] = ()
    shown: ClassVar[tuple[str, ...]] = ()
    list_filter = (InForce,)
    ordering = ("-since", "-id")

    def rows(self, user: Any) -> Any:
        rows = self.model._default_manager.filter(access.of_people_in(user, self.served))
        return rows.select_related(*self.autocomplete_fields, "recorded_by", "checked_by")

    def may_view(self, user: Any, obj: Any = None) -> bool:
        return access.is_one_of(user, access.READERS)

    def may_add(self, user: Any) -> bool:
        return access.is_of_desk(user)

    def may_keep(self, user: Any, obj: Any) -> bool:
        return relations.serves(user, getattr(obj, self.served))

    def store(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        said = {name: form.cleaned_data[name] for name in self.typed}
        scan = form.kept_scan(entrusting.RELATION_SCAN)
        self.adopt(obj, self.record(**said, scan=scan, actor=who(request), at=clock.now()))

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Who typed what waits reads that another one looks at it."""
        if obj is None:
            return self.asked
        waits = obj.waits and not entrusting.checks(request.user, obj)
        return (*self.shown, *(("second",) if waits else ()), "channel", "recorded_by", "checked_by", "paper_link")

    @admin.display(description=_("谁来核对"))
    def second(self, obj: Any) -> str:
        return _t("请另一位工作人员来核对：录入的人，和双方有关的人，都不能核对。")

    def get_changeform_initial_data(self, request: HttpRequest) -> Any:
        return {"since": clock.today(), **super().get_changeform_initial_data(request)}

    def summary(self, obj: Any) -> list[tuple[str, Any]]:
        """All that the paper has to bear out: the two with their birth dates, the relation, its day, and the paper."""
        names = [
            (str(obj._meta.get_field(n).verbose_name), _known_by(getattr(obj, n))) for n in self.autocomplete_fields
        ]
        said = [(str(_("关系")), obj.relation), *self.borne_out(obj), (str(_("起")), date_cn(obj.since))]
        return [*names, *said, (str(_("纸质单")), self.paper_link(obj))]

    def borne_out(self, obj: Any) -> list[tuple[str, Any]]:
        """What else the paper says."""
        return []

    @admin.display(description=_("状态"))
    def standing(self, obj: Any) -> Any:
        if obj.waits:
            return badge(RelationState.ENTERED.label, "wait")
        if obj.state == RelationState.REFUSED:
            return badge(RelationState.REFUSED.label, "stop")
        in_force = obj.until is None or obj.until > clock.today()
        return badge(_("有效"), "done") if in_force else badge(_("已结束"), "plain")


@admin.register(Guardianship)
class GuardianshipAdmin(_Relation):
    served = "child"
    form = GuardianshipForm
    list_display = ("child", "guardian", "relation", "since", "until", "standing")
    search_fields = ("child__name", "guardian__name")
    autocomplete_fields = ("child", "guardian")
    typed = ("child", "guardian", "bond", "relation", "document", "since", "channel")
    asked = (*typed, "paper")
    shown = ("child", "guardian", "bond", "relation", "since", "until", "standing", "document")
    record = staticmethod(entrusting.record_guardianship)

    def borne_out(self, obj: Any) -> list[tuple[str, Any]]:
        return [(str(_("依据")), obj.get_bond_display()), (str(_("看过的证明")), obj.get_document_display())]

    acts = _acts(
        "child",
        _end_guardianship,
        _("对着附的证明核对：孩子和监护人是不是本人，关系对不对。通过以后，监护人可以替孩子办事、看孩子的记录。"),
        _("从今天起，这位监护人不再替孩子办事、看记录。"),
    )


@admin.register(Authorisation)
class AuthorisationAdmin(_Relation):
    served = "principal"
    form = AuthorisationForm
    list_display = ("principal", "agent", "relation", "since", "until", "standing")
    search_fields = ("principal__name", "agent__name")
    autocomplete_fields = ("principal", "agent")
    typed = ("principal", "agent", "relation", "since", "channel")
    asked = ("principal", "agent", "kind", "relation", "since", "channel", "paper")
    shown = ("principal", "agent", "relation", "since", "until", "standing")
    record = staticmethod(entrusting.record_authorisation)
    acts = _acts(
        "principal",
        _end_authorisation,
        _("对着签字的委托单核对：本人愿意，代办的人对。通过以后，代办人可以替本人办事。"),
        _("从今天起，代办人不再替本人办事、看记录。"),
    )
