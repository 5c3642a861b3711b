"""What the tables of people say about one human being, read out to them: see ``Purpose.collect``. Titles speak of the
person, not to the reader: that may be a child's guardian.

Of others stands here only what is the person's own as well: whose guardian they are, who acts for them. Where such a
tie has ended the other's name is masked.
"""

from dataclasses import replace
from typing import Any

from allauth.mfa.models import Authenticator
from django.apps import apps
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from portal.core import clock
from portal.core.drafts import read_out
from portal.core.masking import mask_name
from portal.core.models import Draft, SavedFilter, StoredFile
from portal.core.numbers import spaced
from portal.core.reading_out import Part, facts, newest_first, split, table
from portal.core.registries import OwnTable, purposes
from portal.core.sealed import blind_index

from . import consenting, emailing
from .models import (
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
    Tie,
    User,
)
from .preferences import TEXT_SIZES, nearest_text_size
from .records import accounts_among, with_accounts

Ids = list[int]
Most = int | None


def accounts_of(person_ids: Ids) -> Ids:
    """Ids of the accounts that belong to these records of one human being."""
    return [user.pk for user in users_of(person_ids)]


def users_of(person_ids: Ids) -> list[User]:
    """The accounts themselves, in the order of their keys."""
    return accounts_among(with_accounts(person_ids))


# -- the person and the account ---------------------------------------------------------------------------------------


def person(person_ids: Ids, most: Most) -> list[OwnTable]:
    """The record that stands, those merged into it, and the places one belongs to."""
    records = with_accounts(person_ids)
    standing = [row for row in records if row.merged_into_id is None]
    merged = [row for row in records if row.merged_into_id is not None]
    return [
        *(facts(_("本人"), _person_facts(row)) for row in standing),
        *(facts(_("合并进来的旧登记"), [*_person_facts(row), (_("已合并到现在的登记"), True)]) for row in merged),
        *table(
            _("所在的社区和网格"),
            (_("社区"), _("网格")),
            PersonArea.objects.filter(person__in=person_ids).select_related("community", "grid").order_by("pk"),
            lambda row: (row.community, row.grid),
            most,
        ),
    ]


def _person_facts(row: Person) -> list[tuple[str, Any]]:
    return [
        (_("姓名"), row.name),
        (_("性别"), row.get_sex_display()),
        (_("出生日期"), row.birth_date),
        (_("所在社区"), row.community),
        (_("联系电话"), row.contact_phone),
        (_("住址"), row.address),
        (_("登记时间"), row.created_at),
        *([(_("个人信息已清除"), row.erased_on)] if row.erased_on else []),
    ]


def account(person_ids: Ids, most: Most) -> list[OwnTable]:
    """The account, its second factor, and every consent that was given or withdrawn."""
    return [
        *(account_facts(user, whole=most is None) for user in users_of(person_ids)),
        *table(
            _("第二道验证"),
            (_("方式"), _("开通时间"), _("上次使用")),
            Authenticator.objects.filter(user__person__in=person_ids).order_by("pk"),
            lambda row: (_factor(row.type), row.created_at, row.last_used_at),
            most,
        ),
        *_consents(person_ids, most),
    ]


def _consents(person_ids: Ids, most: Most) -> list[OwnTable]:
    """What one agreed to, and what one agreed to for a child."""
    whole = most is None  # for a copy, with what only machines call it by
    own, as_guardian = Q(person__in=person_ids), Q(guardian__in=person_ids)
    ties = Guardianship.objects.admitted().filter(child=OuterRef("person"), guardian=OuterRef("guardian"))
    standing = Exists(ties.exclude(until__lte=clock.today()))
    rows = ConsentRecord.objects.filter(own | as_guardian).select_related("guardian").annotate(still_guardian=standing)
    found = split(
        rows,
        (
            Part(
                _("看过和同意过的文字"),
                (
                    _("什么事"),
                    _("看过、同意还是撤回"),
                    *([_("文字版本")] if whole else []),
                    _("时间"),
                    _("渠道"),
                    _("监护人"),
                ),
                own,
                lambda row: (
                    purpose_title(row.purpose),
                    _("看过") if row.purpose == consenting.ACCOUNT_PURPOSE else row.get_act_display(),
                    *([row.text_version] if whole else []),
                    row.at,
                    row.get_channel_display() + (_("，有签字的纸") if row.paper_id is not None else ""),
                    _guardian(row, person_ids),
                ),
            ),
            Part(
                _("替孩子同意过的事"),
                (_("什么事"), _("同意还是撤回"), _("时间")),
                as_guardian & ~own,
                lambda row: (purpose_title(row.purpose), row.get_act_display(), row.at),
            ),
        ),
        most,
        newest_by="at",
    )
    return [*_with_papers(found[:1], rows, most, "paper"), *found[1:]]


