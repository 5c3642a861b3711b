"""Forms of the residents' and volunteers' side. Rules that must hold are in the acts; these speak to the person."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.core import money, options
from portal.core.plaintext import PlainTextField, offer
from portal.people.models import Person
from portal.people.phones import clean_mobile
from portal.places.models import Area

from . import choices_by_area as choices
from . import publishing
from .models import Wish, WishKind
from .ordering import has_open_thing


class KindForm(forms.Form):
    """Step 1: what, and for whom where there is a choice."""

    subject = forms.ModelChoiceField(
        label=_("为谁提"), queryset=Person.objects.none(), widget=forms.RadioSelect, empty_label=None
    )
    kind = forms.ModelChoiceField(
        label=_("想要什么帮助"),
        queryset=WishKind.objects.none(),
        widget=forms.RadioSelect,
        empty_label=None,
        to_field_name="slug",
        error_messages={"required": _("请选一样。")},
    )

    def __init__(self, *args: Any, people: Any, own: list[int], **kwargs: Any) -> None:
        self.people, self.own = people, own
        super().__init__(*args, **kwargs)
        offer(self, "kind", WishKind.objects.filter(active=True))
        self.fields["kind"].label_from_instance = _kind_label  # type: ignore[attr-defined]
        if people.count() > 1:
            offer(self, "subject", people)
            self.fields["subject"].label_from_instance = self._person_label  # type: ignore[attr-defined]
        else:
            del self.fields["subject"]

    def _person_label(self, person: Person) -> str:
        return _("%(name)s（您自己）") % {"name": person.name} if person.pk in self.own else person.name

    def clean(self) -> dict[str, Any]:
        """One open thing a household is said here already, where it can still be chosen otherwise."""
        cleaned = super().clean() or {}
        subject, kind = cleaned.get("subject") or self.people.first(), cleaned.get("kind")
        if kind is not None and kind.is_thing and subject is not None and has_open_thing(subject):
            self.add_error("kind", _("已经有一个物品心愿在办，办结后再提下一个。可以先选别的。"))
        return cleaned


def _kind_label(kind: WishKind) -> str:
    return f"{kind.name}：{kind.explanation}" if kind.explanation else kind.name


class DetailsForm(forms.Form):
    """Step 2: said in the person's own words."""

    details = PlainTextField(
        label=_("说说是什么事"),
        help_text=_("用平常话写就行。不会公开，经办的人和接单的志愿者才看得到。"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": _("请写几句，志愿者才知道怎么帮。")},
    )
    price = forms.CharField(
        label=_("大约多少钱（元）"),
        max_length=12,
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
        error_messages={"required": _("请写大约多少钱。")},
    )
    when = forms.ChoiceField(
        label=_("什么时候方便"), choices=Wish.When.choices, widget=forms.RadioSelect, initial=Wish.When.ANY
    )

    def __init__(self, *args: Any, kind: WishKind, community: Area | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.limit = options.value(choices.PRICE_LIMIT_YUAN, community)
        if kind.is_thing:
            self.fields["price"].help_text = _("物品心愿不超过 %(limit)s 元。") % {"limit": self.limit}
        else:
            del self.fields["price"]

    def clean_details(self) -> str:
        """What nobody needs here is not taken in."""
        if publishing.has_id_number(self.cleaned_data["details"]):
            raise forms.ValidationError(_("请不要写身份证号。"))
        return self.cleaned_data["details"]

    def clean_price(self) -> int:
        """Fen; a price of zero or less is no price."""
        fen = money.parse_yuan(self.cleaned_data["price"])
        if fen <= 0:
            raise forms.ValidationError(_("请写大约多少钱。"))
        if fen > self.limit * 100:
            raise forms.ValidationError(_("物品心愿不超过 %(limit)s 元。") % {"limit": self.limit})
        return fen


class ContactForm(forms.Form):
    """Step 3: how the volunteer reaches the person."""

    contact_name = PlainTextField(
        label=_("怎么称呼"), max_length=20, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    contact_phone = forms.CharField(
        label=_("联系电话"),
        max_length=20,
        help_text=_("给接单的志愿者联系您用。社区和志愿者每看一次，都会记下来给您看。"),
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"}),
        error_messages={"required": _("请留一个手机号，志愿者好联系您。")},
    )
    contact_address = PlainTextField(
        label=_("地址"),
        max_length=80,
        required=False,
        help_text=_("要上门的请写清楚楼栋和门牌。"),
        widget=forms.TextInput(attrs={"autocomplete": "street-address"}),
    )

    def __init__(self, *args: Any, kind: WishKind, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if kind.in_home:
            self.fields["contact_address"].required = True
            self.fields["contact_address"].error_messages["required"] = _("这类事要上门，请写地址。")

    def clean_contact_phone(self) -> str:
        return clean_mobile(self.cleaned_data["contact_phone"])


class ReasonForm(forms.Form):
    """A reason that must be given."""

    reason = PlainTextField(
        label=_("理由"),
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("请写明理由。")},
    )


class OptionalReasonForm(forms.Form):
    """A reason that may be given."""

    reason = PlainTextField(label=_("为什么"), max_length=200, required=False, widget=forms.Textarea(attrs={"rows": 3}))


class CompleteForm(forms.Form):
    """What the volunteer did."""

    minutes = forms.IntegerField(
        label=_("服务了多少分钟"),
        help_text=_("只算服务的时间，路上不算。例如一个半小时写 90。"),
        min_value=1,
        max_value=24 * 60,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        error_messages={
            "required": _("请写服务了多少分钟。"),
            "invalid": _("请写一个整数。"),
            "min_value": _("至少 1 分钟。"),
            "max_value": _("一次最多 1440 分钟。"),
        },
    )
    note = PlainTextField(
        label=_("做了什么"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("请写几句做了什么。")},
    )


class RateForm(forms.Form):
    """The requester's word."""

    rating = forms.TypedChoiceField(
        label=_("您打几分"),
        choices=[(n, str(n)) for n in range(1, 6)],
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": _("请选 1 到 5 分。"), "invalid_choice": _("请选 1 到 5 分。")},
    )
    comment = PlainTextField(
        label=_("想说的话"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )


class WallFilter(forms.Form):
    """What the wall can be narrowed by; it opens on the chosen community."""

    community = forms.ModelChoiceField(
        label=_("社区"), queryset=Area.objects.none(), required=False, empty_label=_("全部社区")
    )
    kind = forms.ModelChoiceField(
        label=_("类别"), queryset=WishKind.objects.none(), required=False, empty_label=_("全部"), to_field_name="slug"
    )
    state = forms.ChoiceField(
        label=_("进度"),
        required=False,
        choices=[("", _("全部")), ("waiting", _("等人接")), ("in_service", _("正在办")), ("closed", _("已办结"))],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "community", Area.objects.open().order_by("path"))
        offer(self, "kind", WishKind.objects.filter(active=True))
