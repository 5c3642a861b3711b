"""What of the record of who did what goes on a person's demand: nothing of the record itself."""

import datetime as dt

from django.utils.translation import gettext as _

from portal.core.models import AuditEntry, Transition
from portal.core.registries import Forgotten
from portal.people.own_records import accounts_of


def forget_record(person_ids: list[int], at: dt.datetime) -> Forgotten:
    """Numbers and moments stay as the law asks; the reasons beside them go with the record they were written for."""
    accounts = accounts_of(person_ids)
    acted = AuditEntry.objects.filter(actor_id__in=accounts).exists()
    if not acted and not Transition.objects.filter(actor_id__in=accounts).exists():
        return Forgotten(0)
    return Forgotten(0, _("谁在什么时候办了什么。依网络安全法留存日志；只有编号，没有姓名和电话，到期自动删除。"))
