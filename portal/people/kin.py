"""What one person is to another, in words that everybody reads: 父亲, 外甥女, 老邻居."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from .models import Guardianship
from .names import clean_name

LONGEST = 20
_Bond = Guardianship.Bond
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
        return clean_relation(words)
    except ValidationError as refusal:
        raise ValidationError({"relation": refusal.messages}) from None
