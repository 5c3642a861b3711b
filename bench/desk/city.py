"""A city of so many people in a PostgreSQL database, made by ``generate_series``: in a few minutes, not hours.

``fill`` writes rows of a model from SQL expressions over ``g``, the number of the row; what is not named gets what an
empty form would give. Sealed columns hold one sealed text a column: pages open it as they open any other.
"""

from collections.abc import Iterable
from typing import Any

from django.db import connection, models

from alliance.volunteers.models import HourEntry, Volunteer
from portal.backoffice.models import Export
from portal.core.models import AuditEntry, Draft, OnceKey, SavedFilter, StoredFile, Transition
from portal.core.sealed import SealedField
from portal.notices.models import Delivery, Notice, NoticeChoice
from portal.people.models import (
    Authorisation,
    ConsentRecord,
    DataRequest,
    Guardianship,
    Ownership,
    Person,
    PersonArea,
    Representative,
    Residency,
    Role,
    SmsCode,
    User,
)
from portal.places.models import Area, Building, Estate, Household, Level
from services.wishes.models import ContactReveal, Wish, WishKind

BASE = 10_000_000  # beyond every key that the accounts of the bench get by themselves
COMMUNITIES, GRIDS = 200, 4
_SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹"
_GIVEN = "伟芳娜秀敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂华玉梅红建国文林海燕春荣志辉雪晨宇欣怡"


def _value(field: Any) -> str:
    """What stands in a column that nobody named."""
    if field.null:
        return "NULL"
    if isinstance(field, SealedField):
        sealed = field.get_db_prep_value("样本", connection) if not field.blank else ""
        return f"'{sealed}'"
    if isinstance(field, models.UUIDField):
        return "gen_random_uuid()"
    if isinstance(field, models.BooleanField):
        return "TRUE" if field.default is True else "FALSE"
    if isinstance(field, models.JSONField):
        return "'{}'::jsonb"
    if isinstance(field, models.DateTimeField):
        return "now() - g % 1500 * interval '1 day'"
    if isinstance(field, models.DateField):
        return "current_date - g % 1500"
    if isinstance(field, models.CharField | models.TextField | models.FileField):
        default = field.default if isinstance(field.default, str) else ""
        return f"'{default}'"
    return str(field.default) if isinstance(field.default, int) else "0"


def fill(model: type[models.Model], rows: int, **given: str) -> None:
    """``rows`` rows of ``model`` with keys from ``BASE`` on; ``given``: attribute → SQL over ``g`` (1 … rows)."""
    columns, values = [], []
    for field in model._meta.concrete_fields:
        key = isinstance(field, models.AutoField)
        expression = given.pop(field.attname, None)
        columns.append(f'"{field.column}"')
        values.append(expression or (f"{BASE} + g" if key else _value(field)))
    if given:
        raise ValueError(f"{model._meta.label} has no {sorted(given)}")
    with connection.cursor() as cursor:
        cursor.execute(
            f'INSERT INTO "{model._meta.db_table}" ({", ".join(columns)}) '  # noqa: S608 — the bench's own words
            f"SELECT {', '.join(values)} FROM generate_series(1, {rows}) g"
        )


def _one_of(keys: Iterable[int], number: str) -> str:
    """The SQL for one of ``keys``, by ``number``."""
    array = ", ".join(map(str, keys))
    return f"(ARRAY[{array}]::bigint[])[1 + ({number}) % {len(list(keys))}]"


