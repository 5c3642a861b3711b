"""The person: the record itself, homes, families, and the consent of a child's guardian."""

import datetime as dt
from typing import Any

from django.utils.translation import gettext_lazy as _

from portal.core import changes, clock
from portal.core.registries import Consent, Purpose, purposes

from .. import forgetting, own_families, own_records, retaining
from ..consenting import CHILD_PURPOSE, CLEARED_FOR_CHILD, is_child
from ..models import DataRequest, Person

purposes.add(
    Purpose(
        id="people.person",
        title=_("登记居民"),
        basis=_("履行与您约定的服务所必需，以及社区依法办理公共服务所必需（个人信息保护法第十三条第一款第二、三项）"),
        notice=_(
            "办事要知道是替谁办、怎么联系。电话和住址加密保存，页面上只显示一部分；"
            "工作人员要看完整的，得写明理由，每一次都有记录，您在“我的”里看得到。"
        ),
        readers=_("您本人、您的监护人和代办人；您所在社区的工作人员；街道主管（只读）"),
        fields=(
            "people.Person.name",
            "people.Person.sex",
            "people.Person.birth_date",
            "people.Person.community",
            "people.Person.contact_phone",
            "people.Person.contact_phone_index",
            "people.Person.address",
            "people.Person.merged_into",
            "people.Person.created_at",
            "people.Person.erased_on",
            "people.PersonArea.person",
            "people.PersonArea.community",
            "people.PersonArea.grid",
        ),
        field_words=_("姓名、性别、出生日期、所在社区和网格、联系电话、住址"),
        retention=_("您在本社区居住、有账号或者办事期间；都结束以后再留一段时间，一般三年（民事诉讼时效），由社区设定"),
        erasure=_(
            "您可以随时删除性别、出生日期和住址；注销账号、也没有别的登记以后可以全部删除；到期由系统自动全部清除"
        ),
        erase=lambda at: retaining.erase_left(at=at),
        collect=own_records.person,
        forget=forgetting.forget_person,
        part_words={
            **forgetting.FACT_WORDS,
            "areas": _("在哪些社区、网格办过事（%(count)s 条）"),
            "words": _("写在登记旁边的理由和说明（%(count)s 条）"),
        },
        order=20,
    )
)
purposes.add(
    Purpose(
        id="people.homes",
        title=_("确认谁住在哪一户、房屋归谁"),
        basis=_("履行与您约定的服务所必需，以及社区依法办理公共服务所必需（个人信息保护法第十三条第一款第二、三项）"),
        notice=_("您自己登记住址或房屋，由社区或楼栋自治组织核对。楼里表决、收费和服务都以核对过的为准。"),
        readers=_("您本人；您所在社区的工作人员；核对的楼栋自治组织只看到本楼"),
        fields=(
            "people.Residency.person",
            "people.Residency.household",
            "people.Residency.kind",
            "people.Residency.state",
            "people.Residency.since",
            "people.Residency.until",
            "people.Residency.channel",
            "people.Residency.typist",
            "people.Residency.scan",
            "people.Ownership.person",
            "people.Ownership.household",
            "people.Ownership.share_numerator",
            "people.Ownership.share_denominator",
            "people.Ownership.state",
            "people.Ownership.since",
            "people.Ownership.until",
            "people.Ownership.channel",
            "people.Ownership.typist",
            "people.Ownership.scan",
            "people.Representative.person",
            "people.Representative.household",
            "people.Representative.since",
            "people.Representative.until",
        ),
        field_words=_(
            "住在哪一户、身份（业主、租客、家人）、产权份额、起止日期、户代表；窗口代录的，谁录的、哪个渠道、纸质单"
        ),
        retention=_("居住或持有期间；结束或没有通过之后，一般 365 天，由社区设定"),
        erasure=_("到期由系统自动删除；没有通过的登记，您可以随时删除"),
        erase=lambda at: retaining.erase_ties(at=at),
        collect=own_records.homes,
        forget=forgetting.forget_homes,
        part_words={"ties": _("没有通过的、撤回了的居住和产权登记（%(count)s 条），连同写明的理由和纸质单")},
        order=22,
    )
)
purposes.add(
    Purpose(
        id="people.families",
        title=_("监护和代办"),
        basis=_("履行与您约定的服务所必需（个人信息保护法第十三条第一款第二项）；民法典关于监护和代理的规定"),
        notice=_("孩子的事由监护人办；老人可以授权一位亲属代办，由窗口登记，随时可以结束。"),
        readers=_("双方本人；所在社区的工作人员"),
        fields=(
            "people.Guardianship.child",
            "people.Guardianship.guardian",
            "people.Guardianship.relation",
            "people.Guardianship.since",
            "people.Guardianship.until",
            "people.Guardianship.bond",
            "people.Guardianship.document",
            "people.Guardianship.state",
            "people.Guardianship.channel",
            "people.Guardianship.scan",
            "people.Guardianship.recorded_by",
            "people.Guardianship.checked_by",
            "people.Authorisation.principal",
            "people.Authorisation.agent",
            "people.Authorisation.relation",
            "people.Authorisation.since",
            "people.Authorisation.until",
            "people.Authorisation.state",
            "people.Authorisation.channel",
            "people.Authorisation.scan",
            "people.Authorisation.recorded_by",
            "people.Authorisation.checked_by",
        ),
        field_words=_(
            "谁是谁的监护人、谁可以替谁代办、关系、起止日期、看了什么证明、哪个渠道、由谁登记、由谁核对、证明和委托单的扫描件"
        ),
        retention=_("监护或授权期间；结束之后一般三年（民事诉讼时效），由社区设定，用来说明当时由谁代办"),
        erasure=_("到期由系统自动删除"),
        erase=lambda at: retaining.erase_relations(at=at),
        collect=own_families.families,
        forget=forgetting.forget_families,
        order=24,
    )
)