def _guardian(row: Any, person_ids: Ids) -> str:
    """The name of who decided: whole for oneself and for whose guardianship stands, else masked."""
    if row.guardian is None:
        return ""
    return row.guardian.name if row.guardian_id in person_ids or row.still_guardian else mask_name(row.guardian.name)


def account_facts(user: User, *, whole: bool = False) -> OwnTable:
    """The account as a table of two columns; ``whole``, for a copy, with what only machines call it by."""
    pairs: list[tuple[str, Any]] = [
        *([(_("登录名"), user.username), (_("系统管理员"), user.is_superuser)] if whole else []),
        (_("登录手机"), user.phone),
        (_("手机号最近一次核实"), user.phone_confirmed_at),
        (_("密码"), _("设了。我们也看不到您的密码") if user.has_usable_password() else _("没有设")),
        (_("注册时间"), user.date_joined),
        (_("上次登录"), user.last_login),
        (_("账号在用"), user.is_active),
        (_("版面"), _("关怀版") if user.elder_mode else _("标准版")),
        *([(_("字的大小"), _size_words(user.elder_text))] if user.elder_mode else []),
        (_("重要消息发短信"), _("发") if user.sms_notices else _("不发")),
        (_("电子邮箱"), user.email),
        (_("邮箱核实时间"), user.email_confirmed_at),
        (_("消息发邮件"), _("发") if user.email_notices else _("不发")),
        *([(_("停用时间"), user.closed_at)] if user.closed_at else []),
    ]
    return facts(_("账号"), pairs)


def _size_words(size: int) -> str:
    """A size of text (pixels) as the page calls it where it is chosen."""
    words = (_("小"), _("标准"), _("大一点"), _("大"), _("很大"), _("最大"))
    called = dict(zip(TEXT_SIZES, words, strict=True)).get(nearest_text_size(size), "")
    return _("%(called)s（%(size)s 号字）") % {"called": called, "size": size}


def _factor(kind: str) -> str:
    return _("备用码") if kind == Authenticator.Type.RECOVERY_CODES else _("验证器应用")


def purpose_title(purpose_id: str) -> str:
    """How the register calls a purpose; a plain word for one that is not there any more."""
    return str(purposes[purpose_id].title) if purpose_id in purposes else _("已停用的一项")


# -- homes and families -----------------------------------------------------------------------------------------------


def homes(person_ids: Ids, most: Most) -> list[OwnTable]:
    """Where one lives or lived, what one owns or owned, for which household one speaks."""
    household = "household__building__estate"
    typed = (_("渠道"), _("谁录入"), _("纸质单"))
    residencies = Residency.objects.filter(person__in=person_ids).select_related(household, "typist__person")
    ownerships = Ownership.objects.filter(person__in=person_ids).select_related(household, "typist__person")
    return [
        *_with_papers(
            table(
                _("居住"),
                (_("户"), _("身份"), _("状态"), _("起"), _("止"), *typed),
                newest_first(residencies, "since", most),
                lambda tie: (tie.household, tie.get_kind_display(), *_of_tie(tie)),
                most,
            ),
            residencies,
            most,
        ),
        *_with_papers(
            table(
                _("产权"),
                (_("户"), _("份额"), _("状态"), _("起"), _("止"), *typed),
                newest_first(ownerships, "since", most),
                lambda tie: (tie.household, f"{tie.share_numerator}/{tie.share_denominator}", *_of_tie(tie)),
                most,
            ),
            ownerships,
            most,
        ),
        *table(
            _("户代表"),
            (_("户"), _("起"), _("止")),
            newest_first(Representative.objects.filter(person__in=person_ids).select_related(household), "since", most),
            lambda row: (row.household, row.since, row.until),
            most,
        ),
    ]


def _of_tie(tie: Tie) -> tuple[Any, ...]:
    """State and term of a tie, and how it came to be typed: staff by the name as residents read it."""
    typist = getattr(tie, "typist", None)
    who = typist.person.name_masked if typist is not None and typist.person is not None else ""
    paper = _("有") if tie.scan_id is not None else ""
    return (tie.get_state_display(), tie.since, tie.until, tie.get_channel_display(), who, paper)


