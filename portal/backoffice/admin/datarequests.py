"""What people ask the office to do with their own data: answered here by somebody else, within 15 working days."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from portal.core import clock
from portal.core.plaintext import PlainTextField
from portal.core.registries import OnBehalf, on_behalf
from portal.people import correcting
from portal.people.models import DataRequest
from portal.people.readers import REQUEST_SCAN

from .. import access, in_hand
from ..acts import Act, ActForm, ActsAdmin, can
from ..entering import EnteredForm
from ..filters import DayRange
from ..handing import may_answer
from ..pieces import person_link, who
from ..requested import RequestPage
from ..trail import name_verb

name_verb("person.corrected", _("更正登记"))
name_verb("data.erased", _("删除个人信息"))
name_verb("data.exported", _("本人导出个人信息"))
name_verb("consent.given", _("同意一项处理"))
name_verb("consent.withdrawn", _("撤回同意"))
name_verb("person.paper_opened", _("查看更正、删除请求的纸质单"))
name_verb("account.left", _("本人注销账号"))
name_verb("people.erased", _("到期清除离开的人"))


class DoneForm(ActForm):
    """What was done, for the person to read."""

    note = PlainTextField(
        label=_("给本人的说明"),
        max_length=200,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("本人看得到。“别的内容”要写明改了什么。不要写身份证号、手机号。"),
    )


def _apply(request: HttpRequest, obj: DataRequest, cleaned: dict[str, Any]) -> None:
    correcting.apply(request=obj, actor=who(request), at=clock.now(), note=cleaned["note"])


def _refuse(request: HttpRequest, obj: DataRequest, cleaned: dict[str, Any]) -> None:
    correcting.refuse(request=obj, actor=who(request), at=clock.now(), reason=cleaned["reason"])


class EntryForm(EnteredForm):
    """A request of somebody who came, phoned or was visited."""

    kind = forms.ChoiceField(label=_("要什么"), choices=DataRequest.Kind.choices)
    field = forms.ChoiceField(
        label=_("哪一项"), choices=[("", "—"), *DataRequest.Field.choices], required=False, help_text=_("更正时要选。")
    )
    value = PlainTextField(
        label=_("改成什么"),
        max_length=40,
        required=False,
        help_text=_("性别写 女 或 男；出生日期写成 1950-03-05。"),
    )
    words = PlainTextField(label=_("说明"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3}))

    class Meta:
        model = DataRequest
        fields = ("subject", "asker")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["paper"].help_text = _(
            "删除的必须附本人签字的纸质单（窗口或上门）；不是本人来提、也没有登记监护或代办的，附本人的委托单。"
            "图片或 PDF，不超过 10 MB。"
        )

    def clean_value(self) -> str:
        """The words of the form for the two sexes; everything else as it was typed."""
        typed = self.cleaned_data["value"]
        return {"女": "female", "男": "male"}.get(typed, typed)

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or {}
        if cleaned.get("kind") == DataRequest.Kind.CORRECT and not cleaned.get("field"):
            self.add_error("field", _("请选要更正哪一项。"))
        return cleaned


@admin.register(DataRequest)
class DataRequestAdmin(RequestPage, ActsAdmin):
    scope = "in_scope"
    form = EntryForm
    list_display = ("number", "asked_for", "subject", "community", "state_badge", "due", "handled_by", "created_at")
    list_filter = (in_hand.HandFilter, "state", "kind", "community", "channel", ("created_at", DayRange))
    list_select_related = ("subject", "community", "handler__person")
    search_fields = ("code",)
    search_help_text = _("按单号查找")
    ordering = ("-created_at", "-id")
    autocomplete_fields = ("subject", "asker")
    sealed_shown = ("words",)
    state_tones = {DataRequest.State.ASKED: "wait", DataRequest.State.DONE: "done"}
    acts = (
        Act(
            "apply",
            _("按请求办好"),
            run=_apply,
            allowed=may_answer,
            possible=can("apply"),
            form_class=DoneForm,
            tone="primary",
            description=_(
                "核对过证件再按。更正姓名、性别、出生日期的，登记当场改好；删除的，能删的当场删掉；"
                "“别的内容”请先到那条记录上改好。本人会收到消息。"
            ),
        ),
        Act(
            "refuse",
            _("不予办理"),
            run=_refuse,
            allowed=may_answer,
            possible=can("refuse"),
            needs_reason=True,
            tone="danger",
            description=_("理由给本人看。法律规定要说明理由，本人可以投诉或起诉。"),
        ),
        *in_hand.acts(is_open=lambda request: request.state == DataRequest.State.ASKED),
    )

    def may_view(self, user: Any, obj: Any = None) -> bool:
        if obj is None:
            return access.is_one_of(user, correcting.DECIDERS)
        return correcting.decides(user, obj)

    def may_add(self, user: Any) -> bool:
        return access.is_one_of(user, correcting.DECIDERS)

    def may_keep(self, user: Any, obj: Any) -> bool:
        return self.may_add(user)

    def store(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """The same act as online, with the typist and the channel on the record."""
        data, typist = form.cleaned_data, who(request)
        common: Any = {
            "person": data["subject"],
            "asker": data["asker"],
            "words": data["words"],
            "actor": typist,
            "typist": typist,
            "channel": data["channel"],
            "scan": form.kept_scan(REQUEST_SCAN),
            "at": clock.now(),
        }
        if data["kind"] == DataRequest.Kind.ERASE:
            made = correcting.ask_erasure(**common)
        else:
            made = correcting.ask(field=data["field"], value=data["value"], **common)
        self.adopt(obj, made)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is None:
            return ("subject", "asker", "kind", "field", "value", "words", "channel", "paper")
        # once it is answered, what stands now is no longer what stood when it was asked
        now = ("stands_now",) if obj.state == DataRequest.State.ASKED else ()
        asked = (*self._not_yours(request, obj), "number", "state_badge", "due", "asked_for", *now, "wished", "words")
        return (*asked, "subject_name", "asker_name", "typist", "channel", "paper_link", "created_at")

    @staticmethod
    def _not_yours(request: HttpRequest, obj: DataRequest) -> tuple[str, ...]:
        """Why there is no button, for who answers here but not this one."""
        if obj.state != DataRequest.State.ASKED or may_answer(request.user, obj):
            return ()
        return ("typed_by_you",) if obj.typist_id == request.user.pk else ("about_you",)

    @admin.display(description=_("谁来办"))
    def typed_by_you(self, obj: DataRequest) -> str:
        return _t("这条是您录入的，请另一位工作人员来办。")

    @admin.display(description=_("谁来办"))
    def about_you(self, obj: DataRequest) -> str:
        return _t("这条关系到您本人，请另一位工作人员来办。")

    @admin.display(description=_("请求"))
    def asked_for(self, obj: DataRequest) -> str:
        return obj.what

    @admin.display(description=_("现在登记的"))
    def stands_now(self, obj: DataRequest) -> str:
        if not obj.field or obj.field == DataRequest.Field.OTHER:
            return "—"
        return correcting.shown_value(obj.field, correcting.value_of(obj.subject, obj.field)) or str(_("没有登记"))

    @admin.display(description=_("改成什么"))
    def wished(self, obj: DataRequest) -> str:
        return correcting.shown_value(obj.field, obj.value) or "—"

    @admin.display(description=_("谁的信息"))
    def subject_name(self, obj: DataRequest) -> SafeString:
        return person_link(obj.subject)

    def summary(self, obj: Any) -> list[tuple[str, Any]]:
        return [
            (str(_("谁的信息")), obj.subject.name),
            (str(_("请求")), obj.what),
            (str(_("现在登记的")), self.stands_now(obj)),
            (str(_("改成什么")), self.wished(obj)),
            (str(_("说明")), obj.words or "—"),
        ]


on_behalf.add(
    OnBehalf(
        id="people.datarequest",
        label=_("更正或删除个人信息"),
        icon="file-pen-line",
        url=lambda person: (
            reverse("admin:people_datarequest_add") + (f"?subject={person.pk}&asker={person.pk}" if person else "")
        ),
        shown=lambda user: access.is_one_of(user, correcting.DECIDERS),
        order=90,
    )
)
