"""Invented wishes of the first communities: 27 completed ones in 袁家湾, and some in every other state.

Each is made by the acts that make them in life, at the time they would have happened.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle

from alliance.volunteers.models import Team, Volunteer
from alliance.volunteers.sample import serving_in, staff_of
from portal.core.sample_world import World
from portal.people.homes import home_of
from portal.people.models import Channel, Person, User
from portal.people.sample import series
from portal.places.models import Area

from .closing import auto_close, rate
from .models import Wish, WishKind
from .ordering import approve, decline, order, withdraw
from .serving import claim, complete, dispatch, give_back, reveal_contact

# slug of the kind, public title, what the requester said, minutes it took, price in yuan (things only)
COMPLETED = (
    ("repair", "换一盏楼道感应灯", "二楼楼道的灯坏了半个月，晚上上下楼看不见，怕摔。", 50, 0),
    ("company", "陪独居老人去医院复查", "下周要去复查，儿子在外地，一个人不敢去。", 190, 0),
    ("thing", "一台收音机", "眼睛不好看不了电视，想要个收音机听听戏。", 40, 120),
    ("phone", "教用手机视频通话", "孙女在外地读书，想学会打视频。", 65, 0),
    ("repair", "修一修漏水的水龙头", "厨房龙头一直滴水，拧不紧。", 45, 0),
    ("errand", "代取一个月的慢病药", "膝盖疼下不了楼，药快吃完了。", 60, 0),
    ("tutoring", "辅导三年级数学", "孩子应用题总做不对，我们下班晚，没人教。", 120, 0),
    ("thing", "一床厚棉被", "旧被子不暖和了，冬天夜里冷。", 30, 260),
    ("repair", "装一个卫生间扶手", "老人洗澡站不稳，想在墙上装个扶手。", 90, 0),
    ("company", "陪聊聊天", "老伴走了以后家里太静，想有人来坐坐。", 100, 0),
    ("errand", "帮忙搬两盆花上楼", "买了两盆花放在楼下，搬不动。", 25, 0),
    ("phone", "教在网上交医保", "社区说可以在手机上交，不会弄。", 55, 0),
    ("thing", "一副老花镜", "原来的镜腿断了，看报纸费劲。", 30, 80),
    ("repair", "修纱窗", "卧室纱窗破了，蚊子进来睡不好。", 75, 0),
    ("tutoring", "陪孩子读绘本", "孩子四岁，想有人周末陪着读读书。", 90, 0),
    ("errand", "代买一周的菜", "做了手术不能提重物，想请人买菜。", 70, 0),
    ("other", "帮写一封信", "想给老战友写封信，手抖写不成字。", 60, 0),
    ("repair", "换插座", "客厅插座发黑了，不敢用。", 40, 0),
    ("company", "推轮椅晒太阳", "腿脚不便，好久没下楼了。", 120, 0),
    ("thing", "一个书包", "孩子上学，书包带子断了。", 30, 150),
    ("phone", "清理手机里的广告", "手机老跳广告，不知道点哪里关。", 50, 0),
    ("repair", "通下水道", "厨房下水堵了，水下不去。", 80, 0),
    ("errand", "代办老年优待证", "听说满七十可以办，不知道带什么。", 95, 0),
    ("company", "陪做一次体检", "社区组织体检，想有人陪着楼上楼下跑。", 150, 0),
    ("thing", "一个电热水袋", "冬天手脚冰凉，想要个热水袋。", 25, 60),
    ("tutoring", "辅导初一英语", "英语跟不上，想有人带着读一读。", 110, 0),
    ("repair", "修一修松动的门把手", "门把手掉了一半，关不严。", 35, 0),
)
OPEN = (
    ("repair", "换厨房灯管", "灯管一闪一闪的，够不着。", 0, 0),
    ("company", "周末陪下两盘棋", "老棋友搬走了，想找人下棋。", 0, 0),
    ("phone", "教用手机挂号", "去医院要先在手机上挂号，不会。", 0, 0),
    ("errand", "代取快递", "快递在小区门口，走过去费劲。", 0, 0),
    ("thing", "一根拐杖", "想要一根带灯的拐杖，晚上走路稳当。", 0, 90),
    ("tutoring", "辅导五年级作文", "孩子写作文憋不出来，想请人带一带。", 0, 0),
    ("repair", "修阳台晾衣架", "晾衣架摇不动了。", 0, 0),
    ("other", "帮忙找走丢的猫", "家里的猫跑出去两天了，橘黄色的。", 0, 0),
    ("company", "陪去照相馆拍张照", "想拍一张好点的照片，不知道去哪家。", 0, 0),
    ("errand", "帮抬旧沙发下楼", "旧沙发占地方，抬不下去。", 0, 0),
    ("phone", "把字调大一点", "手机字太小，看不清。", 0, 0),
    ("thing", "一个血压计", "医生让天天量血压，家里没有。", 0, 180),
    ("repair", "清洗油烟机滤网", "滤网全是油，老人爬高不安全。", 0, 0),
    ("company", "陪着去一趟菜市场", "腿脚不便，想有人陪着去买两天的菜。", 0, 0),
    ("errand", "代交水费", "缴费点搬远了。", 0, 0),
    ("tutoring", "教孩子写毛笔字", "孩子想学，没人教。", 0, 0),
    ("repair", "给窗户贴防撞条", "孩子小，怕磕着。", 0, 0),
    ("other", "帮看一份合同", "租房合同看不大懂，想请人讲讲。", 0, 0),
)
ELSEWHERE = (
    ("repair", "修单元门闭门器", "单元门关的时候砰砰响。", 45, 0),
    ("company", "陪老人散步", "母亲刚出院，想有人陪着走走。", 70, 0),
    ("phone", "教用公交卡小程序", "换了新手机，坐车码找不到了。", 0, 0),
)
WORDS = (
    "师傅手脚麻利，谢谢。",
    "很耐心，老人很高兴。",
    "比说好的还早来了。",
    "",
    "办得好。",
    "谢谢志愿者，也谢谢社区。",
)


@dataclass
class _Stage:
    """Who acts in one community's records."""

    world: World
    community: Area
    staff: User
    volunteers: Iterator[Volunteer]
    people: Iterator[Person]
    children: Iterator[Person]
    kinds: dict[str, WishKind]


