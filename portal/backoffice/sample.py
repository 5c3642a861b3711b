"""Three exports of 袁家湾社区's list of people, so that the mechanism can be seen: one to fetch, one that waits for the
head's word, one that was refused with a reason. Made by the real acts; the file is sealed and expires as any other.
"""

from portal.core.sample_world import World
from portal.people.models import User

from .exports import asking, building, deciding
from .exports.listing import Listing
from .exports.sources import sources
from .models import Export

PEOPLE = "people.person"


def load(world: World) -> None:
    """Asked for by two of the desk, decided by the head; what was approved is built at the moment of building."""
    head = _account(world, "head")
    refused = _asked(
        world,
        "worker",
        days_ago=4,
        columns=["name", "contact_phone", "address"],
        whole=["contact_phone", "address"],
        purpose="通知居民参加社区运动会。",
        whole_reason="要打电话、贴通知到门口。",
    )
    deciding.refuse(
        export=refused,
        actor=head,
        at=world.at(4, 16),
        reason="通知活动在门户里发消息就行，用不着完整的电话和住址。确有打不通的，请一位一位看，会留记录。",
    )
    ready = _asked(
        world,
        "worker",
        days_ago=1,
        columns=["name", "sex", "birth_date", "community", "contact_phone"],
        purpose="核对高龄老人台账，和上季度的名单比对。",
    )
    deciding.approve(export=ready, actor=head, at=world.at(0, 8, 30))
    if not building.build(export=ready, at=world.built_at):
        raise RuntimeError("the sample's export was not built")
    _asked(
        world,
        "grid_worker",
        days_ago=0,
        columns=["name", "sex", "contact_phone"],
        whole=["contact_phone"],
        purpose="第一网格冬季用电安全走访，上门前逐户约时间。",
        whole_reason="要打电话约时间，遮住了打不了。走访完就删掉。",
    )


def _account(world: World, key: str) -> User:
    """The account with the offices that it holds by now."""
    return User.objects.select_related("person").get(pk=world.users[key].pk)


def _asked(world: World, key: str, *, days_ago: int, columns: list[str], **words: object) -> Export:
    return asking.ask(
        source=sources[PEOPLE],
        wanted=Listing(),
        columns=columns,
        actor=_account(world, key),
        at=world.at(days_ago, 9, 20),
        **words,  # type: ignore[arg-type]
    )
