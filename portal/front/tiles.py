"""What the front itself offers under 办事: what is stored about one, the numbers, the community, the letters."""

from django.utils.translation import gettext_lazy as _

from portal.core.registries import Tile, tiles
from portal.people.situations import ABOUT_ME, LOOK_UP

tiles.add(
    Tile(
        id="front.correct",
        label=_("更正我的信息"),
        sub=_("姓名、性别、生日写错了"),
        icon="file-pen-line",
        tone="amber",
        url_name="front:correct",
        situation=ABOUT_ME,
        home=False,
        order=335,
        words=_("更正 改名字 改姓名 改生日 写错 错了 登记错"),
    )
)
tiles.add(
    Tile(
        id="front.my_data",
        label=_("谁看过我的电话"),
        sub=_("存了我的哪些信息，拿走一份、删除"),
        icon="eye",
        tone="red",
        url_name="front:my_data",
        situation=ABOUT_ME,
        home=False,
        order=350,
        words=_("隐私 个人信息 数据 记录 查看 谁看过"),
    )
)
tiles.add(
    Tile(
        id="front.consents",
        label=_("我同意过的事"),
        sub=_("看一看、撤回"),
        icon="file-check",
        tone="green",
        url_name="front:consents",
        situation=ABOUT_ME,
        home=False,
        order=355,
        words=_("同意 撤回同意 授权 告知书"),
    )
)
tiles.add(
    Tile(
        id="front.notice_choices",
        label=_("消息怎么通知我"),
        sub=_("短信、邮件、夜里不打扰"),
        icon="bell-ring",
        tone="blue",
        url_name="front:notice_choices",
        situation=ABOUT_ME,
        home=False,
        order=360,
        words=_("短信 邮件 邮箱 通知 提醒 免打扰 打扰"),
    )
)
tiles.add(
    Tile(
        id="front.elder",
        label=_("关怀版"),
        sub=_("字大、按钮大"),
        icon="a-large-small",
        tone="amber",
        url_name="front:elder",
        situation=ABOUT_ME,
        home=False,
        order=365,
        words=_("大字 字大 字小 太小 字太小 字小了 看不见 看不清 老人 老年 字号 放大 长辈 标准版 老花 老人版 大字版"),
    )
)
tiles.add(
    Tile(
        id="front.help",
        label=_("找人帮忙"),
        sub=_("打电话问"),
        icon="phone",
        tone="green",
        url_name="front:help",
        situation=LOOK_UP,
        order=390,
        words=_(
            "电话 打电话 社区电话 人工 客服 不会用 咨询 投诉 反映 窗口 问一下 上班时间"
            " 老年证 老年卡 优待证 养老金 退休金 社保 医保 低保 补贴 残疾证 身份证 办身份证 居住证 户口"
            " 办证 证件 证明 盖章 物业 物业费 停车 停车费 噪音 扰民 垃圾 水费 电费 水电费 缴费 选举 党员 报警 救命 急事"
            " 网格员 网格 网格长 居委会 社区书记 社区主任 值班 吵架 打架 邻里纠纷 纠纷 调解 法律 律师 房东 租约 押金"
            " 钥匙 忘带钥匙 没带钥匙 进不了门 睡不着 失眠 心情不好 难受 害怕 停水"
        ),
    )
)
tiles.add(
    Tile(
        id="front.figures",
        label=_("查数字"),
        sub=_("办成多少件"),
        icon="chart-column",
        tone="blue",
        url_name="front:figures",
        situation=LOOK_UP,
        order=400,
        words=_("公开 数字公开 统计 数据 多少 成绩 账"),
    )
)
tiles.add(
    Tile(
        id="front.messages",
        label=_("看消息"),
        sub=_("事情办到哪一步"),
        icon="bell",
        tone="red",
        url_name="front:messages",
        situation=LOOK_UP,
        home=False,
        order=405,
        words=_("通知 消息 进度 提醒 短信"),
    )
)
tiles.add(
    Tile(
        id="front.community",
        label=_("换一个社区"),
        sub=_("看别的社区"),
        icon="map-pin",
        tone="green",
        url_name="front:community",
        situation=LOOK_UP,
        home=False,
        order=410,
        words=_("社区 选社区 换社区 切换社区 街道 小区"),
    )
)
tiles.add(
    Tile(
        id="front.privacy",
        label=_("个人信息怎么用"),
        sub=_("收什么、谁能看"),
        icon="shield-check",
        tone="amber",
        url_name="front:privacy",
        situation=LOOK_UP,
        home=False,
        order=420,
        words=_("隐私 个人信息 保护 同意 保密 安全"),
    )
)
