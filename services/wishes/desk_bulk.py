"""Several wishes accepted on one page: the public words of each are typed beside what was asked."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from portal.backoffice.acts import ActForm
from portal.core.numbers import spaced
from portal.core.plaintext import PlainTextField

from .models import Wish


class ApproveEachForm(ActForm):
    """A title and an alias for each wish. One whose title is left empty is left out; kind and price stay as they are.

    The words of the requester stand beside the fields: nobody accepts what they have not read.
    """

    foreword = _("写了公开标题的才受理，没写的这次跳过。标题下面是居民的原话，只给工作人员看。")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for wish in self.objs:
            named = {"number": spaced(wish.code), "kind": wish.kind.name}
            self.fields[f"title_{wish.pk}"] = PlainTextField(
                label=_t("%(number)s %(kind)s：公开标题") % named,
                max_length=40,
                required=False,
                initial=wish.title,
                help_text=wish.details or _t("（已清除）"),
            )
            self.fields[f"alias_{wish.pk}"] = PlainTextField(
                label=_t("%(number)s 公开称呼") % named, max_length=20, required=False, initial=wish.alias
            )

    def clean(self) -> dict[str, Any]:
        """At least one of them, or there is nothing to do."""
        cleaned = super().clean() or {}
        if not self.errors and not any(cleaned.get(f"title_{wish.pk}") for wish in self.objs):
            raise forms.ValidationError(_("一件也没有写公开标题。写了标题的才受理，没写的这次跳过。"))
        return cleaned

    def for_row(self, obj: Wish) -> dict[str, Any]:
        """What the act takes for one wish; ValidationError where its title was left empty."""
        title = self.cleaned_data.get(f"title_{obj.pk}", "")
        if not title:
            raise ValidationError(_t("没有写公开标题，这次没有受理"))
        alias = self.cleaned_data[f"alias_{obj.pk}"]
        return {"title": title, "alias": alias, "kind": obj.kind, "price": obj.price_fen}
