"""From the requester's side: order, review by staff, withdraw."""

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext as _

from alliance.volunteers.models import Volunteer
from portal.core import audit, clock, numbers, options, private_numbers
from portal.core.changes import changed
from portal.core.masking import mask_name
from portal.core.models import StoredFile
from portal.core.moves import MoveRefused, Transition, begin, move
from portal.notices import reading
from portal.notices.telling import tell
from portal.people import consenting
from portal.people.homes import home_of
from portal.people.models import Channel, Person, PersonArea, User
from portal.people.phones import clean_contact
from portal.people.relations import refuse_unentrusted, speaks_for
from portal.people.uniqueness import standing_locked
from portal.places.models import Area, Household

from . import choices_by_area as choices
from . import publishing
from .models import Wish, WishKind, WishState
from .speaking import called, told
from .terms import due_on_entering

NOTICES = "wishes"  # the kind of what is told about a wish
FEWEST_LETTERS = 2  # different ones, of what says what is wanted: 修灯 is enough for who rings back


@transaction.atomic
def order(
    *,
    kind: WishKind,
    subject: Person,
    asker: Person,
    community: Area,
    details: str,
    contact_name: str,
    contact_phone: str,
    at: dt.datetime,
    actor: User | None,
    actor_part: str = "requester",
    typist: User | None = None,
    channel: str = Channel.ONLINE,
    contact_address: str = "",
    when: str = Wish.When.ANY,
    price_fen: int | None = None,
    grid: Area | None = None,
    household: Household | None = None,
    scan: StoredFile | None = None,
) -> Wish:
    """Order a wish for ``subject``, as ``asker`` put it; ``typist`` is the member of staff who typed it for them. It is
    kept with the records as given.

    Who is to come in needs a door: without a ``contact_address`` it is the household's.

    Raises ValidationError (by field) for a child whose guardian does not agree, for a stranger's word without paper,
    for details that say nothing, for a visit without an address, for the number of an ID or a bank card in the words,
    for a thing above the community's price limit, and where the household has an open wish for a thing already. The
    household of a thing, then the person, are held before anything of theirs is looked at.
    """
    phone = clean_contact(contact_phone)
    if kind.is_thing:
        _hold_household(community, household)
    standing_locked(subject)
    consenting.refuse_without_consent(subject, clock.local_day(at))
    contact_address = contact_address.strip() or (str(household) if kind.in_home and household is not None else "")
    if kind.in_home and not contact_address:
        raise ValidationError({"contact_address": _("要上门的事，请写上门地址，或者选哪一户。")})
    if words := problem_of_details(details):
        raise ValidationError({"details": words})
    private_numbers.refuse(details=details, contact_name=contact_name, contact_address=contact_address)
    if household is not None and household.building.community_id != community.pk:
        raise ValidationError({"household": _("这一户不在这个社区。")})
    if typist is not None:
        refuse_unentrusted(asker, subject, clock.local_day(at), scan)
    if kind.is_thing:
        _check_thing(community=community, subject=subject, household=household, price_fen=price_fen)
    wish = Wish(
        kind=kind,
        subject=subject,
        asker=asker,
        typist=typist,
        channel=channel,
        scan=scan,
        community=community,
        grid=grid,
        household=household,
        details=details,
        when=when,
        price_fen=price_fen if kind.is_thing else None,
        contact_name=contact_name,
        contact_phone=phone,
        contact_address=contact_address,
        alias=mask_name(subject.name),
        created_at=at,
        state_since=at,
        due_on=due_on_entering(WishState.PENDING_REVIEW, community=community, at=at),
    )
    numbers.save_under_code(wish)
    begin(wish, actor_id=actor.pk if actor else None, actor_part=actor_part, at=at)
    for person in {subject.pk, asker.pk}:
        PersonArea.note(person_id=person, community_id=community.pk, grid_id=grid.pk if grid else None)
    tell_requesters(wish, "wishes.received", at)
    return wish