def load(world: World) -> None:
    """袁家湾 in every state; two other communities with a few; invented ones by scale."""
    kinds = {kind.slug: kind for kind in WishKind.objects.all()}
    home = _stage(world, "yuanjiawan", kinds)
    for number, line in enumerate(COMPLETED):
        _completed(home, line, days_ago=300 - number * 10, number=number)
        world.progress("微心愿", number / len(COMPLETED))
    _spread(home)
    away = _stage(world, "xiangyang", kinds)
    for number, line in enumerate(ELSEWHERE[:2]):
        _completed(away, line, days_ago=60 - number * 20, number=number)
    _ordered(away, ELSEWHERE[2], days_ago=1)
    for place in range(1, world.scale):
        _load_invented(_stage(world, f"invented/{place}", kinds))
        world.progress("另外的示范社区的微心愿", place / world.scale)


def _load_invented(stage: _Stage) -> None:
    """Ten completed wishes and one in each state in which wishes wait."""
    for number, line in enumerate(COMPLETED[:10]):
        _completed(stage, line, days_ago=120 - number * 10, number=number)
    _ordered(stage, OPEN[0], days_ago=1)
    _approved(stage, OPEN[1], days_ago=1)
    waiting = _approved(stage, OPEN[3], days_ago=2)
    dispatch(wish=waiting, to=Wish.Dispatch.POOL, actor=stage.staff, at=stage.world.at(1, 15))
    _in_service(stage, OPEN[7], days_ago=4)


