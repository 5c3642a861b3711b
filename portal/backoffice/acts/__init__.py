"""State changes as buttons: each opens a page that says what will happen, asks for what it needs, and does it once.

Usage, in a room's ``admin.py``::

    class RefuseForm(ReasonForm):                      # has self.user, self.obj (None in bulk), self.objs
        notice = forms.BooleanField(label=_("发短信告知"), required=False)

    @admin.register(Thing)
    class ThingAdmin(ActsAdmin):
        acts = (
            Act("accept", _("通过"), run=_accept, allowed=access.may_review, possible=can("accept"), tone="primary",
                description=_("通过后，申请人会收到消息。"), bulk=True),
            Act("refuse", _("不通过"), run=_refuse, allowed=access.may_review, possible=can("refuse"),
                form_class=RefuseForm, tone="danger"),
        )

    def _accept(request, thing, cleaned):
        reviewing.accept(thing=thing, actor=request.user, at=clock.now())

- ``allowed(user, obj)`` is the right: without it there is no button, and the page answers 403. ``possible(obj)`` is the
  state: without it there is no button, and a stale page leads back to the row. Both are asked again at POST.
- ``run(request, obj, cleaned)`` works in one transaction, under a once token: sent twice, it is done once. It returns
  nothing, or the message to show, or ``Shown`` for what is to be seen a single time (a whole phone number).
- ``MoveRefused`` and ``ValidationError`` are shown on the page with what was typed kept; nothing has changed then.
- ``bulk=True`` puts the act above the list, for the selected rows: one page, each row in a transaction of its own.
- A model with acts is read-only on its page, but for ``editable_fields``.
"""

from .bulk import ActsAdmin
from .declared import Act, ActForm, Outcome, ReasonForm, Shown, can, say_when

__all__ = ["Act", "ActForm", "ActsAdmin", "Outcome", "ReasonForm", "Shown", "can", "say_when"]
