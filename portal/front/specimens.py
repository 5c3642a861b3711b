"""What the style guide shows: each component as it is called, the colours and how well they are read on each other.

A family is a partial below ``templates/front/styleguide/``: imports first, then specimens, each under a line
``{# == title: note == #}``. What stands between two such lines is rendered, and shown as it is written: the guide
cannot say otherwise than it does. A partial without such a line is shown whole.
"""

import datetime as dt
import re
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.template import engines
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from jinja2 import Template

from portal.core import clock
from portal.core.dates import DayField, PartsField

FOLDER = "front/styleguide"
FAMILIES = (
    ("buttons", gettext_lazy("按钮")),
    ("words", gettext_lazy("文字、状态、提示")),
    ("forms", gettext_lazy("表单")),
    ("choosing", gettext_lazy("选择、日期、文件")),
    ("refused", gettext_lazy("填错了、填不了")),
    ("lists", gettext_lazy("列表、表格、进度")),
    ("blocks", gettext_lazy("方块、卡片、数字")),
    ("ways", gettext_lazy("导航和筛选")),
    ("asking", gettext_lazy("弹窗、折叠、进度条")),
    ("charts", gettext_lazy("图表")),
    ("print", gettext_lazy("打印和二维码")),
)
_MARK = re.compile(r"^\{# == (?P<title>.+?)(?:: (?P<note>.+?))? == #\}\n", re.MULTILINE)


@dataclass(frozen=True)
class Specimen:
    """One use of a component: ``code`` is what ``template`` renders."""

    title: str
    note: str
    code: str
    template: Template


@dataclass(frozen=True)
class Family:
    """A partial of the guide; ``whole`` where it brings no specimens of its own."""

    id: str
    title: str
    specimens: list[Specimen] = field(default_factory=list)
    whole: Template | None = None


def families() -> list[Family]:
    """Every family that stands in the folder of templates, in the order of the guide."""
    return [_family(name, str(title)) for name, title in FAMILIES if (_folder() / FOLDER / f"{name}.html").is_file()]


def _folder() -> Any:
    return settings.BASE_DIR / "templates"


def _family(name: str, title: str) -> Family:
    engine: Any = engines["jinja2"]
    env = engine.env
    source = (_folder() / FOLDER / f"{name}.html").read_text(encoding="utf-8")
    marks = list(_MARK.finditer(source))
    if not marks:
        return Family(name, title, whole=env.get_template(f"{FOLDER}/{name}.html"))
    head = source[: marks[0].start()]
    ends = [mark.start() for mark in marks[1:]] + [len(source)]
    found = []
    for mark, end in zip(marks, ends, strict=True):
        code = source[mark.end() : end].strip("\n")
        found.append(Specimen(mark["title"], mark["note"] or "", code, env.from_string(head + code)))
    return Family(name, title, found)


# Colours -------------------------------------------------------------------------------------------------------------

TEXT, LINE = 4.5, 3.0
PAIRS = (
    *((ink, ground, TEXT) for ink in ("ink", "ink-2") for ground in ("paper", "card", "sunken", "plain-soft")),
    *(
        (tone, ground, TEXT)
        for tone in ("red", "green", "amber", "blue")
        for ground in ("paper", "card", f"{tone}-soft")
    ),
    *(("ink", f"{tone}-soft", TEXT) for tone in ("red", "green", "amber", "blue")),
    *(("on-fill", f"{tone}-fill{end}", TEXT) for tone in ("red", "green") for end in ("", "-hover")),
    *((line, ground, LINE) for line in ("line-strong", "focus") for ground in ("paper", "card")),
)


@dataclass(frozen=True)
class Pair:
    """A colour on another: what they are called, what they are, how far apart, and how far they must be."""

    ink: str
    ground: str
    ink_hex: str
    ground_hex: str
    ratio: float
    least: float

    @property
    def enough(self) -> bool:
        return self.ratio >= self.least


def colours(theme: str) -> dict[str, str]:
    """The tokens of ``light`` or ``dark`` that are colours, by name, as ``#rrggbb``."""
    css = (settings.BASE_DIR / "static" / "css" / "tokens.css").read_text(encoding="utf-8")
    block = css.split({"light": ':root, [data-theme="light"] {', "dark": '\n[data-theme="dark"] {'}[theme], 1)[1]
    found = re.findall(r"--([\w-]+): (#[0-9a-f]{6});", block.split("}", 1)[0])
    return {"on-fill": "#ffffff", **dict(found)}


def pairs(theme: str) -> list[Pair]:
    """Every pair of colours that stands on each other somewhere, with its contrast by WCAG."""
    known = colours(theme)
    return [Pair(a, b, known[a], known[b], contrast(known[a], known[b]), least) for a, b, least in PAIRS]


