"""What a child's guardian says at the desk about the child's data: written on the child's page, both ways alike."""

from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.core import clock
from portal.core.registries import purposes
from portal.people import consenting, entered_consents
from portal.people.consenting import CHILD_PURPOSE, Standing
from portal.people.models import Person

from ..acts import Act, ActForm
from ..entering import SaidForm
from ..papers import claim
from ..pieces import who
from ..trail import name_verb

name_verb("consent.paper_opened", gettext_lazy("查看监护人同意的签字纸"))


class _GuardianForm(SaidForm, ActForm):
    """Which guardian said it, by which way, with the sheet where one was signed."""

    guardian = forms.ModelChoiceField(
        label=gettext_lazy("哪位监护人说的"),
        queryset=Person.objects.none(),
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages={"required": gettext_lazy("请选是哪位监护人说的。")},
    )
    field_order = ("guardian", "read", "channel", "paper")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.typist = self.user
        guardians = consenting.guardians_of(self.obj, clock.today()) if self.obj is not None else []
        chosen: Any = self.fields["guardian"]
        chosen.queryset = Person.objects.filter(pk__in=[guardian.pk for guardian in guardians])
        if not guardians:
            chosen.help_text = _("这个孩子还没有登记监护人。请先核对户口本，在“监护关系”里登记。")


class AgreedForm(_GuardianForm):
    """The guardian agreed to the words in force, which were read out."""

    read = forms.BooleanField(
        label=gettext_lazy("下面这段话念给监护人听过，监护人同意"),
        error_messages={"required": gettext_lazy("请先把这段话念给监护人听；监护人同意，再打勾。")},
    )
    version = forms.CharField(max_length=20, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        consent = purposes[CHILD_PURPOSE].consent
        if consent is not None:
            self.fields["read"].help_text = str(consent.text)
            self.fields["version"].initial = consent.version
        self.fields["paper"].help_text = _("当面同意的（窗口、上门）要附上监护人签字的纸。图片或 PDF，不超过 10 MB。")


class TakenBackForm(_GuardianForm):
    """The guardian took it back: as easy as giving it."""


def _enter(request: HttpRequest, child: Person, cleaned: dict[str, Any], *, given: bool) -> None:
    entered_consents.enter(
        child=child,
        guardian=cleaned["guardian"],
        given=given,
        channel=cleaned["channel"],
        actor=who(request),
        at=clock.now(),
        version=cleaned.get("version"),
        paper=claim(cleaned["paper"], entered_consents.PAPER, request.user),
    )


def _agreed(request: HttpRequest, child: Person, cleaned: dict[str, Any]) -> None:
    _enter(request, child, cleaned, given=True)


def _taken_back(request: HttpRequest, child: Person, cleaned: dict[str, Any]) -> None:
    _enter(request, child, cleaned, given=False)


def _wanting(child: Person) -> bool:
    return consenting.missing(child, clock.today()) is not None


def _standing(child: Person) -> bool:
    return consenting.of_child(child, clock.today()) in (Standing.GIVEN, Standing.OUTDATED)


ACTS = (
    Act(
        "consent",
        gettext_lazy("记下监护人的同意"),
        run=_agreed,
        allowed=entered_consents.may_enter,
        possible=_wanting,
        form_class=AgreedForm,
        tone="primary",
        button=gettext_lazy("记下"),
        done=gettext_lazy("监护人的同意记下了，可以替孩子办新的事。"),
        description=gettext_lazy(
            "孩子不满 14 周岁，监护人同意以后才能登记性别、电话、住址，才能替孩子办新的事。先核对监护人的身份。"
        ),
    ),
    Act(
        "take_back",
        gettext_lazy("撤回同意"),
        run=_taken_back,
        allowed=entered_consents.may_enter,
        possible=_standing,
        form_class=TakenBackForm,
        tone="danger",
        button=gettext_lazy("记下撤回"),
        done=gettext_lazy("记下了撤回。孩子的性别、联系电话和住址已经清除。"),
        description=gettext_lazy(
            "监护人不同意了，随时可以撤回，不用说理由。记下以后，孩子的性别、联系电话和住址当场清除，"
            "不能再替孩子办新的事；已经在办的事会办完。"
        ),
    ),
)
