"""What a person chooses for their own account: the size of the letters."""

from django.db import transaction

from .models import User

TEXT_SIZES = (20, 22, 24, 26, 28, 30)  # pixels of body text in 关怀版
USUAL_TEXT = 22


def nearest_text_size(size: int) -> int:
    """The size among ``TEXT_SIZES`` that is closest to ``size`` pixels, the bigger of two."""
    return min(TEXT_SIZES, key=lambda offered: (abs(offered - size), -offered))


@transaction.atomic
def set_elder_mode(*, user: User, on: bool) -> None:
    """Keep 关怀版 with the account; nothing is written where it stands so already."""
    if User.objects.filter(pk=user.pk).exclude(elder_mode=on).update(elder_mode=on):
        user.elder_mode = on


@transaction.atomic
def set_elder_text(*, user: User, size: int) -> None:
    """Keep the size of body text in 关怀版 with the account, in pixels; ValueError for one that is not offered."""
    if size not in TEXT_SIZES:
        raise ValueError(f"{size} px is none of the sizes of text")
    if User.objects.filter(pk=user.pk).exclude(elder_text=size).update(elder_text=size):
        user.elder_text = size