def contrast(one: str, other: str) -> float:
    """How far apart two colours (``#rrggbb``) are: 1 is the same, 21 is black on white; rounded down to a hundredth."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return int((light + 0.05) / (dark + 0.05) * 100) / 100


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


# What the specimens are made of --------------------------------------------------------------------------------------

KINDS = [("repair", gettext_lazy("维修：灯、水管、门锁")), ("company", gettext_lazy("陪伴：说说话、陪看病"))]
GRIDS = [("", gettext_lazy("请选择")), ("1", gettext_lazy("第一网格")), ("2", gettext_lazy("第二网格"))]


class ShownForm(forms.Form):
    """Every kind of field that a form of ours has."""

    name = forms.CharField(label=gettext_lazy("怎么称呼"), max_length=20)
    phone = forms.CharField(
        label=gettext_lazy("联系电话"),
        help_text=gettext_lazy("给接单的志愿者联系您用。"),
        widget=forms.TextInput(attrs={"inputmode": "tel"}),
    )
    details = forms.CharField(
        label=gettext_lazy("说说是什么事"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )
    grid = forms.ChoiceField(label=gettext_lazy("网格"), choices=GRIDS)
    kind = forms.ChoiceField(label=gettext_lazy("想要什么帮助"), choices=KINDS, widget=forms.RadioSelect)
    days = forms.MultipleChoiceField(
        label=gettext_lazy("哪天方便"),
        choices=[("sat", gettext_lazy("周六")), ("sun", gettext_lazy("周日"))],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    rating = forms.ChoiceField(
        label=gettext_lazy("办得怎么样"), choices=[(str(n), str(n)) for n in range(1, 6)], widget=forms.RadioSelect
    )
    since = DayField(label=gettext_lazy("从哪天起"), help_text=gettext_lazy("记不清就写个大概。"))
    birth = PartsField(label=gettext_lazy("出生日期"), help_text=gettext_lazy("例如 1948 年 3 月 9 日"))
    photo = forms.FileField(label=gettext_lazy("照片"), required=False)
    agree = forms.BooleanField(label=gettext_lazy("我看过告知书，同意这样用我的信息"))


class ShownFilters(forms.Form):
    """A filter bar's form."""

    q = forms.CharField(label=gettext_lazy("找什么"), required=False)
    grid = forms.ChoiceField(label=gettext_lazy("网格"), choices=GRIDS, required=False)


_RIGHT = {"name": "周桂兰", "phone": "154 0000 5000", "details": "楼道的灯坏了。", "kind": "repair", "rating": "4"}
_WRONG = {"name": "", "phone": "154", "since": "上个月", "birth_year": "1948", "birth_month": "2", "birth_day": "30"}


def form(prefix: str) -> ShownForm:
    """The form, untouched, with ids of its own."""
    return ShownForm(auto_id=f"{prefix}_%s", initial=_RIGHT)


def refused_form(prefix: str) -> ShownForm:
    """The form after it was sent with mistakes, a picture that is empty among them."""
    files: MultiValueDict[str, Any] = MultiValueDict({"photo": [SimpleUploadedFile("a.jpg", b"")]})
    made = ShownForm(_WRONG, files, auto_id=f"{prefix}_%s")
    made.add_error("phone", _("手机号是 11 位数字。"))
    made.full_clean()
    return made


def disabled_form(prefix: str) -> ShownForm:
    """The form in which nothing can be changed."""
    made = form(prefix)
    for one in made.fields.values():
        one.disabled = True
    return made


@dataclass(frozen=True)
class Thing:
    """Whatever a macro reads from its items, by attribute."""

    label: str = ""
    url: str = "#main"
    sub: str = ""
    icon: str = "gift"
    tone: str = "red"
    active: bool = False
    count: int | None = None
    count_words: str = ""
    value: str = ""
    unit: str = ""
    note: str = ""
    at: dt.datetime | None = None
    who: str = ""
    status: str = "done"
    due_text: str = ""
    remove_url: str = "#main"
    message: str = ""
    level_tag: str = "info"


def things() -> dict[str, Any]:
    """The items of the specimens that show several, by the name under which the partials use them."""
    at = clock.now()
    long = _("一个特别特别长的名字，长到一行放不下，看它怎样换行")
    return {
        "tabs_shown": [
            Thing(_("全部"), active=True),
            Thing(_("未读"), count=3, count_words=_("条未读")),
            Thing(_("心愿")),
            Thing(_("账号")),
        ],
        "tiles_shown": [
            Thing(_("我要点单"), sub=_("说出微心愿"), icon="gift", tone="red"),
            Thing(_("服务预约"), sub=_("公益·低偿"), icon="calendar", tone="green"),
            Thing(_("议事厅"), sub=_("小事共议"), icon="message-square-text", tone="blue"),
            Thing(_("楼栋账本"), sub=_("每笔可查"), icon="badge-japanese-yen", tone="amber"),
        ],
        "figures_shown": [
            Thing(_("件微心愿已完成"), value="27"),
            Thing(_("账上余额"), value="1,720.00", unit=_("元"), note=_("截至今天"), url=""),
            Thing(_("人次参加活动"), value="2,046"),
        ],
        "moments": [
            Thing(_("已下单"), at=at, who=_("您通过手机提交")),
            Thing(_("社区答应帮忙"), at=at, who=_("社区工作者"), note=_("已经打电话问清楚了。")),
            Thing(_("志愿者正在服务"), at=at, who=_("便民维修队"), status="current", due_text=_("请于 12月5日前完成")),
            Thing(_("待您评价"), status="todo", note=_("完成后会通知您")),
            Thing(_("撤回了"), at=at, who=_("您"), status="stopped"),
        ],
        "flash": [
            Thing(message=_("登记好了，社区会在 12月5日前确认。"), level_tag="success"),
            Thing(message=_("没有找到这个社区，请再选一次。"), level_tag="error"),
        ],
        "filters": ShownFilters({"q": _("灯"), "grid": "1"}, auto_id="filters_%s"),
        "applied": [Thing(_("找什么"), value=_("灯")), Thing(_("网格"), value=_("第一网格"))],
        "long": long,
        "moment": at,
        "form": form,
        "refused_form": refused_form,
        "disabled_form": disabled_form,
    }