def problem_of_details(details: str) -> str:
    """Why the words say too little for anybody to help, for who wrote them: signs and emoji say nothing. Empty where
    they say enough."""
    if len({char for char in details if char.isalnum()}) < FEWEST_LETTERS:
        return _("请再写清楚一点，志愿者才知道怎么帮。例如：厨房的灯坏了，我够不着，想请人来换。")
    return ""


def problem_of_price(price_fen: int | None, limit: int) -> str:
    """Why ``price_fen`` (fen) is no price of a thing where ``limit`` (yuan) is the highest; empty where it is one."""
    if price_fen is None:
        return _("请写大约多少钱。")
    if price_fen < 0:
        return _("价钱前面不要写减号，例如 80。")
    if price_fen == 0:
        return _("价钱不能是 0 元。说不准的写个大概，例如 80；不用花钱的事，请换一个类别。")
    if price_fen > limit * 100:
        return _("物品心愿不超过 %(limit)s 元，这个价钱超过了。更贵的东西，请到社区窗口商量。") % {"limit": limit}
    return ""


def has_open_thing(subject: Person) -> bool:
    """Whether ``subject`` has a wish for a thing under way, for a form that says so early; the act looks again."""
    community = subject.community
    if community is None or not options.value(choices.ONE_THING_A_HOUSEHOLD, community):
        return False
    home = home_of(subject, community)
    same = models.Q(subject__in=subject.resolved.record_ids())
    if home is not None:
        same |= models.Q(household=home)
    return Wish.objects.open().filter(same, kind__is_thing=True).exists()


def _hold_household(community: Area, household: Household | None) -> None:
    """Two orders of one household queue up where it may have one thing under way. NO KEY, because rows that merely
    point at it must not wait. It is held before the person, always."""
    if household is not None and options.value(choices.ONE_THING_A_HOUSEHOLD, community):
        Household.objects.select_for_update(no_key=True).get(pk=household.pk)


def _check_thing(
    *,
    community: Area,
    subject: Person,
    household: Household | None,
    price_fen: int | None,
    but: Wish | None = None,
) -> None:
    """The rules for things; ``but`` is the wish that is becoming one. Household, then person, are held."""
    limit = options.value(choices.PRICE_LIMIT_YUAN, community)
    if words := problem_of_price(price_fen, limit):
        raise ValidationError({"price": words})
    if not options.value(choices.ONE_THING_A_HOUSEHOLD, community):
        return
    _hold_household(community, household)
    [person] = standing_locked(subject)
    same = models.Q(subject__in=person.record_ids())
    if household is not None:
        same |= models.Q(household=household)
    standing = Wish.objects.open().filter(same, kind__is_thing=True)
    if (standing.exclude(pk=but.pk) if but else standing).exists():
        raise ValidationError({"kind": _("您家已经有一个物品心愿在办，办结后再提下一个。")})


@transaction.atomic
def approve(
    *,
    wish: Wish,
    title: str,
    alias: str,
    actor: User,
    at: dt.datetime,
    kind: WishKind | None = None,
    price_fen: int | None = None,
) -> Transition:
    """Accept a wish for service under the public ``title`` and ``alias`` that staff wrote or approved.

    ``kind`` and ``price_fen`` correct what was ordered; what becomes a thing keeps the rules for things.
    """
    publishing.check(title=title, alias=alias, people=[wish.subject, wish.asker])
    settled = kind or wish.kind
    price = (wish.price_fen if price_fen is None else price_fen) if settled.is_thing else None
    if settled.is_thing:
        _check_thing(
            community=wish.community, subject=wish.subject, household=wish.household, price_fen=price, but=wish
        )
    transition = move(
        wish,
        "approve",
        actor_id=actor.pk,
        actor_part="staff",
        at=at,
        due_on=due_on_entering(WishState.PENDING_DISPATCH, community=wish.community, at=at),
        changes={"title": title.strip(), "alias": alias.strip() or wish.alias, "kind": settled, "price_fen": price},
    )
    tell_requesters(wish, "wishes.approved", at)
    return transition


