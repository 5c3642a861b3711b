"""What is asked for on the pages of exports."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from portal.core.plaintext import PlainTextField

from ..acts import ActForm
from .sources import ExportSource

LONGEST_WORDS = 200


class AskForm(forms.Form):
    """Which columns, masked or not, and what for."""

    columns = forms.MultipleChoiceField(label=gettext_lazy("列"), required=False)
    whole = forms.MultipleChoiceField(label=gettext_lazy("不遮盖的列"), required=False)
    purpose = PlainTextField(
        label=gettext_lazy("做什么用"),
        max_length=LONGEST_WORDS,
        required=False,  # the act asks for it where a personal column is chosen
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("批准的人会看。最多 200 字，不要写姓名、身份证号、手机号。"),
    )
    whole_reason = PlainTextField(
        label=gettext_lazy("为什么要完整的"),
        required=False,
        max_length=LONGEST_WORDS,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("勾了“完整”才要写：遮盖的为什么不够用。批准的人可以只批遮盖的。"),
    )

    def __init__(self, *args: Any, source: ExportSource, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.source = source
        choices = [(column.id, column.label) for column in source.columns]
        self.fields["columns"].choices = choices  # type: ignore[attr-defined]
        self.fields["whole"].choices = [(id, label) for id, label in choices if id in source.personal_ids]  # type: ignore[attr-defined]
        if not source.is_personal:
            for name in ("whole", "purpose", "whole_reason"):
                del self.fields[name]

    def lines(self) -> list[dict[str, Any]]:
        """A line a column: whether it is chosen and whether it is wanted unmasked. At first what is personal is not:
        whoever needs it says so, column by column."""
        plain = {column.id for column in self.source.columns if not column.personal}
        taken = set(self.data.getlist("columns")) if self.is_bound else plain  # type: ignore[attr-defined]
        whole = set(self.data.getlist("whole")) if self.is_bound else set()  # type: ignore[attr-defined]
        return [{"column": c, "taken": c.id in taken, "whole": c.id in whole} for c in self.source.columns]


class ApproveForm(ActForm):
    """Where something was asked for in clear, the approver says which it shall be; nothing is chosen beforehand."""

    whole = forms.ChoiceField(
        label=gettext_lazy("个人信息"),
        choices=[("no", gettext_lazy("只批遮盖的")), ("yes", gettext_lazy("批完整的，只限申请的那几列"))],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("请选一项。")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.obj is not None and not self.obj.whole_columns:
            del self.fields["whole"]
