"""What people are told about wishes."""

from django.utils.translation import gettext_lazy as _

from portal.notices.wording import Kind, Text, declare, declare_kind

KIND = declare_kind(Kind("wishes", _("微心愿"), _("您提的或您接的心愿办到哪一步"), order=20))
_WISH = "%(wish)s"

declare(
    # To whom it is for and who asked.
    Text("wishes.received", KIND, _("您的心愿收到了，社区正在审核。"), _WISH),
    Text("wishes.approved", KIND, _("社区答应帮您办，正在找志愿者。"), _WISH),
    Text("wishes.declined", KIND, _("您的心愿这次没能办，请看原因。"), _("%(wish)s。原因：%(reason)s")),
    Text("wishes.withdrawn", KIND, _("您的心愿已撤回。"), _WISH),
    # A first dispatch into the open pool says nothing that “approved” has not said.
    Text("wishes.sent_to_one", KIND, _("社区请了一位志愿者来帮您，等对方答应。"), _WISH),
    Text("wishes.sent_to_team", KIND, _("社区请了志愿者队伍来帮您，等队员答应。"), _WISH),
    Text("wishes.dispatched_again", KIND, _("您的心愿重新安排好了，等志愿者来帮。"), _WISH),
    Text("wishes.looking_again", KIND, _("您的心愿正在另找志愿者。"), _WISH),
    Text("wishes.claimed", KIND, _("有志愿者来帮您了，会和您联系。"), _WISH),
    Text("wishes.given_back", KIND, _("志愿者有事来不了，社区正在另找人。"), _WISH),
    Text("wishes.completed", KIND, _("志愿者说办好了，请您评一评。"), _WISH),
    Text("wishes.rated", KIND, _("您的心愿评过了，办结了。"), _WISH),
    Text("wishes.closed", KIND, _("您的心愿办结了。"), _WISH),
    Text(
        "wishes.home_left",
        KIND,
        _("您搬走了，还有心愿没办完，地址要改请告诉社区"),
        _("还没办完的有 %(count)s 件，志愿者会按单子上原来的地址去。地址变了，请打电话告诉社区；不用办了，可以撤回。"),
    ),
    Text("wishes.contact_corrected", KIND, _("您心愿上的联系方式改过了。"), _WISH),
    # To volunteers.
    Text("wishes.contact_changed", KIND, _("您接的心愿改了联系方式，请看新的。"), _WISH),
    Text("wishes.offered", KIND, _("有一张心愿单等您接。"), _WISH),
    Text("wishes.recalled", KIND, _("一张心愿单收回了，社区会另行安排。"), _WISH),
    Text("wishes.taken_back", KIND, _("一张心愿单被撤回了，不用再去了。"), _WISH),
    Text("wishes.returned_for_you", KIND, _("社区替您退了一张心愿单，不用再去了。"), _WISH),
    Text("wishes.credited", KIND, _("您服务的心愿办结了，时长已记上。"), _WISH),
    # To the community's head.
    Text("wishes.overdue", KIND, _("有一张心愿单超过了期限，请过问。"), _("单号 %(code)s，%(state)s。")),
)