def _stop_for_child(child: Person, at: dt.datetime) -> None:
    """The child's phone, address and sex go, and what answered requests said they should be; name and birth date stay
    as long as a guardian is registered."""
    ids = child.record_ids()
    Person.objects.filter(pk__in=ids).update(contact_phone="", contact_phone_index=None, address="", sex="")
    changes.rows_changed(Person, ids)
    answered = DataRequest.objects.filter(subject__in=ids, state__in=DataRequest.FINAL, erased_on__isnull=True)
    forgetting.blank_requests(answered.filter(field__in=CLEARED_FOR_CHILD), at)


def _is_child_now(person: Any) -> bool:
    return is_child(person, clock.today())


purposes.add(
    Purpose(
        id=CHILD_PURPOSE,
        title=_("登记不满 14 周岁的孩子、替孩子办事"),
        basis=_("监护人的同意（个人信息保护法第十三条第一款第一项、第二十八条、第三十一条）"),
        notice=_(
            "不满 14 周岁孩子的信息是敏感个人信息，由监护人单独同意，也由监护人查看、拿走、更正、删除和撤回。"
            "没有同意的时候，只存办监护登记要用的姓名、出生日期和所在社区，不替孩子办新的事。"
        ),
        readers=_("孩子的监护人；孩子所在社区的工作人员"),
        fields=(
            "people.Person.birth_date",
            "people.Person.contact_phone",
            "people.Person.address",
            "people.Person.sex",
        ),
        field_words=_("同意以后才登记的：孩子的性别、联系电话、住址。替孩子办事还要用到姓名、出生日期和所在社区"),
        retention=_("监护人同意期间；孩子满 14 周岁以后由孩子自己决定"),
        erasure=_("监护人撤回时，孩子登记里的性别、联系电话和住址当场清除，不再替孩子办新的事"),
        kept_because=_("和“登记居民”是同一条记录，按那一项的时间清除。"),
        uncollected=_("和“登记居民”是同一条记录，列在那一项里。"),
        consent=Consent(
            version="2026-11-b",
            text=_(
                "我是这个孩子的监护人。我同意社区登记孩子的性别、联系电话和住址，连同监护登记里的姓名、出生日期和所在社区，"
                "只用来替孩子办我提出的事、有事时联系我们。我知道可以随时撤回，和同意一样方便；撤回不影响撤回以前已经办的事。"
            ),
            effect=_(
                "孩子登记里的性别、联系电话和住址这三栏当场清除，不能再替孩子办新的事，已经在办的事会办完。"
                "住在哪一户、收到的消息、办过的事和监护登记不靠这次同意保存，不会一起清除，只用来办完在办的事和依法留存。"
            ),
            withdrawn=_stop_for_child,
            asked_of=_is_child_now,
        ),
        order=25,
    )
)