def _stage(world: World, key: str, kinds: dict[str, WishKind]) -> _Stage:
    community = world.areas[key]
    staff = staff_of(world, community)
    elders, adults = series(world, f"{key}/elder"), series(world, f"{key}/adult")[12:]
    fallback = elders or series(world, f"{key}/adult")
    return _Stage(
        world,
        community,
        staff,
        cycle(serving_in(community)),
        cycle([*elders, *adults] or fallback),
        cycle(series(world, f"{key}/child") or fallback),
        kinds,
    )


def _ordered(stage: _Stage, line: tuple, *, days_ago: int, asker: Person | None = None, hour: int = 9) -> Wish:
    """Ordered by the person, by a parent for a child, or at the desk for an elder without an account."""
    slug, _title, details, _minutes, price = line
    world, kind = stage.world, stage.kinds[slug]
    subject = asker or next(stage.children if kind.with_minors else stage.people)
    guardian = subject.guardianships.select_related("guardian").first() if kind.with_minors else None
    speaker = guardian.guardian if guardian else subject
    account = getattr(speaker, "user", None)
    home = home_of(subject, stage.community)
    return order(
        kind=kind,
        subject=subject,
        asker=speaker,
        community=stage.community,
        grid=home.building.grid if home else None,
        household=home,
        details=details,
        when=world.random.choice(Wish.When.values),
        price_fen=price * 100 or None,
        contact_name=speaker.name,
        contact_phone=speaker.contact_phone,
        contact_address=str(home) if home else stage.community.name,
        actor=account or stage.staff,
        actor_part="requester" if account else "staff",
        typist=None if account else stage.staff,
        channel=Channel.ONLINE if account else world.random.choice([Channel.COUNTER, Channel.PHONE, Channel.VISIT]),
        at=world.at(days_ago, hour, world.random.randrange(60)),
    )


def _approved(stage: _Stage, line: tuple, *, days_ago: int, asker: Person | None = None) -> Wish:
    wish = _ordered(stage, line, days_ago=days_ago, asker=asker)
    alias = wish.subject.name[0] + ("奶奶" if wish.subject.sex == Person.Sex.FEMALE else "爷爷")
    young = (
        wish.kind.with_minors
        or wish.subject.birth_date is None
        or stage.world.anchor.year - wish.subject.birth_date.year < 60
    )
    approve(
        wish=wish,
        title=line[1],
        alias=wish.subject.name[0] + ("同学" if wish.kind.with_minors else "邻居") if young else alias,
        actor=stage.staff,
        at=stage.world.at(days_ago, 11),
    )
    return wish


def _fit(stage: _Stage, wish: Wish) -> Volunteer:
    """The next volunteer who may serve it."""
    while True:
        volunteer = next(stage.volunteers)
        cleared = (not wish.kind.in_home or volunteer.homes_cleared_on) and (
            not wish.kind.with_minors or volunteer.minors_cleared_on
        )
        if cleared and volunteer.person_id not in (wish.subject_id, wish.asker_id):
            return volunteer


def _in_service(stage: _Stage, line: tuple, *, days_ago: int, volunteer: Volunteer | None = None, **kwargs) -> Wish:
    wish = _approved(stage, line, days_ago=days_ago, **kwargs)
    helper = volunteer or _fit(stage, wish)
    world = stage.world
    to = Wish.Dispatch.NAMED if volunteer or world.random.random() < 0.4 else Wish.Dispatch.POOL
    named = helper if to == Wish.Dispatch.NAMED else None
    dispatch(wish=wish, to=to, volunteer=named, actor=stage.staff, at=world.at(days_ago, 15))
    user = helper.person.user
    claim(wish=wish, volunteer=helper, actor=user, at=world.at(days_ago - 1, 18, 40))
    reveal_contact(wish=wish, actor=user, part="volunteer", at=world.at(days_ago - 1, 18, 45))
    return wish


