"""Two communities with a building, a household and a resident each; whose desk is whose."""

from dataclasses import dataclass

import pytest
from django.test import Client

from portal.people.models import Person, User
from portal.places.models import Area, Building, Household
from tests import worlds


@dataclass
class Place:
    """One community with what stands in it."""

    community: Area
    grid: Area
    building: Building
    household: Household
    resident: Person
    worker: User
    head: User

    @property
    def desk(self) -> Client:
        """The worker's browser."""
        return worlds.client_for(self.worker)

    @property
    def office(self) -> Client:
        """The head's browser."""
        return worlds.client_for(self.head)


def make(name: str, subdistrict: str, resident: str) -> Place:
    community = worlds.community(name, parent=worlds.subdistrict(subdistrict))
    grid = worlds.grid(community)
    building = worlds.building(community, grid=grid)
    return Place(
        community=community,
        grid=grid,
        building=building,
        household=worlds.household(building),
        resident=worlds.person(community, name=resident),
        worker=worlds.worker(community, name="窗口甲"),
        head=worlds.head(community, name="主任甲"),
    )


@pytest.fixture
def here(db: None) -> Place:
    return make("袁家湾社区", "月塘街道", "林小荷")


@pytest.fixture
def there(db: None) -> Place:
    return make("向阳社区", "桂花街道", "周长青")


@pytest.fixture
def administrator(db: None) -> Client:
    return worlds.client_for(worlds.administrator())
