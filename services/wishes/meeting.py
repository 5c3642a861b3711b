"""The two who meet at the door, in words that are true for the one who reads them: who comes, by which code they know
each other and who else reads that code; afterwards, who came. And whose telephone stands on the order."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from portal.core import clock
from portal.core.masking import mask_phone
from portal.people.models import Authorisation, Guardianship, Person

from . import access
from .contacting import visit_code
from .models import Wish, WishState
from .querysets import OPEN_STATES


@dataclass(frozen=True)
class Visit:
    """The card about the visit: ``code`` is empty once the service is done; ``phone`` is the community's, to ask."""

    title: str
    words: str
    code: str = ""
    note: str = ""
    phone: str = ""


def visit_of(wish: Wish, audience: str, viewer: Any) -> Visit | None:
    """What ``viewer``, as one of ``audience``, reads of the visit; None where nobody comes or came."""
    if wish.volunteer is None or audience not in ("requester", "volunteer"):
        return None
    code = visit_code(wish)
    if audience == "volunteer":
        return _at_the_door(wish, code) if code else None
    who, helped = wish.volunteer.person.name_masked, _helped(wish, viewer)
    if code:
        return Visit(
            title=_("谁会来"),
            words=_("志愿者 %(who)s 会来帮%(helped)s。开门前，请来的人说出上门码：") % {"who": who, "helped": helped},
            code=code,
            note=_(
                "%(only)s看得到这个码。说不出来、说不对的，先别开门，打电话问社区。志愿者不收钱，也不会问密码和验证码。"
            )
            % {"only": _only(wish, viewer)},
            phone=wish.community.phone,
        )
    if wish.state != WishState.PENDING_RATING:
        return None
    return Visit(
        title=_("谁来帮的%(helped)s") % {"helped": helped},
        words=_("志愿者 %(who)s，说已经办好了。人没有来，或者没有办好的，评价里照实说，也可以打电话问社区。")
        % {"who": who},
        phone=wish.community.phone,
    )


def _at_the_door(wish: Wish, code: str) -> Visit:
    others = _acting_for(wish.subject)
    reads = _("对方和替对方办事的人都看得到同一个码") if others else _("对方看得到同一个码")
    words = _("先报姓名，再说出上门码，%(reads)s，好放心开门：") % {"reads": reads}
    return Visit(title=_("到了门口"), words=words, code=code)


def _helped(wish: Wish, viewer: Any) -> str:
    own = access.requester_part(viewer, wish) == "requester"
    return _("您") if own else wish.subject.resolved.name


def _only(wish: Wish, viewer: Any) -> str:
    """Everybody who reads the code, as ``viewer`` would name them."""
    acting = _acting_for(wish.subject)
    if access.requester_part(viewer, wish) == "requester":
        if not acting:
            return _("只有您和这位志愿者")
        names = "、".join(person.name_masked for person in acting)
        return _("只有您、能替您办事的 %(names)s，和这位志愿者") % {"names": names}
    subject, own = wish.subject.resolved.name, viewer.person.resolved.pk
    others = "、".join(person.name_masked for person in acting if person.pk != own)
    if not others:
        return _("只有%(subject)s本人、您和这位志愿者") % {"subject": subject}
    return _("只有%(subject)s本人、您、同样能替%(subject)s办事的 %(others)s，和这位志愿者") % {
        "subject": subject,
        "others": others,
    }


def _acting_for(subject: Person) -> list[Person]:
    """Who may act for ``subject`` today, once each: two queries."""
    records, today = subject.resolved.record_ids(), clock.today()
    guardians = Guardianship.objects.in_force(today).filter(child__in=records).select_related("guardian__merged_into")
    agents = Authorisation.objects.in_force(today).filter(principal__in=records).select_related("agent__merged_into")
    found = [*(tie.guardian.resolved for tie in guardians), *(tie.agent.resolved for tie in agents)]
    return list({person.pk: person for person in found}.values())


# The telephone on the order ------------------------------------------------------------------------------------------


def is_own_phone(wish: Wish, viewer: Any) -> bool:
    """Whether the number on the order is ``viewer``'s: one of theirs, or left in their own name for themselves."""
    if viewer.person is None:
        return wish.contact_phone == viewer.phone
    person = viewer.person.resolved
    if wish.contact_phone in (viewer.phone, person.contact_phone):
        return True
    return access.requester_part(viewer, wish) == "requester" and wish.contact_name == person.name


def whose_looks(wish: Wish, audience: str, viewer: Any) -> str:
    """Over the list of who looked at the contact: whose telephone that is, for ``viewer``."""
    if audience != "requester":
        return _("谁看过联系电话")
    if not wish.contact_phone:
        return _("谁看过单子上的电话")
    if is_own_phone(wish, viewer):
        return _("谁看过我的电话")
    return _("谁看过%(name)s的电话") % {"name": wish.contact_name}


def whom_they_ring(wish: Wish, viewer: Any, *, volunteer: bool) -> str:
    """Whose telephone will ring, said to ``viewer``: the volunteer's call before coming, or the community's after a low
    rating."""
    if not wish.contact_phone:
        return _("来帮忙的志愿者会先打电话约时间。") if volunteer else _("社区会来问问哪里没办好。")
    values = {"phone": mask_phone(wish.contact_phone), "name": wish.contact_name}
    if is_own_phone(wish, viewer):
        words = (
            _("来帮忙的志愿者会打您的电话 %(phone)s。")
            if volunteer
            else _("社区会打您的电话 %(phone)s，问问哪里没办好。")
        )
    else:
        words = (
            _("来帮忙的志愿者会打 %(phone)s，找%(name)s。")
            if volunteer
            else _("社区会打 %(phone)s，找%(name)s，问问哪里没办好。")
        )
    return words % values


def contact_note(wish: Wish) -> str:
    """Who goes by the contact that was left, as the wish stands."""
    if wish.state == WishState.PENDING_RATING:
        return _("来帮过忙的志愿者，办结以后就看不到了。")
    if wish.state in OPEN_STATES:
        return _("来帮忙的志愿者照这个联系。")
    return (
        _("这件事不再办了，志愿者看不到，也不会再联系。")
        if wish.state != WishState.CLOSED
        else _("办结了，志愿者看不到了。")
    )
