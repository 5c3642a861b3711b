"""The desk's pages. One entry a model; each expectation has five answers, because nobody but staff comes in::

    staff  staff elsewhere  head  sub-district  administrator

Every page that a model has is asked: the list, adding, opening, saving, the history, each act on one row and on many,
and the short address of a row. A POST is asked wherever a GET is, and must be refused to the same.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.contrib import admin
from django.urls import reverse

from .grid import REFUSED, Row, row
from .world import World

NOT_STAFF = "in 403 403 403 "
ALL = "200 200 200 200 200"
AREA = "200 404 200 200 200"  # whoever reads the area: it is not there for staff elsewhere
DESK = "200 404 200 403 200"  # the desk of the area; the sub-district reads only
HEAD = "403 404 200 403 200"
ADMINISTRATOR = "403 404 403 403 200"
NOBODY = "403 404 403 403 403"
# Pages without a row of their own: a list is everybody's, filled with what each may see.
ANY_DESK = "200 200 200 403 200"
ONLY_ADMINISTRATOR = "403 403 403 403 200"
NEVER = "403 403 403 403 403"

Of = Callable[[World], Any]


@dataclass(frozen=True)
class Pages:
    """Who may what with one model. ``of`` is the row that is opened; an act may name another one that suits it."""

    of: Of
    list: str = ALL
    add: str = ANY_DESK
    open: str = AREA
    save: str = NOBODY
    acts: dict[str, str] = field(default_factory=dict)
    bulk: str = ""  # several rows at once, where the list's own refusal comes before the row's
    act_of: dict[str, Of] = field(default_factory=dict)


MODELS: dict[str, Pages] = {
    "people.person": Pages(
        lambda world: world.users["resident"].person,
        acts=dict.fromkeys(("contact", "change_contact", "correct", "unmerge", "consent", "take_back"), DESK),
        act_of={
            "unmerge": lambda world: world.merged,
            "consent": lambda world: world.child,
            "take_back": lambda world: world.agreed_child,
        },
    ),
    "people.ownership": Pages(
        lambda world: world.ownership.claimed,
        acts={"confirm": DESK, "refuse": DESK, "end": DESK},
        act_of={"end": lambda world: world.ownership.confirmed},
    ),
    "people.residency": Pages(
        lambda world: world.residency.claimed,
        acts={"confirm": DESK, "refuse": DESK, "end": DESK},
        act_of={"end": lambda world: world.residency.confirmed},
    ),
    "people.representative": Pages(lambda world: world.representative, acts={"end": DESK}),
    # The desk and 个人信息保护员 answer; the sub-district does not open it at all.
    "people.datarequest": Pages(
        lambda world: world.data_request,
        list="200 200 200 403 200",
        open="200 404 200 404 200",
        save="403 404 403 404 403",
        acts=dict.fromkeys(("apply", "refuse", "take", "put_back", "assign"), "200 404 200 404 200"),
        act_of=dict.fromkeys(("put_back", "assign"), lambda world: world.data_request_in_hand),
        bulk="200 404 200 403 200",
    ),
    "people.guardianship": Pages(
        lambda world: world.guardianship,
        acts=dict.fromkeys(("confirm", "refuse", "end"), DESK),
        act_of=dict.fromkeys(("confirm", "refuse"), lambda world: world.guardianship_waits),
    ),
    "people.authorisation": Pages(
        lambda world: world.authorisation,
        acts=dict.fromkeys(("confirm", "refuse", "end"), DESK),
        act_of=dict.fromkeys(("confirm", "refuse"), lambda world: world.authorisation_waits),
    ),
    "people.user": Pages(
        lambda world: world.users["resident"],
        add=NEVER,
        acts={
            "confirm_phone": DESK,
            "release_phone": DESK,
            "remove_factor": ADMINISTRATOR,
            "handover": HEAD,
            "close": ADMINISTRATOR,
            "reopen": ADMINISTRATOR,
        },
        act_of={
            "remove_factor": lambda world: world.users["staff"],
            "handover": lambda world: world.users["staff"],
            "reopen": lambda world: world.closed_account,
        },
    ),
    "people.role": Pages(
        lambda world: world.staff_role,
        list="403 403 200 200 200",
        add="403 403 200 403 200",
        open="404 404 200 200 200",
        save="404 404 403 403 403",
        acts={"end": "404 404 200 403 200"},
    ),
    "places.area": Pages(lambda world: world.community, add=ONLY_ADMINISTRATOR, save=HEAD, acts={"options": HEAD}),
    "places.estate": Pages(lambda world: world.estate, save=DESK),
    "places.building": Pages(lambda world: world.building, save=DESK, acts={"regrid": DESK}),
    "places.household": Pages(lambda world: world.household, save=DESK),
    "notices.delivery": Pages(
        lambda world: world.stuck,
        add=NEVER,
        acts={"again": DESK, "give_up": DESK},
    ),
    "core.workdayoverride": Pages(
        lambda world: world.override, add=ONLY_ADMINISTRATOR, open=ALL, save=ONLY_ADMINISTRATOR
    ),
    "core.auditentry": Pages(lambda world: world.entry, list=ONLY_ADMINISTRATOR),
    "core.transition": Pages(lambda world: world.wishes.new.transitions().first(), list=ONLY_ADMINISTRATOR),
    # The requester's, and theirs who may decide; the sub-district only reads lists, and no export is one.
    "backoffice.export": Pages(
        lambda world: world.exports.pending,
        list=ANY_DESK,
        add=NEVER,
        open="200 404 200 404 200",
        save="403 404 403 404 403",
        acts={
            "approve": "403 404 200 404 403",
            "refuse": "403 404 200 404 403",
            "withdraw": "200 404 403 404 403",
            "revoke": "403 404 200 404 403",
        },
        act_of={"revoke": lambda world: world.exports.ready},
    ),
    "volunteers.volunteer": Pages(
        lambda world: world.volunteers.active,
        acts={"accept": DESK, "refuse": DESK, "clear": DESK, "join": DESK, "suspend": DESK, "resume": DESK},
        act_of={
            "accept": lambda world: world.volunteers.applied,
            "refuse": lambda world: world.volunteers.applied,
            "resume": lambda world: world.volunteers.suspended,
        },
    ),
    "volunteers.team": Pages(lambda world: world.team, save=DESK),
    "volunteers.teammember": Pages(lambda world: world.member, add=NEVER, acts={"part": DESK}),
    "volunteers.hourentry": Pages(lambda world: world.hours, add=NEVER),
    "volunteers.skill": Pages(
        lambda world: world.skill,
        list=ANY_DESK,
        add=ONLY_ADMINISTRATOR,
        open=ANY_DESK,
        save=ONLY_ADMINISTRATOR,
    ),
    "wishes.wish": Pages(
        lambda world: world.wishes.new,
        acts={
            "approve": DESK,
            "decline": DESK,
            "dispatch": DESK,
            "recall": DESK,
            "complete": DESK,
            "return": DESK,
            "rate": DESK,
            "visit": DESK,
            "retitle": DESK,
            "contact": DESK,
            "withdraw": DESK,
            "take": DESK,
            "put_back": DESK,
            "assign": DESK,
        },
        act_of={
            "put_back": lambda world: world.wishes.in_hand,
            "assign": lambda world: world.wishes.in_hand,
            "visit": lambda world: world.wishes.poor,
            "retitle": lambda world: world.wishes.approved,
            "dispatch": lambda world: world.wishes.approved,
            "recall": lambda world: world.wishes.offered,
            "complete": lambda world: world.wishes.serving,
            "return": lambda world: world.wishes.serving,
            "rate": lambda world: world.wishes.done,
        },
    ),
    "wishes.wishkind": Pages(
        lambda world: world.kind, list=ANY_DESK, add=ONLY_ADMINISTRATOR, open=ANY_DESK, save=ONLY_ADMINISTRATOR
    ),
}


def staff(name: str, answers: str, method: str = "GET", **options: Any) -> Row:
    """A row of the desk's pages: five answers, the others' are the same everywhere."""
    return row(name, NOT_STAFF + answers, method, **options)


def _app_list(label: str, answers: str) -> Row:
    return staff("admin:app_list", answers, at=lambda _world: {"app_label": label})


def _saved(world: World) -> dict[str, int]:
    return {"pk": world.saved.pk}


def _list(_world: World) -> dict[str, str]:
    return {"source_id": "people.person"}


def _file(world: World) -> dict[str, int]:
    return {"object_id": world.exports.ready.pk}


EXPORTS = [
    staff("admin:backoffice_export_ask", ANY_DESK, at=_list),
    staff("admin:backoffice_export_ask", ANY_DESK, "POST", at=_list),
    staff("admin:backoffice_export_ask", "403 403 403 403 200", at=lambda _world: {"source_id": "core.auditentry"}),
    staff("admin:backoffice_export_progress", "200 404 200 404 200", at=_file),
    staff("admin:backoffice_export_progress", "405 404 405 404 405", "POST", at=_file),
    staff("admin:backoffice_export_download", "302 404 403 404 403", at=_file),
    staff("admin:backoffice_export_download", "200 404 403 404 403", "POST", at=_file),
    _app_list("backoffice", "200 200 200 404 200"),
]


def _resident(world: World) -> dict[str, int]:
    return {"person_id": world.users["resident"].person.pk}


def _twins(world: World) -> dict[str, int]:
    return {**_resident(world), "other_id": world.users["other_resident"].person.pk}


SITE = [
    staff("admin:index", ALL),
    staff("admin:login", "302 302 302 302 302"),
    staff("admin:logout", "302 302 302 302 302"),
    staff("admin:logout", "302 302 302 302 302", "POST"),
    staff("admin:autocomplete", NEVER),  # without a field that it completes; with one: tests.backoffice
    staff("admin:jsi18n", ALL),
    staff("admin:notices_texts", ALL),
    staff("admin:search", ALL),
    staff("admin:search", "302 302 302 302 302", "POST", send=lambda _world: {"text": "李桂香"}),
    staff("admin:people_person_find", "302 302 302 302 302"),
    staff("admin:people_person_find", "ok ok ok ok ok", "POST", send=lambda _world: {"phone": "15400000000"}),
    staff("admin:people_person_merge", DESK, at=_resident),
    staff("admin:people_person_merge", DESK, "POST", at=_resident),
    staff("admin:people_person_merge_with", DESK, at=_twins),
    staff("admin:people_person_merge_with", DESK, "POST", at=_twins),
    staff("admin:enter", ANY_DESK),
    staff("admin:enter", ANY_DESK, "POST", send=lambda _world: {"text": "李桂香"}),
    staff("admin:enter_for", DESK, at=_resident),
    staff("admin:choose", "302 302 302 302 302", at=lambda _world: {"key": "nobodys"}),
    staff("admin:choose", "302 302 302 302 302", "POST", at=lambda _world: {"key": "nobodys"}),
    staff("admin:saved_keep", "405 405 405 405 405"),
    staff(
        "admin:saved_keep",
        "302 302 302 302 302",
        "POST",
        send=lambda _world: {"list": "people.person", "query": "sex__exact=female", "name": "女居民"},
    ),
    staff("admin:saved_open", "302 404 404 404 404", at=_saved),  # one's own alone
    staff("admin:saved_drop", "405 405 405 405 405", at=_saved),
    staff("admin:saved_drop", "302 302 302 302 302", "POST", at=_saved),  # of others nothing goes: tests.backoffice
    *(_app_list(label, ALL) for label in ("people", "places", "volunteers", "wishes", "core", "notices")),
    staff("admin/(?P<url>.*)$", "404 404 404 404 404", url=lambda _world: "/admin/nowhere/"),
]


def _posted(answers: str) -> str:
    """What a POST gets where a GET gets ``answers``: the same refusals, and in for whoever comes in."""
    return " ".join(answer if answer in REFUSED else "ok" for answer in answers.split())


def of_model(label: str, pages: Pages) -> Iterator[Row]:
    """Every row of one model's pages, those that it has."""
    app, model = label.split(".")
    base = f"admin:{app}_{model}_"
    page = admin.site._registry[_model(label)]
    names = {pattern.name for pattern in page.get_urls()}
    one: dict[str, Any] = {"at": lambda world: {"object_id": pages.of(world).pk}}
    yield staff(base + "changelist", pages.list)
    if f"{app}_{model}_add" in names:
        yield staff(base + "add", pages.add)
        yield staff(base + "add", _posted(pages.add), "POST")
    if f"{app}_{model}_change" in names:
        yield staff(base + "change", pages.open, **one)
        yield staff(base + "change", _posted(pages.save), "POST", **one)
        yield staff(base + "history", pages.open, **one)
        short = f"admin/{app}/{model}/<path:object_id>/"
        yield staff(short, "302 302 302 302 302", url=lambda world: f"/admin/{app}/{model}/{pages.of(world).pk}/")
    for act in getattr(page, "acts", ()):
        yield from _of_act(base, act, pages)


def _of_act(base: str, act: Any, pages: Pages) -> Iterator[Row]:
    answers = pages.acts.get(act.name, NEVER)
    of = pages.act_of.get(act.name, pages.of)
    at: dict[str, Any] = {"at": lambda world: {"object_id": of(world).pk, "name": act.name}}
    yield staff(base + "act", answers, **at)
    yield staff(base + "act", _posted(answers), "POST", **at)
    together = pages.bulk or answers
    many: dict[str, Any] = {"at": lambda _world: {"name": act.name}, "send": lambda world: {"ids": of(world).pk}}
    yield staff(base + "bulk", _posted(together) if act.bulk else NEVER, "POST", **many)
    yield staff(
        base + "bulk",
        together if act.bulk else NEVER,
        url=lambda world: f"{reverse(base + 'bulk', kwargs={'name': act.name})}?ids={of(world).pk}",
    )


def _model(label: str) -> Any:
    return next(model for model in admin.site._registry if model._meta.label_lower == label)


def rooms() -> dict[str, list[Row]]:
    """The desk's rows by model, and those of the site itself."""
    found = {f"desk {label}": list(of_model(label, pages)) for label, pages in MODELS.items()}
    return {"desk": SITE, "desk exports": EXPORTS, **found}
