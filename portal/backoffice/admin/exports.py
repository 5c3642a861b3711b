"""Exports at the desk: asked for from any list, decided by a second person, fetched by who asked."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import BadRequest, PermissionDenied, ValidationError
from django.http import FileResponse, Http404, HttpRequest, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.core import clock, files, once
from portal.core.models import StoredFile
from portal.core.moves import MoveRefused
from portal.core.wechat import inside_wechat
from portal.people.models import User

from ..acts import Act, ActsAdmin, can
from ..exports import access, asking, building, deciding, handing_out, standing, terms
from ..exports.filters import SourceFilter, WaitingFilter
from ..exports.forms import ApproveForm, AskForm
from ..exports.listing import Listing
from ..exports.sources import ExportSource, sources
from ..filters import DayRange
from ..models import Export, ExportState
from ..pieces import add_refusal, who
from ..trail import name_verb, verb_label
from .export_columns import ExportColumns

name_verb("export.asked", gettext_lazy("申请导出"))
name_verb("export.built", gettext_lazy("生成导出文件"))
name_verb("export.downloaded", gettext_lazy("下载导出文件"))
name_verb("export.erased", gettext_lazy("清空到期的导出用途和条件"))

S = ExportState


def _approve(request: HttpRequest, export: Export, cleaned: dict[str, Any]) -> None:
    whole = cleaned.get("whole") == "yes"
    deciding.approve(export=export, actor=who(request), at=clock.now(), whole=whole)


def _refuse(request: HttpRequest, export: Export, cleaned: dict[str, Any]) -> None:
    deciding.refuse(export=export, actor=who(request), at=clock.now(), reason=cleaned["reason"])


def _withdraw(request: HttpRequest, export: Export, _cleaned: dict[str, Any]) -> None:
    deciding.withdraw(export=export, actor=who(request), at=clock.now())


def _revoke(request: HttpRequest, export: Export, cleaned: dict[str, Any]) -> None:
    deciding.revoke(export=export, actor=who(request), at=clock.now(), reason=cleaned["reason"])


@admin.register(Export)
class ExportAdmin(ExportColumns, ActsAdmin):
    list_display = ("number", "which", "area", "asked_by", "rows_asked", "state_badge", "created_at")
    list_filter = (WaitingFilter, "state", SourceFilter, ("created_at", DayRange))
    list_select_related = ("area", "requester__person")
    search_fields = ("number",)
    search_help_text = gettext_lazy("按导出编号查找")
    ordering = ("-created_at", "-id")
    change_form_template = "admin/export_page.html"
    state_tones = {
        S.PENDING: "wait",
        S.APPROVED: "go",
        S.BUILDING: "go",
        S.READY: "done",
        S.REFUSED: "stop",
        S.FAILED: "stop",
    }
    acts = (
        Act(
            "approve",
            gettext_lazy("批准"),
            run=_approve,
            allowed=access.may_decide,
            possible=can("approve"),
            form_class=ApproveForm,
            tone="primary",
            description=gettext_lazy(
                "批准后系统生成文件，只有申请人能下载，到期自动作废。文件每一行都写着编号和申请人。"
            ),
        ),
        Act(
            "refuse",
            gettext_lazy("不批准"),
            run=_refuse,
            allowed=access.may_decide,
            possible=can("refuse"),
            needs_reason=True,
            tone="danger",
            description=gettext_lazy("理由会给申请人看。"),
        ),
        Act(
            "withdraw",
            gettext_lazy("撤回"),
            run=_withdraw,
            allowed=access.may_withdraw,
            possible=can("withdraw"),
            description=gettext_lazy("不需要了。已经生成的文件马上作废，不能再下载。"),
        ),
        Act(
            "revoke",
            gettext_lazy("收回批准"),
            run=_revoke,
            allowed=access.may_decide,
            possible=can("revoke"),
            needs_reason=True,
            tone="danger",
            description=gettext_lazy("已经生成的文件马上作废，不能再下载；已经下载走的收不回来，请当面要求删除。"),
        ),
    )

    def rows(self, user: Any) -> Any:
        return Export.objects.visible_to(user).select_related("area__parent", "requester__person", "approver__person")

    def may_view(self, user: Any, obj: Any = None) -> bool:
        return access.may_open(user) if obj is None else True  # the row exists for those who may see it

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        fields = ["state_badge", "which", "conditions", "area", "counted", "columns_shown", "masking", "purpose_shown"]
        if obj is not None and obj.whole_columns:
            fields.append("reason_shown")
        fields += ["asked_by", "approved_by"]
        return [*fields, "until", "fetched"] if obj is not None and obj.expires_at is not None else fields

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.get_fields(request, obj)

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("ask/<str:source_id>/", wrap(self.ask_view), name="backoffice_export_ask"),
            path("<path:object_id>/progress/", wrap(self.progress_view), name="backoffice_export_progress"),
            path("<path:object_id>/download/", wrap(self.download_view), name="backoffice_export_download"),
            *super().get_urls(),
        ]

    def summary(self, obj: Export) -> list[tuple[str, Any]]:
        lines = [
            (_("导出编号"), obj.number),
            (_("名单"), self.which(obj)),
            (_("筛选条件"), self.conditions(obj)),
            (_("区域"), str(obj.area)),
            (_("条数"), obj.rows_asked),
            (_("列"), self.columns_shown(obj)),
            (_("申请人"), self.asked_by(obj)),
            (_("用途"), self.purpose_shown(obj)),
        ]
        if obj.whole_columns:
            lines += [(_("申请完整的列"), self._labels(obj, obj.whole_columns)), (_("为什么"), self.reason_shown(obj))]
        return lines

    # -- asking ------------------------------------------------------------------------------------------------------

    def ask_view(self, request: HttpRequest, source_id: str) -> HttpResponseBase:
        """What leaves, which columns, what for. The filters of the list stand in the address."""
        if source_id not in sources:
            raise Http404
        source, user = sources[source_id], who(request)
        page: Any = self.admin_site.get_model_admin(source.model)
        if not page.has_view_permission(request) or not access.may_ask(user, source):
            raise PermissionDenied
        listing = reverse(f"admin:{source.model._meta.label_lower.replace('.', '_')}_changelist")
        try:
            wanted = Listing.of(request)
            count = asking.count_of(source, wanted, user)
        except ValidationError as refusal:
            messages.warning(request, "；".join(refusal.messages))
            return redirect(listing)
        form = AskForm(request.POST or None, source=source)
        if request.method == "POST" and form.is_valid():
            answer = self._ask(request, source, wanted, form)
            if answer is not None:
                return answer
        return self._ask_page(request, source, wanted, form, count, listing)

    def _ask(
        self, request: HttpRequest, source: ExportSource, wanted: Listing, form: AskForm
    ) -> HttpResponseBase | None:
        """The way to the export's page; None after a refusal, which is in the form then."""
        user = who(request)

        def act() -> str:
            export = asking.ask(source=source, wanted=wanted, actor=user, at=clock.now(), **form.cleaned_data)
            return str(export.pk)

        try:
            pk, fresh = once.carry_out(owner=f"export.ask:{user.pk}", token=self._token(request), act=act)
        except (ValidationError, MoveRefused) as refusal:
            add_refusal(form, refusal)
            return None
        if not fresh:
            messages.info(request, _("这份申请已经提交过，没有重复申请。"))
        elif source.needs_approval(form.cleaned_data["columns"]):
            messages.success(request, _("已经提交，等另一位负责人批准。批了会发消息告诉您。"))
        else:
            messages.success(request, _("选的列没有个人信息，不用批准，马上生成。"))
        return redirect(self.url_of(pk))

    def _ask_page(
        self, request: HttpRequest, source: ExportSource, wanted: Listing, form: AskForm, count: int, listing: str
    ) -> HttpResponseBase:
        problem = nobody = ""
        try:
            asking.check_count(count)
            nobody = asking.nobody_decides(source, wanted, who(request))
        except ValidationError as refusal:
            problem = "；".join(refusal.messages)
        filters = request.GET.urlencode()
        context = {
            **self.admin_site.each_context(request),
            "title": _("导出 Excel"),
            "subtitle": str(source.label),
            "opts": source.model._meta,
            "source": source,
            "form": form,
            "count": min(count, terms.MOST_ROWS),
            "words": asking.listing.in_words(source, wanted, request.user),
            "problem": problem,
            "nobody": nobody,  # then what is personal stays; the rest leaves all the same
            "once": request.POST.get("once") or once.token(),
            "back": f"{listing}?{filters}" if filters else listing,
        }
        return TemplateResponse(request, "admin/export_ask.html", context)

    # -- the export's page -------------------------------------------------------------------------------------------

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> Any:
        obj = kwargs.get("obj")
        if obj is not None:
            context.update(self._progress(obj))
            mine = access.may_fetch(request.user, obj) and obj.state == S.READY
            left = obj.downloads_allowed - obj.downloads.count() if mine else 0
            context["offered"] = mine and left > 0 and not handing_out.is_over(obj, clock.now())
            context["used_up"] = mine and left <= 0 and obj.state == S.READY
            context.update(left=left, in_wechat=inside_wechat(request), once=once.token())
        answer: Any = super().render_change_form(request, context, *args, **kwargs)
        # Asking and building are moves and audit entries both; the page tells each once, the history all of it.
        told_twice = {verb_label(verb) for verb in ("export.asked", "export.built")}
        steps = answer.context_data.get("steps", ())
        answer.context_data["steps"] = [step for step in steps if step.what not in told_twice]
        return answer

    def _progress(self, obj: Export) -> dict[str, Any]:
        total = obj.rows_total if obj.rows_total is not None else obj.rows_asked
        under_way = obj.state in (S.APPROVED, S.BUILDING)
        return {
            "export": obj,
            "under_way": under_way,
            "standing": standing.words(obj),
            "done": min(obj.rows_done, total),
            "total": total,
        }

    def progress_view(self, request: HttpRequest, object_id: str) -> HttpResponseBase:
        """How far it is, for a page that stays open; when it is over, the page is asked for whole."""
        obj = self.get_object(request, unquote(object_id))
        if request.method not in {"GET", "HEAD"}:
            return HttpResponseNotAllowed(["GET", "HEAD"])
        context = self._progress(obj)
        answer = TemplateResponse(request, "admin/export_progress.html", context)
        if not context["under_way"]:
            answer["HX-Refresh"] = "true"
        return answer

    # -- fetching ----------------------------------------------------------------------------------------------------

    def download_view(self, request: HttpRequest, object_id: str) -> HttpResponseBase:
        """The file, counted. Only by POST: what opens links beforehand uses up nothing.

        A stranger gets 404, the approver 403, whoever lost the office 403 with a word, and 410 when it is over.
        """
        obj = self.get_object(request, unquote(object_id))
        user, at = who(request), clock.now()
        if not access.may_withdraw(user, obj):
            raise PermissionDenied
        if not access.still_entitled(obj, User.objects.get(pk=user.pk)):
            return self._plain(request, obj, _("您已经不担任申请时的角色，这份文件不能再下载。"), 403)
        if handing_out.is_over(obj, at):
            return self._plain(request, obj, _("这份文件已经过期，内容已经删除。需要的话请重新申请。"), 410)
        if request.method != "POST" or inside_wechat(request):
            return redirect(self.url_of(obj.pk))
        if obj.file is None:
            messages.warning(request, _("这份文件现在不能下载，请看看它的经过。"))
            return redirect(self.url_of(obj.pk))
        return self._send(request, obj, obj.file, user)

    def _send(self, request: HttpRequest, obj: Export, file: StoredFile, user: User) -> HttpResponseBase:
        content = files.opened(file)

        def act() -> str:
            handing_out.hand_out(export=obj, actor=user, at=clock.now())
            return self.url_of(obj.pk)

        try:
            page, fresh = once.carry_out(owner=f"export.fetch:{user.pk}", token=self._token(request), act=act)
        except handing_out.Gone as refusal:
            content.close()
            return self._plain(request, obj, str(refusal), 410)
        except MoveRefused as refusal:
            content.close()
            messages.warning(request, str(refusal))
            return redirect(self.url_of(obj.pk))
        except BaseException:
            content.close()
            raise
        if not fresh:
            content.close()
            messages.info(request, _("刚才已经开始下载了。没有收到的话，请再点一次下载。"))
            return redirect(page)
        answer = FileResponse(
            content, as_attachment=True, filename=f"{obj.number}.xlsx", content_type=building.CONTENT_TYPE
        )
        answer["Content-Length"] = str(file.size)
        answer["Cache-Control"] = "private, no-store"
        answer["X-Content-Type-Options"] = "nosniff"
        return answer

    def _token(self, request: HttpRequest) -> str:
        token = request.POST.get("once", "")
        if not 16 <= len(token) <= 40:
            raise BadRequest("a form needs the once token of its page")
        return token

    def _plain(self, request: HttpRequest, obj: Export, text: str, status: int) -> HttpResponseBase:
        context = {
            **self.admin_site.each_context(request),
            "title": _("不能下载"),
            "subtitle": obj.number,
            "text": text,
            "back": self.url_of(obj.pk),
            "opts": self.opts,
        }
        return TemplateResponse(request, "admin/export_gone.html", context, status=status)
