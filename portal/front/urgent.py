"""The three emergency numbers and the city's own line, with the words by which people look for them in a hurry."""

from django.utils.translation import gettext_lazy as _

from portal.search.urgent import Number, Urgent, urgent

FIRE = Number("119", _("火警"), "flame")
AMBULANCE = Number("120", _("急救"), "ambulance")
POLICE = Number("110", _("报警"), "siren")
CITY = Number("12345", _("政务服务热线"), "phone")
ALL_THREE = (FIRE, AMBULANCE, POLICE)

urgent.add(
    Urgent(
        id="gas",
        words=_("煤气 漏气 燃气泄漏 天然气 煤气中毒 一氧化碳 瓦斯"),
        numbers=ALL_THREE,
        advice=_("不要开灯、不要点火，先开窗，走到屋外再打电话。"),
        order=10,
    )
)
urgent.add(
    Urgent(
        id="shock",
        words=_("触电 电到 电着 漏电"),
        numbers=(AMBULANCE, FIRE, POLICE),
        advice=_("不要用手去拉人，先断开电闸。"),
        order=20,
    )
)
urgent.add(
    Urgent(
        id="fire",
        words=_("火灾 着火 起火 失火 火警 冒烟 烧起来 爆炸 被困 困在电梯 电梯困人 消防 119"),
        numbers=ALL_THREE,
        advice=_("先离开，走楼梯，不坐电梯。"),
        order=30,
    )
)
urgent.add(
    Urgent(
        id="health",
        words=_(
            "摔倒 跌倒 摔了 摔伤 晕倒 晕了 昏倒 昏迷 昏过去 急救 救护车 流血 大出血 心梗 中风 脑梗 胸口疼 胸痛 喘不过气"
            " 喘不上气 没呼吸 抽搐 中毒 噎住 溺水 烫伤 骨折 自杀 不想活 120"
        ),
        numbers=(AMBULANCE, POLICE, FIRE),
        advice=_("说清在哪里、人怎么样，别急着挪动病人。"),
        order=40,
    )
)
urgent.add(
    Urgent(
        id="police",
        words=_("报警 小偷 被偷 抢劫 打人 被打 家暴 诈骗 被骗 走失 走丢 失踪 跟踪 救命 救人 110"),
        numbers=(POLICE, AMBULANCE, FIRE),
        order=50,
    )
)
urgent.add(
    Urgent(
        id="city",
        words=_("停水 没水 投诉 举报 噪音 扰民 路灯 井盖 违建 12345 市民热线 政务热线"),
        numbers=(CITY,),
        advice=_("水电气、噪音、市政的事，全天有人接。"),
        danger=False,
        order=90,
    )
)
