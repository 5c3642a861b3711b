"""People: found by name or whole phone, entered at the desk, their contact shown masked and whole on the record."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.options import IS_POPUP_VAR
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.core import clock
from portal.core.plaintext import PlainTextField
from portal.core.registries import PERSON
from portal.people import contacting, correcting, facts, merging, phones, weighing
from portal.people.access import is_own, roles_of
from portal.people.fields import NameField
from portal.people.models import Person, PersonArea, User
from portal.people.relations import age_on, serves
from portal.people.roles import DESK
from portal.places.models import Level

from .. import access, entering, finding, merge_pages, trail, twins
from ..acts import Act, ActForm, ActsAdmin, ReasonForm, Shown
from ..besides import no_phone
from ..lifelines import DossierPage, to_enter
from ..merge_pages import MergePages
from ..merged import told_apart
from ..narrowing import AccountFilter, AgeFilter, BuildingFilter
from ..pieces import DAY, badge, shown, who
from ..trail import field_words
from . import consents


class ContactForm(ActForm):
    """A new phone and address; what stands now is not shown here."""

    contact_phone = forms.CharField(
        label=gettext_lazy("联系电话"),
        required=False,
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
        help_text=gettext_lazy("留空则不改。"),
    )
    address = PlainTextField(
        label=gettext_lazy("住址"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=gettext_lazy("留空则不改。"),
    )

    def clean_contact_phone(self) -> str:
        text = self.cleaned_data["contact_phone"]
        return phones.clean_contact(text) if text else ""


def _show_contact(request: HttpRequest, person: Person, cleaned: dict[str, Any]) -> Shown:
    seen = contacting.show_contact(person=person, actor=who(request), at=clock.now(), reason=cleaned["reason"])
    lines = [(_("联系电话"), seen["contact_phone"] or _("没有登记"))]
    if seen["sign_in_phone"]:
        lines.append((_("登录手机"), seen["sign_in_phone"]))
    if seen["own_contact_phone"]:
        lines.append((_("本人填的联系电话"), seen["own_contact_phone"]))
    lines.append((_("住址"), seen["address"] or _("没有登记")))
    if seen["own_address"]:
        lines.append((_("本人填的住址"), seen["own_address"]))
    return Shown(person.name, lines, _("只显示这一次。这次查看已经留下记录。"))


def _change_contact(request: HttpRequest, person: Person, cleaned: dict[str, Any]) -> str:
    contacting.change_contact(person=person, actor=who(request), at=clock.now(), **cleaned)
    return _("联系方式已改。")


class CorrectForm(ReasonForm):
    """What stands now, to be put right. Only what was changed on the form is changed in the record."""

    name = NameField(widget=forms.TextInput(attrs={"autocomplete": "off"}))
    sex = forms.ChoiceField(
        label=gettext_lazy("性别"), required=False, choices=[("", gettext_lazy("没有登记")), *Person.Sex.choices]
    )
    birth_date = forms.DateField(label=gettext_lazy("出生日期"), required=False, widget=DAY)
    field_order = ("name", "sex", "birth_date", "reason")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].label = gettext_lazy("依据")
        self.fields["reason"].help_text = gettext_lazy(
            "例如：核对了身份证，登记时写错了一个字。本人有账号的看得到。不要写号码，最多 200 字。"
        )
        if self.obj is not None:
            for name in facts.FACTS:
                self.fields[name].initial = getattr(self.obj, name)
            if why := weighing.record_weighs(self.obj, clock.today()):
                words = _("更正这条登记要两个人办：%s。填好提交，下一步由您录请求，另一位同事核对后办好。")
                self.foreword = words % "，".join(why)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        changed = {name: cleaned[name] for name in facts.FACTS if name in self.changed_data and name in cleaned}
        return {**cleaned, "changed": changed}


def _correct(request: HttpRequest, person: Person, cleaned: dict[str, Any]) -> str:
    values = cleaned["changed"]
    try:
        facts.correct(person=person, values=values, actor=who(request), at=clock.now(), reason=cleaned["reason"])
    except weighing.NeedsAnother as refusal:
        links = [_asking_link(request, person, name, values[name], cleaned["reason"]) for name in refusal.fields]
        words = format_html("{} {}", refusal.messages[0], format_html_join(" ", "{}", ((link,) for link in links)))
        raise ValidationError(words) from refusal
    return _("登记已更正。")


def _asking_link(request: HttpRequest, person: Person, name: str, value: Any, reason: str) -> SafeString:
    """The way to entering a request for another to carry out, begun with what was typed; nothing of it stands in the
    address. A child's is asked for by its guardian."""
    shown_value = correcting.shown_value(name, str(value)) if name == "sex" else str(value or "")
    ward = person.guardianships.in_force(clock.today()).order_by("pk").first()
    asker = ward.guardian.resolved if ward is not None else person
    typed = {"subject": str(person.pk), "asker": str(asker.pk), "kind": "correct", "field": name}
    path = reverse("admin:people_datarequest_add")
    url = entering.begun(request, path, {**typed, "value": shown_value, "words": reason})
    return format_html('<a href="{}">{}</a>', url, _("录入更正%s的请求") % field_words(Person, [name]))


