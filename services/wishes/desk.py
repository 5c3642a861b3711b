"""Forms of the desk: review, dispatch, and entering a wish for somebody who came or phoned."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from alliance.volunteers.models import Team, Volunteer
from portal.backoffice.access import people_in
from portal.backoffice.acts import ActForm, ReasonForm, say_when
from portal.backoffice.entering import EnteredForm
from portal.core import money
from portal.core.masking import mask_phone
from portal.core.plaintext import PlainTextField, offer
from portal.people import merging
from portal.people.access import holds
from portal.people.fields import NameField
from portal.people.homes import home_of
from portal.people.phones import clean_contact
from portal.people.relations import serves
from portal.people.roles import DESK

from .forms import CompleteForm, RateForm
from .models import Wish, WishKind
from .readers import SCAN
from .serving import fit_for


class YuanField(forms.CharField):
    """An amount in yuan as people type it; fen in Python, None when left empty."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=12, widget=forms.TextInput(attrs={"inputmode": "decimal"}), **kwargs)

    def clean(self, value: Any) -> Any:
        text = super().clean(value).strip()
        return money.parse_yuan(text) if text else None


class ApproveForm(ActForm):
    """The public words of a wish, written or approved by staff."""

    title = PlainTextField(
        label=_("公开标题"), max_length=40, help_text=_("大家都看得到：不写姓名、电话、门牌，也不写病情和困难。")
    )
    alias = PlainTextField(label=_("公开称呼"), max_length=20, help_text=_("例如：李奶奶、三栋邻居。"))
    kind = forms.ModelChoiceField(label=_("类别"), queryset=WishKind.objects.none(), empty_label=None)
    price = YuanField(label=_("物品大约多少钱（元）"), required=False, help_text=_("类别是物品时要写。"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "kind", WishKind.objects.filter(active=True))
        if self.obj is not None:
            self.fields["alias"].initial = self.obj.alias
            self.fields["kind"].initial = self.obj.kind_id
            if self.obj.price_fen is not None:
                self.fields["price"].initial = money.plain_yuan(self.obj.price_fen)


class RetitleForm(ActForm):
    """The public words, put right."""

    title = PlainTextField(label=_("公开标题"), max_length=40)
    alias = PlainTextField(label=_("公开称呼"), max_length=20)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.obj is not None:
            self.fields["title"].initial, self.fields["alias"].initial = self.obj.title, self.obj.alias


class VisitForm(ReasonForm):
    """What the requester said and what was done about it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].label = _("回访情况")


class DispatchForm(ActForm):
    """To whom: one choice, then the volunteer or the team that it needs."""

    to = forms.ChoiceField(label=_("派给谁"), choices=Wish.Dispatch.choices, widget=forms.RadioSelect)
    volunteer = forms.ModelChoiceField(
        label=_("志愿者"), queryset=Volunteer.objects.none(), required=False, empty_label=_("请选择")
    )
    team = forms.ModelChoiceField(
        label=_("队伍"), queryset=Team.objects.none(), required=False, empty_label=_("请选择")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        communities = {wish.community_id for wish in self.objs}
        fit = fit_for(self.obj) if self.obj else Volunteer.objects.serving().filter(community__in=communities)
        offer(self, "volunteer", fit.select_related("person").order_by("person__name", "pk"))
        offer(self, "team", Team.objects.filter(community__in=communities, active=True))
        for name, to in (("volunteer", Wish.Dispatch.NAMED), ("team", Wish.Dispatch.TEAM)):
            say_when(self, name, _("（上面选“%s”才选）") % to.label, only=f"to={to.value}")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        to = cleaned.get("to")
        if to == Wish.Dispatch.NAMED and not cleaned.get("volunteer"):
            self.add_error("volunteer", _("请选一位志愿者。"))
        if to == Wish.Dispatch.TEAM and not cleaned.get("team"):
            self.add_error("team", _("请选一支队伍。"))
        if cleaned.get("volunteer") and to != Wish.Dispatch.NAMED:
            self.add_error("volunteer", _("选了志愿者，上面却没有选派给他。要派给他就改上面，不派就把这里清空。"))
        if cleaned.get("team") and to != Wish.Dispatch.TEAM:
            self.add_error("team", _("选了队伍，上面却没有选派给队伍。要派给它就改上面，不派就把这里清空。"))
        cleaned["volunteer"] = cleaned.get("volunteer") if to == Wish.Dispatch.NAMED else None
        cleaned["team"] = cleaned.get("team") if to == Wish.Dispatch.TEAM else None
        return cleaned


class CompleteForStaffForm(CompleteForm, ActForm):
    """A volunteer without a phone tells the desk that it is done."""


class RateForStaffForm(RateForm, ActForm):
    """The requester tells the desk how it was."""


class EntryForm(EnteredForm):
    """A wish typed by staff: for whom, who asked, by which channel, with a scan of the paper where there is one."""

    details = PlainTextField(label=_("心愿内容"), max_length=500, widget=forms.Textarea(attrs={"rows": 4}))
    price = YuanField(label=_("物品大约多少钱（元）"), required=False)
    contact_name = NameField(label=_("怎么称呼"), max_length=20)
    contact_phone = forms.CharField(
        label=_("联系电话"),
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
        help_text=_("登记过的号码会带出来，中间遮住；不改或留空，就用登记的那个。"),
    )
    use_address = forms.BooleanField(
        label=_("用登记的住址"),
        required=False,
        help_text=_("勾上就用这位居民登记的那个，这里不显示；要去别处就写在下面。"),
    )
    contact_address = PlainTextField(label=_("上门地址"), max_length=80, required=False)
    begun_for = "subject"

    class Meta:
        model = Wish
        fields = ("community", "subject", "asker", "kind", "when", "household")

    def clean_contact_phone(self) -> str:
        """What is left empty, or as it was brought along behind its mask, is what the person's record holds."""
        typed = self.cleaned_data["contact_phone"].strip()
        subject = self.cleaned_data.get("subject")
        kept = known_phone(subject) if subject is not None and serves(self.typist, subject) else ""
        if kept and typed in ("", mask_phone(kept)):
            return kept
        if "*" in typed:
            raise forms.ValidationError(_("遮住的号码不是这位居民登记的，请写完整的号码。"))
        if not typed:
            raise forms.ValidationError(_("这位居民没有登记过电话，请写一个能打通的号码。"))
        return clean_contact(typed)

    def clean_contact_address(self) -> str:
        """What was typed, or what the person's record holds where that was ticked; never both."""
        typed = self.cleaned_data["contact_address"]
        if not self.cleaned_data.get("use_address"):
            return typed
        if typed:
            raise forms.ValidationError(_("勾了“用登记的住址”就不用再写；要去别处，请把上面的勾去掉。"))
        subject = self.cleaned_data.get("subject")
        kept = known_address(subject) if subject is not None and serves(self.typist, subject) else ""
        if not kept:
            raise forms.ValidationError(_("这位居民没有登记过住址，请把勾去掉，写上门地址。"))
        return kept

    def clean(self) -> dict[str, Any] | None:
        """Who works for a grid enters for its households; a household belongs to the wish's community."""
        cleaned = super().clean() or {}
        community, household = cleaned.get("community"), cleaned.get("household")
        building = household.building if household else None
        if community and building and building.community_id != community.pk:
            self.add_error("household", _("这一户不在这个社区。"))
        elif community and not holds(self.typist, DESK, community=community, grid=building.grid if building else None):
            self.add_error("household", _("请选您网格里的户。"))
        return cleaned

    def act_arguments(self) -> dict[str, Any]:
        """What ``ordering.order`` takes; keeps the scan. Raises ValidationError for a file that cannot be opened."""
        data = self.cleaned_data
        household = data.get("household")
        return {
            "kind": data["kind"],
            "subject": data["subject"],
            "asker": data["asker"],
            "community": data["community"],
            "grid": household.building.grid if household else None,
            "household": household,
            "details": data["details"],
            "when": data["when"],
            "price_fen": data["price"],
            "contact_name": data["contact_name"],
            "contact_phone": data["contact_phone"],
            "contact_address": data["contact_address"],
            "channel": data["channel"],
            "scan": self.kept_scan(SCAN),
        }


def known_phone(person: Any) -> str:
    """The number by which the person's record says they are reached: the one for contact, else the one they sign in
    with; empty where it holds none."""
    stands = person.resolved
    account = None if stands.contact_phone else merging.account_of(stands)
    return stands.contact_phone or (account.phone if account is not None else "") or ""


def known_address(person: Any) -> str:
    """Where the person's record says they are found: the address they gave, else the door of the home that is
    confirmed; empty where it holds none."""
    stands = person.resolved
    home = home_of(stands, stands.community) if not stands.address and stands.community is not None else None
    return stands.address or (str(home) if home is not None else "")


def prefilled(user: Any, given: dict[str, Any]) -> dict[str, Any]:
    """``given`` for an entry form, with the home, the name and the masked phone of the person that the page one came
    from names, as long as nothing was typed yet; nobody's whom the desk does not serve."""
    subject = str(given.get("subject", ""))
    if "contact_name" in given or not subject.isdecimal():
        return given
    person = people_in(user, DESK).select_related("community").filter(pk=int(subject)).first()
    if person is None:
        return given
    home = home_of(person, person.community) if person.community is not None else None
    known = {
        "contact_name": person.name,
        "contact_phone": mask_phone(known_phone(person)),
        "community": person.community_id,
        "household": home.pk if home else None,
    }
    return {**{name: value for name, value in known.items() if value}, **given}