def _with_papers(tables: list[OwnTable], rows: Any, most: Most, column: str = "scan") -> list[OwnTable]:
    """The same tables, in a copy the one that there is with the scans of its papers."""
    if most is not None or not tables:
        return tables
    return [replace(found, files=papers_of(rows, column)) for found in tables]


def papers_of(rows: Any, column: str = "scan") -> list[StoredFile]:
    """The scans of the QuerySet ``rows``, in the order in which they were sent."""
    return list(StoredFile.objects.filter(pk__in=rows.order_by().values(column)).order_by("created_at", "pk"))


# -- offices, codes, requests, drafts, files --------------------------------------------------------------------------


def offices(person_ids: Ids, most: Most) -> list[OwnTable]:
    """The offices one holds or held."""
    return table(
        _("任职"),
        (_("区域"), _("角色"), _("起"), _("止")),
        newest_first(Role.objects.filter(user__person__in=person_ids).select_related("area"), "since", most),
        lambda role: (role.area, role.get_kind_display(), role.since, role.until),
        most,
    )


def codes(person_ids: Ids, most: Most) -> list[OwnTable]:
    """When codes went to the number that one signs in with."""
    return table(
        _("给登录手机和邮箱发过的验证码"),
        (_("发送时间"),),
        newest_first(codes_of(person_ids), "sent_at", most),
        lambda row: (row.sent_at,),
        most,
    )


def codes_of(person_ids: Ids) -> Any:
    """The codes that went to the number one signs in with, to one's mail address, or were asked for by the account."""
    indexes: list[str] = []
    for user in users_of(person_ids):
        indexes += [user.phone_index] if user.phone_index else []
        indexes += [blind_index(user.email.lower(), purpose=emailing.PURPOSE)] if user.email else []
        indexes.append(blind_index(str(user.pk), purpose=emailing.ACCOUNT_PURPOSE))
    return SmsCode.objects.filter(phone_index__in=indexes)


def requests(person_ids: Ids, most: Most) -> list[OwnTable]:
    """What one asked the office to correct or erase."""
    rows = DataRequest.objects.filter(subject__in=person_ids).select_related("community", "asker")
    head = (_("单号"), _("请求"), _("改成什么"), _("说明"), _("状态"), _("提出时间"), _("社区"), _("渠道"), _("谁提出"))
    newest = newest_first(rows, "created_at", most)
    found = table(_("请社区更正和删除的请求"), head, newest, lambda row: _request(row, person_ids), most)
    return _with_papers(found, rows, most)


def _request(row: DataRequest, person_ids: Ids) -> tuple[Any, ...]:
    return (
        spaced(row.code),
        row.what,
        row.value,
        row.words,
        row.get_state_display(),
        row.created_at,
        row.community,
        row.get_channel_display(),
        _("本人") if row.asker_id in person_ids else mask_name(row.asker.name),
    )


def drafts(person_ids: Ids, most: Most) -> list[OwnTable]:
    """What one has typed into forms and not sent."""
    return table(
        _("没填完的表"),
        (_("最后一次填写"), _("保留到"), _("填了什么")),
        newest_first(Draft.objects.filter(owner_id__in=accounts_of(person_ids)), "updated_at", most),
        lambda draft: (
            draft.updated_at,
            draft.expires_at,
            "；".join(_("%(label)s：%(words)s") % {"label": a, "words": b} for a, b in read_out(draft)),
        ),
        most,
    )


def stored_files(person_ids: Ids, most: Most) -> list[OwnTable]:
    """The files that one sent, as facts: what they show belongs to the matter they were sent for."""
    return table(
        _("上传的文件"),
        (_("时间"), _("类型"), _("大小（字节）")),
        StoredFile.objects.filter(owner_id__in=accounts_of(person_ids)).order_by("-created_at", "-pk"),
        lambda stored: (stored.created_at, stored.content_type, str(stored.size)),
        most,
    )


def filters(person_ids: Ids, most: Most) -> list[OwnTable]:
    """The filters one keeps under a name. What was searched for may be somebody else's name: it is not read out."""
    return table(
        _("存下的筛选"),
        (_("名字"), _("哪张名单"), _("存下的时间")),
        newest_first(SavedFilter.objects.filter(owner_id__in=accounts_of(person_ids)), "created_at", most),
        lambda row: (row.name, _listing(row.listing), row.created_at),
        most,
    )


def _listing(label: str) -> str:
    """How the office calls the list; a plain word for one that is not there any more."""
    try:
        return str(apps.get_model(label)._meta.verbose_name)
    except LookupError:
        return _("已停用的一张名单")