def _served(stage: _Stage, line: tuple, *, days_ago: int, took: int, **kwargs) -> Wish:
    wish = _in_service(stage, line, days_ago=days_ago, **kwargs)
    complete(
        wish=wish,
        minutes=line[3] or 60,
        note="已经办好，当面看过没有问题。",
        actor=wish.volunteer.person.user,  # type: ignore[union-attr]
        at=stage.world.at(days_ago - 1 - took, 16),
    )
    return wish


def _completed(stage: _Stage, line: tuple, *, days_ago: int, number: int) -> None:
    """Closed: by the requester's rating, or, every sixth, by the clock."""
    took = 1 + number % 6
    wish = _served(stage, line, days_ago=days_ago, took=took)
    if number % 6 == 5:
        auto_close(at=stage.world.at(days_ago - 1 - took - 8, 1))
        return
    account = getattr(wish.asker, "user", None)
    rate(
        wish=wish,
        stars=2 if number == 20 else 4 if number % 4 == 3 else 5,
        comment="来晚了一天，没有先打电话。" if number == 20 else WORDS[number % len(WORDS)],
        actor=account or stage.staff,
        actor_part="requester" if account else "staff",
        at=stage.world.at(days_ago - 2 - took, 20),
    )


def _spread(stage: _Stage) -> None:
    """The rest of 袁家湾: waiting, under way, late, refused, taken back; some of them the visitors' own."""
    world = stage.world
    resident, elder = world.people["resident"], world.people["elder"]
    alone, relative = world.people["elder_alone"], world.people["relative"]
    lines = iter(OPEN)
    _ordered(stage, next(lines), days_ago=0, asker=resident, hour=8)
    _ordered(stage, next(lines), days_ago=1)
    _ordered(stage, next(lines), days_ago=4)  # its two days are over: late
    _ordered(stage, next(lines), days_ago=1)
    _approved(stage, next(lines), days_ago=1)
    _approved(stage, next(lines), days_ago=2)
    _approved(stage, next(lines), days_ago=1)
    volunteer = world.users["volunteer"].person.volunteer
    pool = (next(lines), next(lines), next(lines))
    for number, line in enumerate(pool):
        wish = _approved(stage, line, days_ago=1 + number)
        dispatch(wish=wish, to=Wish.Dispatch.POOL, actor=stage.staff, at=world.at(1, 15))
    named = _approved(stage, next(lines), days_ago=1, asker=elder)
    dispatch(wish=named, to=Wish.Dispatch.NAMED, volunteer=volunteer, actor=stage.staff, at=world.at(1, 16))
    team = Team.objects.get(community=stage.community, name="便民维修队")
    for_team = _approved(stage, next(lines), days_ago=2)
    dispatch(wish=for_team, to=Wish.Dispatch.TEAM, team=team, actor=stage.staff, at=world.at(1, 9))
    _in_service(stage, next(lines), days_ago=3, asker=elder, volunteer=volunteer)
    _in_service(stage, next(lines), days_ago=6)
    _in_service(stage, next(lines), days_ago=20)  # its fifteen days are over: late
    _served(stage, next(lines), days_ago=5, took=2, asker=alone)
    returned = _in_service(stage, next(lines), days_ago=4)
    give_back(
        wish=returned,
        reason="临时要出差，怕耽误了人家。",
        actor=returned.volunteer.person.user,  # type: ignore[union-attr]
        at=world.at(2, 19),
    )
    refused = _ordered(stage, next(lines), days_ago=9, asker=relative)
    decline(
        wish=refused,
        reason="合同的事请找社区法律顾问，每周三下午在二楼，这里先不派志愿者。",
        actor=stage.staff,
        at=world.at(8, 10),
    )
    taken_back = _approved(stage, OPEN[0], days_ago=15, asker=resident)
    withdraw(wish=taken_back, actor=world.users["resident"], actor_part="requester", at=world.at(14, 12))