def _account_text(account: User | None) -> str:
    if account is None:
        return _("没有账号")
    phone = account.phone_masked
    standing = _("有账号") if account.is_active else _("已停用")
    return f"{standing}（{phone}）" if phone else standing


class PeopleList(finding.KeptChangeList):
    """The list with each person's account, looked up for the page at once."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        rows: Any = list(self.result_list)
        accounts = merging.accounts_of(rows)
        for person in rows:
            person.account_held = accounts.get(person.pk)
        self.result_list = rows


@admin.register(Person)
class PersonAdmin(MergePages, DossierPage, ActsAdmin):
    of = PERSON
    change_form_template = "admin/people/person/change_form.html"
    list_display = ("name", "sex", "age", "community", "phone", "account")
    list_filter = (finding.Among, "community", AgeFilter, BuildingFilter, AccountFilter, "sex")
    list_select_related = ("community",)
    search_fields = ("name",)
    ordering = ("-id",)
    sealed_shown = ("contact_phone", "address")  # typed on the form that enters a person, never read back
    change_list_template = "admin/people/person/change_list.html"
    number_typed = gettext_lazy("按手机号查找请用上面的搜索框，号码不要写在网址里。")
    acts = (
        Act(
            "contact",
            gettext_lazy("查看完整电话"),
            run=_show_contact,
            allowed=serves,
            form_class=ReasonForm,
            button=gettext_lazy("看一次"),
            description=gettext_lazy("完整的电话和住址只显示一次。谁看的、什么时候、为什么，都会留下记录。"),
        ),
        Act(
            "change_contact",
            gettext_lazy("修改联系方式"),
            run=_change_contact,
            allowed=serves,
            form_class=ContactForm,
            button=gettext_lazy("保存"),
            description=gettext_lazy("改的是联系电话和住址；登录用的手机号由本人在“我的”里换。"),
        ),
        Act(
            "correct",
            gettext_lazy("更正登记"),
            run=_correct,
            allowed=facts.may_correct,
            form_class=CorrectForm,
            button=gettext_lazy("更正"),
            description=gettext_lazy(
                "姓名、性别、出生日期登记错了才改，要看过证件。一次改一项小错自己就能办；"
                "改得多的、本人登录过的、有监护人的孩子，要两个人办。改了哪几项、谁改的、依据什么都留下记录；"
                "有账号的本人会收到消息。自己的登记请另一位工作人员来改。"
            ),
        ),
        *consents.ACTS,
        Act(
            "unmerge",
            gettext_lazy("撤销合并"),
            run=merge_pages.run_undo,
            allowed=merge_pages.may_undo,
            possible=merge_pages.has_merged,
            form_class=merge_pages.UndoForm,
            tone="danger",
            button=gettext_lazy("分开"),
            description=gettext_lazy(
                "两条登记不是同一个人时用。记录从来没有搬动过，分开后各归各的。有账号的会收到消息。"
            ),
        ),
    )

    def rows(self, user: Any) -> Any:
        return access.people_in(user).select_related("community")

    def may_view(self, user: Any, obj: Any = None) -> bool:
        return access.is_one_of(user, access.READERS)

    def may_add(self, user: Any) -> bool:
        return access.is_of_desk(user)

    def may_keep(self, user: Any, obj: Person) -> bool:
        """A new person stands in a community where the user is of the desk; who is registered is changed by acts."""
        if obj.pk:
            return False
        desks = access.areas_in(user, DESK).communities()
        return obj.community_id is not None and desks.filter(pk=obj.community_id).exists()

    def store(self, request: HttpRequest, obj: Person, form: Any, change: bool) -> None:
        """A new person whom a 网格员 enters belongs to that grid too; else the grid's own desk would not see them."""
        contacting.enter_person(person=obj, at=clock.now())
        for role in roles_of(request.user, DESK):
            community = role.area.parent
            if role.area.level == Level.GRID and community is not None and community.pk == obj.community_id:
                PersonArea.note(person_id=obj.pk, community_id=community.pk, grid_id=role.area_id)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is None:
            return ("name", "sex", "birth_date", "community", "contact_phone", "address")
        return ("name", "sex", "birth_date", "community", "phone", "address_kept", "account", "entered")

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        if obj is None:
            kwargs["form"] = twins.PersonForm
        form = super().get_form(request, obj, change=change, **kwargs)
        if obj is None:
            form.base_fields["community"].required = True
            form.among = access.people_in(request.user, DESK)
        return form

    def get_changeform_initial_data(self, request: HttpRequest) -> Any:
        """The only community there is to choose is chosen."""
        return access.only_community(request.user)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return [*super().get_readonly_fields(request, obj), "phone", "address_kept", "account", "entered"]

    def choices_of(self, db_field: Any, request: HttpRequest) -> Any:
        rows = super().choices_of(db_field, request)
        return access.areas_in(request.user, DESK).communities() if db_field.name == "community" else rows

    def choice_label(self, obj: Person) -> str:
        """Namesakes are told apart by age and the masked phone."""
        marks = [self.age(obj) if obj.birth_date else "", obj.phone_masked]
        told_apart = " ".join(filter(None, marks))
        return f"{obj.name}（{told_apart}）" if told_apart else obj.name

    @admin.display(description=gettext_lazy("年龄"), ordering="-birth_date")
    def age(self, obj: Person) -> str:
        return _("%d 岁") % age_on(clock.today(), obj.birth_date) if obj.birth_date else "—"

    @admin.display(description=gettext_lazy("联系电话"))
    def phone(self, obj: Person) -> str:
        return obj.phone_masked or "—"

    @admin.display(description=gettext_lazy("住址"))
    def address_kept(self, obj: Person) -> str:
        return _("已登记") if obj.address else "—"

    @admin.display(description=gettext_lazy("账号"))
    def account(self, obj: Any) -> Any:
        user = obj.account_held if hasattr(obj, "account_held") else merging.account_of(obj)
        if user is None:
            return "—"
        return badge(_("有账号"), "done") if user.is_active else badge(_("已停用"), "stop")

    @admin.display(description=gettext_lazy("登记时间"))
    def entered(self, obj: Person) -> Any:
        return shown(obj.created_at)

    def summary(self, obj: Person) -> list[tuple[str, Any]]:
        return [
            (_("姓名"), obj.name),
            (_("年龄"), self.age(obj)),
            (_("所在社区"), str(obj.community or "—")),
            (_("联系电话"), self.phone(obj)),
        ]

    # -- finding ----------------------------------------------------------------------------------------------------

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> Any:
        return PeopleList

    def get_urls(self) -> list[URLPattern]:
        return [
            path("find/", self.admin_site.admin_view(self.find_view), name="people_person_find"),
            *self.merge_urls(),
            *super().get_urls(),
        ]

    def response_add(self, request: HttpRequest, obj: Person, post_url_continue: Any = None) -> HttpResponse:
        """Who came from 代办录入 goes on there with the person just entered."""
        if request.GET.get("then") == "enter":
            return redirect("admin:enter_for", obj.pk)
        if IS_POPUP_VAR in request.POST or "_addanother" in request.POST or not self.has_view_permission(request, obj):
            return super().response_add(request, obj, post_url_continue)
        return redirect(f"{self.url_of(obj.pk)}?{entering.ENTERED_VAR}=1")

    # -- the person's page ------------------------------------------------------------------------------------------

    def subject_ids(self, obj: Person) -> list[int]:
        return obj.record_ids()

    def history(self, request: HttpRequest, obj: Person) -> list[trail.Step]:
        """Of all records of the person, without other places' looks at the contact."""
        seen = access.looks_seen_by(request.user)
        return trail.steps_of(obj, newest_first=True, ids=obj.record_ids(), seen=seen)

    def head(self, request: HttpRequest, obj: Person) -> list[tuple[str, Any]]:
        kept: Any = obj
        kept.account_held = account = merging.account_of(obj)
        lines = [*self.summary(obj), (_("账号"), _account_text(account))]
        if account is not None and account.current_roles:
            lines.append((_("角色"), "、".join(str(role) for role in account.current_roles)))
        if merged := merging.merged_into(obj):
            lines.append((_("合并进来的登记"), "、".join(told_apart(record) for record in merged)))
        return lines

    def entries(self, request: HttpRequest, obj: Person) -> list[tuple[Any, str]]:
        return to_enter(request.user, obj) if serves(request.user, obj) else []

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        obj = kwargs.get("obj")
        if obj is not None and entering.ENTERED_VAR in request.GET and self.may_add(request.user):
            context["entered"] = {"entries": self.entries(request, obj), "anybody": True}
        if obj is None:
            context.update(twins.shown(request, context["adminform"].form, self.choice_label))
        elif serves(request.user, obj) and not is_own(request.user, obj.pk):
            people = access.people_in(request.user, DESK)
            context["merge_url"] = reverse("admin:people_person_merge", args=[obj.pk])
            context["twins"] = len(merging.candidates(obj, people=people))
        return super().render_change_form(request, context, *args, **kwargs)

    def find_view(self, request: HttpRequest) -> HttpResponseBase:
        """The search box: a whole phone leads to whom it belongs, a name to the list; neither stands in an address."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        listing = reverse("admin:people_person_changelist")
        text = request.POST.get("text", "").strip()[: finding.LONGEST] if request.method == "POST" else ""
        if not finding.holds_number(text):
            return redirect(listing + finding.address(request, text))
        try:
            phone = phones.clean_contact(text)
        except ValidationError as problem:  # never the whole list for a number that is no phone
            messages.warning(request, no_phone(text, problem))
            return redirect("admin:search")
        actor = who(request)
        found = contacting.find_by_phone(people=access.people_in(actor), phone=phone, actor=actor, at=clock.now())
        if not found:
            messages.warning(request, _("您管的范围里没有人登记这个号码。"))
            return redirect("admin:search")
        if len(found) == 1:
            return redirect(self.url_of(found[0].pk))
        messages.info(request, _("%d 个人登记了这个号码。") % len(found))
        among = {finding.Among.parameter_name: ",".join(str(person.pk) for person in found)}
        return redirect(f"{listing}?{urlencode(among)}")