class City:
    """The areas, and the city filled with ``people``."""

    def __init__(self, people: int) -> None:
        self.people = people
        self.areas = self._areas()
        self._fill()

    def _areas(self) -> list[Area]:
        """The communities; a subdistrict each ten, a district each fifty."""
        city = Area.objects.create(level=Level.CITY, name="样本市")
        communities = []
        for number in range(COMMUNITIES):
            if number % 50 == 0:
                district = Area.objects.create(level=Level.DISTRICT, name=f"样本{number}区", parent=city)
            if number % 10 == 0:
                street = Area.objects.create(level=Level.SUBDISTRICT, name=f"样本{number}街道", parent=district)
            community = Area.objects.create(level=Level.COMMUNITY, name=f"样本{number}社区", parent=street)
            communities.append(community)
            for grid in range(GRIDS):
                Area.objects.create(level=Level.GRID, name=f"第{grid + 1}网格", parent=community)
        return communities

    def _fill(self) -> None:
        n = self.people
        keys = [area.pk for area in self.areas]
        self.at = _one_of(keys, "g")
        # A grid follows its community's key, in the order of making.
        self.grid = f"CASE WHEN g % 3 = 0 THEN {self.at} + 1 + g / 3 % {GRIDS} END"
        self._people(n)
        self._homes(n)
        self._ties(n)
        self._wishes(n)
        self._messages(n)
        self._records(n)

    def _people(self, n: int) -> None:
        name = f"substr('{_SURNAMES}', 1 + g % 30, 1) || substr('{_GIVEN}', 1 + g * 7 % 40, 1)"
        fill(
            Person,
            n,
            name=f"{name} || substr('{_GIVEN}', 1 + g * 13 / 40 % 40, 1)",
            sex="CASE WHEN g % 2 = 0 THEN 'female' ELSE 'male' END",
            birth_date="date '1940-01-01' + g * 7919 % 29000",
            community_id=self.at,
            contact_phone_index="md5('c' || g) || md5('d' || g)",
            merged_into_id=f"CASE WHEN g % 50 = 0 THEN {BASE} + g - 1 END",
        )
        fill(PersonArea, n, person_id=f"{BASE} + g", community_id=self.at, grid_id=self.grid)
        closed = "g % 20 = 0"
        fill(
            User,
            n // 3,
            username="'b' || g",
            person_id=f"{BASE} + g * 3 + CASE WHEN g * 3 % 50 = 0 THEN -1 ELSE 0 END",
            phone_index="md5('u' || g) || md5('v' || g)",
            is_active=f"NOT ({closed})",
            closed_at=f"CASE WHEN {closed} THEN now() - g % 1500 * interval '1 day' END",
            elder_text="22",
        )
        fill(ConsentRecord, n // 2, person_id=f"{BASE} + g", purpose="'notices.sms'", act="'given'", channel="'online'")
        fill(
            Role, n // 500, user_id=f"{BASE} + g", area_id=self.at, kind="'worker'", level="'community'",
            until="CASE WHEN g % 2 = 0 THEN now() - g % 300 * interval '1 day' END",
            since="now() - 2000 * interval '1 day'",
        )  # fmt: skip

    def _homes(self, n: int) -> None:
        fill(Estate, COMMUNITIES, community_id=self.at, name="'小区' || g")
        fill(
            Building, max(n // 100, COMMUNITIES), community_id=self.at, grid_id=self.grid, name="'楼' || g",
            estate_id="NULL", kind="'house'",
        )  # fmt: skip
        self.buildings = max(n // 100, COMMUNITIES)
        fill(Household, n // 2, building_id=f"{BASE} + 1 + g % {self.buildings}", unit="'1'", number="'n' || g")

    def _ties(self, n: int) -> None:
        state = "CASE WHEN g % 100 = 0 THEN 'claimed' WHEN g % 20 = 1 THEN 'ended' ELSE 'confirmed' END"
        tie = {
            "person_id": f"{BASE} + g",
            "household_id": f"{BASE} + 1 + g % {n // 2}",
            "state": state,
            "due_on": "CASE WHEN g % 100 = 0 THEN current_date + g % 20 END",
            "channel": "'online'",
        }
        fill(Residency, n, kind="'family'", **tie)
        fill(Ownership, n // 2, share_numerator="1", share_denominator="1", **tie)
        fill(
            Representative, n // 10, household_id=f"{BASE} + 1 + g", person_id=f"{BASE} + g",
            until="CASE WHEN g % 4 = 0 THEN current_date - g % 900 END",
        )  # fmt: skip
        until = "CASE WHEN g % 3 = 0 THEN current_date - g % 1500 END"
        fill(
            Guardianship, n // 20, child_id=f"{BASE} + g * 2", guardian_id=f"{BASE} + g * 2 + 1", relation="'母亲'",
            until=until,
        )  # fmt: skip
        fill(
            Authorisation, n // 50, principal_id=f"{BASE} + g * 3", agent_id=f"{BASE} + g * 3 + 1", relation="'儿子'",
            recorded_by_id=f"{BASE} + 1", until=until,
        )  # fmt: skip

    def _wishes(self, n: int) -> None:
        self.volunteers = max(n // 20, 200)
        fill(
            Volunteer, self.volunteers, person_id=f"{BASE} + g", community_id=self.at,
            state="CASE WHEN g % 10 = 0 THEN 'left' WHEN g % 50 = 1 THEN 'applied' ELSE 'active' END",
        )  # fmt: skip
        state = (
            "CASE WHEN g % 200 = 0 THEN 'pending_review' WHEN g % 200 = 1 THEN 'pending_dispatch' "
            "WHEN g % 200 = 2 THEN 'pending_claim' WHEN g % 200 = 3 THEN 'in_service' "
            "WHEN g % 200 = 4 THEN 'pending_rating' WHEN g % 200 < 15 THEN 'declined' "
            "WHEN g % 200 < 25 THEN 'withdrawn' ELSE 'closed' END"
        )
        done = "(g % 200 = 4 OR g % 200 >= 25)"
        fill(
            Wish, n, code="(200000000 + g)::text", kind_id=f"{WishKind.objects.values_list('pk', flat=True)[0]}",
            community_id=self.at, grid_id=self.grid, subject_id=f"{BASE} + g", asker_id=f"{BASE} + g",
            household_id=f"{BASE} + 1 + g % {n // 2}", channel="'online'", state=state,
            title="'修' || g % 1000 || '号灯'", alias="'王阿姨'",
            due_on="CASE WHEN g % 200 < 5 THEN current_date + g % 30 - 10 END",
            dispatch="CASE WHEN g % 200 = 2 THEN 'pool' ELSE '' END",
            volunteer_id=f"CASE WHEN g % 200 = 3 OR {done} THEN {BASE} + 1 + g % {self.volunteers} END",
            service_minutes=f"CASE WHEN {done} THEN 30 END",
            rating="CASE WHEN g % 200 >= 25 THEN CASE WHEN g % 500 = 250 THEN 2 ELSE 5 END END",
            visited_on="CASE WHEN g % 1000 = 250 THEN current_date - 3 END",
            closed_at="CASE WHEN g % 200 >= 25 THEN now() - g % 1500 * interval '1 day' END",
        )  # fmt: skip
        fill(
            HourEntry, n // 2, volunteer_id=f"{BASE} + 1 + g % {self.volunteers}", community_id=self.at,
            half_hours="1", minutes="30", source_type="'bench.wish'", source_id=f"{BASE} + g",
        )  # fmt: skip
        fill(
            ContactReveal, n // 4, wish_id=f"{BASE} + 1 + g * 3", viewer_id=f"{BASE} + 1 + g % {n // 3}",
            part="'volunteer'",
        )  # fmt: skip

    def _messages(self, n: int) -> None:
        fill(
            Notice, n, person_id=f"{BASE} + 1 + g * 7 % {n}", kind="'wishes'", url="'/wishes/'",
            read_at="CASE WHEN g % 5 > 0 THEN now() END",
        )  # fmt: skip
        fill(
            Delivery, n, notice_id=f"{BASE} + g", channel="'sms'",
            state="CASE WHEN g % 5000 = 0 THEN 'queued' WHEN g % 3000 = 1 THEN 'failed' ELSE 'sent' END",
            stuck_at="CASE WHEN g % 3000 = 1 THEN now() END",
        )  # fmt: skip
        fill(NoticeChoice, n // 20, user_id=f"{BASE} + g", kind="'wishes'", channel="'sms'", on="TRUE")

    def _records(self, n: int) -> None:
        kind = "CASE WHEN g % 3 = 0 THEN 'people.person' ELSE 'wishes.wish' END"
        actor = f"{BASE} + 1 + g % {n // 3}"
        at = f"now() - ({n} - g) * interval '1 minute'"
        fill(
            AuditEntry, n, subject_type=kind, subject_id=f"{BASE} + g", actor_id=actor, at=at,
            verb="CASE WHEN g % 7 = 0 THEN 'person.contact_shown' ELSE 'wish.visited' END",
        )  # fmt: skip
        fill(
            Transition, n, subject_type="'wishes.wish'", subject_id=f"{BASE} + g", actor_id=actor, at=at,
            name="'approve'", source="'pending_review'", target="'pending_dispatch'", actor_part="'staff'",
        )  # fmt: skip
        fill(
            DataRequest, n // 100, code="(300000000 + g)::text", community_id=self.at, subject_id=f"{BASE} + g",
            asker_id=f"{BASE} + g", channel="'online'", kind="'erase'",
            state="CASE WHEN g % 20 = 0 THEN 'asked' ELSE 'done' END",
        )  # fmt: skip
        fill(
            Export, n // 100, number="'E' || g", requester_id=f"{BASE} + 1 + g % {n // 500}", source="'people.person'",
            state="CASE WHEN g % 50 = 0 THEN 'pending' ELSE 'expired' END", offices="'[0]'::jsonb",
            columns="'[]'::jsonb", whole_columns="'[]'::jsonb", area_id=self.at,
        )  # fmt: skip
        fill(StoredFile, n // 10, content="'x/' || g", owner_id=actor, content_type="'image/webp'")
        fill(SmsCode, n // 5, phone_index="md5('s' || g) || md5('t' || g)")
        fill(Draft, n // 20, owner_id=f"{BASE} + g", form="'wishes.order'", expires_at="now() + interval '5 day'")
        fill(OnceKey, n // 5, owner="'o' || g", token="'t' || g")  # noqa: S106 — SQL
        fill(SavedFilter, n // 100, owner_id=f"{BASE} + g", listing="'people.person'", name="'我的'")
