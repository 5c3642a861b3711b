"""What one person is to another, in words that everybody reads: 父亲, 外甥女, 老邻居."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from .models import Guardianship, Person
from .names import clean_name

LONGEST = 20
_Bond = Guardianship.Bond
_GRANDPARENTS = frozenset(
    ["爷爷", "奶奶", "祖父", "祖母", "外公", "外婆", "外祖父", "外祖母", "姥姥", "姥爷", "公公", "婆婆", "家公", "家婆"]
)
_MEN = frozenset(
    [
        "父亲",
        "儿子",
        "丈夫",
        "兄弟",
        "哥哥",
        "弟弟",
        "孙子",
        "外孙",
        "爷爷",
        "祖父",
        "外公",
        "外祖父",
        "姥爷",
        "外甥",
        "侄子",
        "女婿",
    ]
)
_WOMEN = frozenset(
    [
        "母亲",
        "女儿",
        "妻子",
        "姐妹",
        "姐姐",
        "妹妹",
        "孙女",
        "外孙女",
        "奶奶",
        "祖母",
        "外婆",
        "外祖母",
        "姥姥",
        "外甥女",
        "侄女",
        "儿媳",
    ]
)
_OWN_WORDS = {_Bond.GRANDPARENT: False, _Bond.OTHER: True, _Bond.APPOINTED: False}  # whether they must be said


def clean_relation(text: str) -> str:
    """``text`` as it is kept: letters as in a name, at most twenty. ValidationError for anything else."""
    try:
        words = clean_name(text)
    except ValidationError:
        words = ""
    if not words or len(words) > LONGEST:
        raise ValidationError(_("关系只写文字，两个字到二十个字，例如“女儿”“外甥女”“老邻居”。"))
    return words


def words_of_bond(bond: str, words: str) -> str:
    """What a guardian by ``bond`` is to the child: the parent's word, else the ``words`` that were typed (奶奶), or the
    bond's own. ValidationError, by field, for no bond, and where the words are wanting or are none."""
    if bond not in _Bond.values:
        raise ValidationError({"bond": _("请选监护人是孩子的什么人。")})
    must = _OWN_WORDS.get(_Bond(bond))
    if must is None or not (words.strip() or must):
        return str(_Bond(bond).label)
    try:
        said = clean_relation(words)
    except ValidationError as refusal:
        raise ValidationError({"relation": refusal.messages}) from None
    if bond == _Bond.GRANDPARENT and said not in _GRANDPARENTS:
        raise ValidationError(
            {"relation": _("祖父母、外祖父母请写爷爷、奶奶、外公、外婆；别的亲属请选“其他法定监护人”。")}
        )
    return said


def refuse_other_sex(field: str, words: str, sex: str) -> None:
    """ValidationError for ``field`` where ``words`` (儿子) are not said of who is of that ``sex``; none known fits."""
    if (words in _MEN and sex == Person.Sex.FEMALE) or (words in _WOMEN and sex == Person.Sex.MALE):
        raise ValidationError({field: _("关系和登记的性别对不上，请核对关系，或者选对人。")})
