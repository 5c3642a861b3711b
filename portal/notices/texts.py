"""What people are told about their homes, who acts for them, and their offices: the rooms below cannot speak."""

from django.utils.translation import gettext_lazy as _

from .wording import Kind, Text, declare, declare_kind

PEOPLE = declare_kind(Kind("people", _("住处和家人"), _("住处、房屋、监护、代办和登记有了变化"), order=10))
OFFICE = declare_kind(Kind("offices", _("工作角色"), _("社区给了您工作角色，或者角色结束了"), for_staff=True, order=90))

# Which home it is stands in the body, behind the sign-in; the reason is words that staff wrote for this person.
_WRONG = _("%(home)s。要是觉得不对，请带上证件到社区服务窗口，或者打电话给社区。")
_REASON = _("%(home)s。原因：%(reason)s")
_CONFIRMED = _("%(home)s。以后办事不用再证明一次。要是写错了，请打电话给社区。")

declare(
    Text("people.residency.confirm", PEOPLE, _("您登记的住址，社区已确认"), _CONFIRMED),
    Text("people.residency.refuse", PEOPLE, _("您登记的住址没有通过"), _REASON),
    Text("people.residency.end", PEOPLE, _("您的一处居住登记已经结束"), _WRONG),
    Text("people.residency.end.reason", PEOPLE, _("您的一处居住登记已经结束"), _REASON),
    Text("people.ownership.confirm", PEOPLE, _("您登记的房屋，社区已确认"), _CONFIRMED),
    Text("people.ownership.refuse", PEOPLE, _("您登记的房屋没有通过"), _REASON),
    Text("people.ownership.end", PEOPLE, _("您的一处业主登记已经结束"), _WRONG),
    Text("people.ownership.end.reason", PEOPLE, _("您的一处业主登记已经结束"), _REASON),
    Text(
        "people.authorisation.taken_back",
        PEOPLE,
        _("一份代办授权收回了"),
        _("%(name)s收回了请您代办的授权，从现在起您不能再替这位办事。"),
    ),
    Text(
        "people.authorisation.laid_down",
        PEOPLE,
        _("一位代办人不再替您代办"),
        _("%(name)s不再替您代办了。要请别人代办，请到社区服务窗口，或者打电话给社区。"),
    ),
    Text(
        "people.guardianship.entered",
        PEOPLE,
        _("社区收到了一份监护登记，等第二个人核对"),
        _("登记您是%(child)s的%(relation)s。另一位工作人员核对以后才生效。要是不是您要办的，请马上打电话给社区。"),
    ),
    Text(
        "people.guardianship.entered.others",
        PEOPLE,
        _("有人登记为您孩子的监护人，等第二个人核对"),
        _("登记%(name)s是%(child)s的%(relation)s，现在还没有生效。要是不对，请马上打电话给社区，或者到社区服务窗口。"),
    ),
    Text(
        "people.guardianship.confirmed",
        PEOPLE,
        _("您的监护登记生效了"),
        _("您是%(child)s的%(relation)s，可以替孩子办事了。要是不对，请打电话给社区。"),
    ),
    Text(
        "people.guardianship.confirmed.others",
        PEOPLE,
        _("您的孩子多了一位监护人"),
        _("%(name)s登记为%(child)s的%(relation)s，从现在起可以替孩子办事。要是不对，请马上打电话给社区。"),
    ),
    Text(
        "people.guardianship.refused",
        PEOPLE,
        _("一份监护登记没有通过，请看原因"),
        _("登记您是%(child)s的%(relation)s，没有通过。原因：%(reason)s。"),
    ),
    Text(
        "people.guardianship.refused.others",
        PEOPLE,
        _("您孩子的一份监护登记没有通过"),
        _("登记%(name)s是%(child)s的%(relation)s，没有通过。原因：%(reason)s。"),
    ),
    Text(
        "people.authorisation.entered",
        PEOPLE,
        _("社区收到了您的一份代办委托，等第二个人核对"),
        _("%(name)s（您的%(relation)s）要替您办事，核对以后才生效。要是不是您的意思，请马上打电话给社区。"),
    ),
    Text(
        "people.authorisation.entered.agent",
        PEOPLE,
        _("社区收到了一份代办委托，等第二个人核对"),
        _("请您替%(name)s办事的委托，核对以后才生效。"),
    ),
    Text(
        "people.authorisation.confirmed",
        PEOPLE,
        _("有一位亲友可以替您办事了"),
        _(
            "%(name)s（您的%(relation)s）从现在起可以替您办事。要是不是您的意思，到“家人和代办”马上结束，或者打电话给社区。"
        ),
    ),
    Text(
        "people.authorisation.confirmed.agent",
        PEOPLE,
        _("您可以替一位亲友办事了"),
        _("社区登记了您替%(name)s代办。不愿意的，到“家人和代办”可以不再代办。"),
    ),
    Text(
        "people.authorisation.refused",
        PEOPLE,
        _("您的一份代办委托没有通过，请看原因"),
        _("请%(name)s替您办事的委托没有通过。原因：%(reason)s。"),
    ),
    Text(
        "people.authorisation.refused.agent",
        PEOPLE,
        _("一份代办委托没有通过，请看原因"),
        _("请您替%(name)s办事的委托没有通过。原因：%(reason)s。"),
    ),
    Text(
        "people.merged",
        PEOPLE,
        _("社区把您的两份登记合成了一份"),
        _("核对后发现两份登记都是您，以后合在一起看。要是不对，请到社区服务窗口，或者打电话给社区，可以撤销。"),
    ),
    Text(
        "people.corrected",
        PEOPLE,
        _("社区更正了登记的资料"),
        _("%(name)s的登记改了：%(fields)s。依据：%(reason)s。要是不对，请到社区服务窗口，或者打电话给社区。"),
    ),
    Text(
        "people.unmerged",
        PEOPLE,
        _("您的登记改回了分开的样子"),
        _("之前合在一起的两份登记已经分开。要是不对，请到社区服务窗口，或者打电话给社区。"),
    ),
    Text("offices.work_given", OFFICE, _("有一件事交给您经办"), _("%(what)s，单号 %(code)s。请到工作台办理。")),
    Text(
        "people.authorisation.ended_by_you",
        PEOPLE,
        _("您结束了一份代办授权"),
        _("您和%(name)s之间的代办已经结束。要是不是您本人办的，请马上打电话给社区。"),
    ),
    Text("offices.given", OFFICE, _("社区给了您一个工作角色"), _("%(area)s %(office)s。请从“我的”进入工作台。")),
    Text(
        "offices.ended",
        OFFICE,
        _("您的一个工作角色结束了"),
        _("%(area)s %(office)s。工作台上这个角色的内容，您看不到了。"),
    ),
)

DATA = declare_kind(Kind("data", _("个人信息"), _("更正、删除请求有了答复，同意的文字有了更新"), order=15))
declare(
    Text(
        "people.datarequest.apply",
        DATA,
        _("您对个人信息的请求办好了"),
        _("%(what)s，单号 %(code)s。到“存了我的哪些信息”可以看到结果。"),
    ),
    Text(
        "people.datarequest.apply.reason",
        DATA,
        _("您对个人信息的请求办好了"),
        _("%(what)s，单号 %(code)s。社区的说明：%(reason)s"),
    ),
    Text(
        "people.datarequest.refuse",
        DATA,
        _("您对个人信息的请求没有办成，请看原因"),
        _("%(what)s，单号 %(code)s。原因：%(reason)s。不同意的，可以找社区的个人信息保护员，也可以向网信部门投诉。"),
    ),
    Text(
        "people.consent.asks_again",
        DATA,
        _("有一项同意的文字更新了，请再看一遍"),
        _("原来的同意不再算数，这一项已经先停了。到“同意和撤回”看新的文字，愿意的话再同意一次。"),
    ),
)
