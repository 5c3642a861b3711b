"""Forms of the residents' and volunteers' side. Rules that must hold are in the acts; these speak to the person."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal.core import clock, money, options
from portal.core.masking import mask_name, mask_phone
from portal.core.plaintext import PlainTextField, offer
from portal.people import consenting
from portal.people.access import decides_for, is_own
from portal.people.fields import ContactPhoneField, NameField
from portal.people.models import Person
from portal.places.models import Area

from . import choices_by_area as choices
from .models import Wish, WishKind
from .ordering import has_open_thing, problem_of_details, problem_of_price


class KindForm(forms.Form):
    """Step 1: what, and for whom where there is a choice. ``unasked`` is the child chosen whose guardian does not
    agree."""

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

    def __init__(self, *args: Any, people: Any, user: Any, **kwargs: Any) -> None:
        self.people, self.user = people, user
        self.unasked: Person | None = None
        super().__init__(*args, **kwargs)
        offer(self, "kind", WishKind.objects.filter(active=True))
        self.fields["kind"].label_from_instance = _kind_label  # type: ignore[attr-defined]
        if people.count() > 1:
            offer(self, "subject", people)
            self.fields["subject"].label_from_instance = self._person_label  # type: ignore[attr-defined]
        else:
            del self.fields["subject"]

    def _person_label(self, person: Person) -> str:
        return _("%(name)s（您自己）") % {"name": person.name} if is_own(self.user, person.pk) else person.name

    def clean(self) -> dict[str, Any]:
        """What would refuse the order at its end is said here already, where one can still choose otherwise: a child
        whose guardian does not agree, one open thing a household."""
        cleaned = super().clean() or {}
        subject, kind = cleaned.get("subject") or self.people.first(), cleaned.get("kind")
        if kind is not None and kind.is_thing and subject is not None and has_open_thing(subject):
            self.add_error("kind", _("已经有一个物品心愿在办，办结后再提下一个。可以先选别的。"))
        if subject is not None and consenting.missing(subject, clock.today()) is not None:
            self.unasked = subject
            self.add_error("subject" if "subject" in self.fields else None, who_must_agree(self.user, subject))
        return cleaned


def who_must_agree(user: Any, child: Person) -> str:
    """What ``user``, who wants something for ``child``, is told while no guardian agrees: to decide, or whom to ask."""
    if decides_for(user, child) == "guardian":
        words = gettext("%(name)s不满 14 周岁，要您以监护人的身份单独同意，才能替孩子提。请看这一页上的文字，再决定。")
        return words % {"name": child.name}
    guardians = consenting.guardians_of(child, clock.today())
    if not guardians:
        return gettext("不满 14 周岁的孩子要监护人先同意，这个孩子还没有登记监护人。请带户口本到社区窗口登记。")
    words = gettext(
        "不满 14 周岁的孩子要监护人（%(who)s）先同意。"
        "请监护人登录以后在“我的”的“同意和撤回”里同意，或者到社区窗口当面说。"
    )
    return words % {"who": "、".join(mask_name(guardian.name) for guardian in guardians)}


class AgreeForm(forms.Form):
    """A guardian's consent on the way of an order: a form of its own, with a box that nobody ticks beforehand."""

    child = forms.ModelChoiceField(queryset=Person.objects.none(), widget=forms.HiddenInput)
    version = forms.CharField(max_length=20, widget=forms.HiddenInput)
    agree = forms.BooleanField(
        error_messages={"required": _("同意的话，请先在这一句前面打勾。不同意就不用管它，也可以给自己提。")}
    )

    def __init__(self, *args: Any, people: Any, child: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "child", people)
        self.fields["agree"].label = gettext("我是%(name)s的监护人，我同意") % {"name": child.name}


def _kind_label(kind: WishKind) -> str:
    return f"{kind.name}：{kind.explanation}" if kind.explanation else kind.name


class DetailsForm(forms.Form):
    """Step 2: said in the person's own words."""

    details = PlainTextField(
        label=_("说说是什么事"),
        help_text=_(
            "用平常话写就行，例如：厨房的灯坏了，我够不着，想请人来换。不会公开，经办的人和来帮忙的志愿者才看得到。"
        ),
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
        """Words that say something."""
        if words := problem_of_details(self.cleaned_data["details"]):
            raise forms.ValidationError(words)
        return self.cleaned_data["details"]

    def clean_price(self) -> int:
        """Fen, within the community's limit."""
        fen = money.parse_yuan(self.cleaned_data["price"])
        if words := problem_of_price(fen, self.limit):
            raise forms.ValidationError(words)
        return fen


class ContactForm(forms.Form):
    """Step 3: how the volunteer reaches the person."""

    contact_name = NameField(
        label=_("怎么称呼"), max_length=20, error_messages={"required": _("请写怎么称呼，例如 李奶奶。")}
    )
    contact_phone = ContactPhoneField(
        help_text=_(
            "手机或者家里的固定电话（带区号，例如 0731-28812345）。给来帮忙的志愿者联系您用，"
            "社区和志愿者每看一次，都会记下来给您看。"
        ),
        error_messages={"required": _("请留一个电话，志愿者好联系您。")},
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


class CorrectContactForm(ContactForm):
    """The contact of a wish under way, put right. Its phone stands there for whom the wish is for; who acts for another
    leaves the box empty to keep the one that stands."""

    def __init__(self, *args: Any, wish: Wish, own: bool, **kwargs: Any) -> None:
        now = {"contact_name": wish.contact_name, "contact_address": wish.contact_address}
        now |= {"contact_phone": wish.contact_phone} if own else {}
        super().__init__(*args, kind=wish.kind, initial=now, **kwargs)
        self.standing = wish.contact_phone
        if not own:
            self.fields["contact_phone"].required = False
            self.fields["contact_phone"].help_text = _("现在是 %(phone)s。不改就空着。") % {
                "phone": mask_phone(wish.contact_phone)
            }

    def clean_contact_phone(self) -> str:
        """The new phone, or the one that stands."""
        return self.cleaned_data["contact_phone"] or self.standing


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
    state = forms.CharField(required=False, widget=forms.HiddenInput)  # the tab one is on
    since = forms.CharField(required=False, widget=forms.HiddenInput)  # the day one looks from, where one was given

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "community", Area.objects.open().listed())
        offer(self, "kind", WishKind.objects.filter(active=True))
