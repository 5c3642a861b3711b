"""The situations in life by which 办事 orders what can be asked for. A room that has one of its own adds it."""

from django.utils.translation import gettext_lazy as _

from portal.core.registries import Situation, situations

HELP = situations.add(
    Situation("help", _("家里要人搭把手"), "heart-handshake", _("修东西、跑腿、陪伴、买样东西"), order=10)
)
LEND_A_HAND = situations.add(
    Situation("lend_a_hand", _("我想出力帮邻居"), "hand-heart", _("报名、接单、记时长"), order=20)
)
HOMES = situations.add(Situation("homes", _("住处和房屋"), "house", _("登记住处、搬走了、产权"), order=30))
FAMILY = situations.add(Situation("family", _("家里的老人和孩子"), "users", _("替家人办事"), order=40))
ABOUT_ME = situations.add(Situation("about_me", _("我的资料和账号"), "id-card", _("电话、信息、同意过的事"), order=50))
LOOK_UP = situations.add(Situation("look_up", _("想问、想查"), "search", _("打电话问、查数字、看消息"), order=60))