@transaction.atomic
def retitle(*, wish: Wish, title: str, alias: str, actor: User, at: dt.datetime) -> None:
    """Put right what the public reads of a wish that is on the wall; the words before stay nowhere."""
    publishing.check(title=title, alias=alias, people=[wish.subject, wish.asker])
    words = {"title": title.strip(), "alias": alias.strip() or wish.alias}
    if not Wish.objects.public().filter(pk=wish.pk).update(**words):
        raise MoveRefused(_("这张单子没有公开，不用改标题。"), state=wish.state)
    wish.title, wish.alias = words["title"], words["alias"]
    changed(wish)
    audit.record("wish.retitled", actor_id=actor.pk, subject=wish, at=at, details={"fields": ["title", "alias"]})


@transaction.atomic
def decline(*, wish: Wish, reason: str, actor: User, at: dt.datetime) -> Transition:
    """Refuse a wish; the reason is for the requester alone."""
    transition = move(wish, "decline", actor_id=actor.pk, actor_part="staff", at=at, reason=reason)
    tell_requesters(wish, "wishes.declined", at, reason=reason.strip())
    return transition


@transaction.atomic
def withdraw(*, wish: Wish, actor: User, actor_part: str, at: dt.datetime, reason: str = "") -> Transition:
    """Take a wish back before it is completed; the volunteer on it is told."""
    addressed = wish.addressed()
    transition = move(wish, "withdraw", actor_id=actor.pk, actor_part=actor_part, at=at, reason=reason)
    settle(wish, actor, actor_part, at)
    tell_volunteers(wish, addressed, "wishes.taken_back", at)
    tell_of_act(wish, "wishes.withdrawn", at, did=_("撤回"), actor=actor, actor_part=actor_part)
    return transition


def settle(wish: Wish, actor: User, part: str, at: dt.datetime) -> None:
    """What ``actor`` was told about the wish is answered by the act just carried out; the desk's act in the place of
    somebody answers nobody's message."""
    if part != "staff" and actor.person is not None:
        reading.settle(kind=NOTICES, url=f"/wishes/{wish.code}/", person=actor.person, at=at)


def tell_requesters(wish: Wish, text: str, at: dt.datetime, reason: str = "") -> None:
    """Leave a notice that opens the wish to whom it is for, and to who asked while they may still act for them. Its
    body says which wish it is, for whom, and who asked for the reader; and the ``reason`` where there is one."""
    typed = wish.typist_id is not None and wish.asker.resolved.pk == wish.subject.resolved.pk
    did, actor = (_("录入"), None) if typed else (_("提"), wish.asker)
    _tell(wish, text, at, did=did, actor=actor, reason={"reason": reason} if reason else {})


def tell_of_act(wish: Wish, text: str, at: dt.datetime, *, did: str, actor: User, actor_part: str) -> None:
    """The same when somebody ``did`` what is the requester's to do: everybody hears it but who did it, and whom the
    wish is for hears who that was."""
    person = actor.person if actor_part != "staff" else None
    _tell(wish, text, at, did=did, actor=person, reason={}, but=person.resolved.pk if person is not None else None)


def _tell(
    wish: Wish,
    text: str,
    at: dt.datetime,
    *,
    did: str,
    actor: Person | None,
    reason: dict[str, str],
    but: int | None = None,
) -> None:
    people = {wish.subject.resolved.pk: wish.subject}
    standing = wish.asker.resolved.pk
    if standing not in people and speaks_for(wish.asker, wish.subject, clock.local_day(at)):
        people[standing] = wish.asker
    for pk, person in people.items():
        if pk != but:
            values = {"wish": told(wish, person, did=did, actor=actor, at=at), **reason}
            tell(person=person, text=text, values=values, url=f"/wishes/{wish.code}/", at=at)


def tell_volunteers(wish: Wish, volunteers: list[Volunteer], text: str, at: dt.datetime) -> None:
    """Leave each of ``volunteers`` a notice that opens the wish."""
    for volunteer in volunteers:
        tell(person=volunteer.person, text=text, values={"wish": called(wish)}, url=f"/wishes/{wish.code}/", at=at)
