"""What the record of who did what says about one person, read out to them: who looked, what was done about them, what
they did themselves. Titles speak of the person, whoever reads: oneself, or a child's guardian."""

from django.db.models import Q
from django.utils.translation import gettext as _

from portal.core.audit import label_of
from portal.core.models import AuditEntry, Transition
from portal.core.reading_out import Part, newest_first, reader, split, table
from portal.core.registries import OwnTable
from portal.people.contacting import CONTACT_SHOWN
from portal.people.models import Person, User
from portal.people.own_records import accounts_of, purpose_title

from . import trail
from .standings import standings

Ids = list[int]
Most = int | None


def record(person_ids: Ids, most: Most) -> list[OwnTable]:
    """Looks at one's phone and address, other acts on one's record, and what one did."""
    accounts = accounts_of(person_ids)
    person = Q(subject_type=label_of(Person), subject_id__in=person_ids)
    account = Q(subject_type=label_of(User), subject_id__in=accounts)
    look = Q(verb=CONTACT_SHOWN)
    by_others = Q(actor_id__isnull=True) | ~Q(actor_id__in=accounts)
    when, reads = _("时间"), reader()
    return [
        *split(
            AuditEntry.objects.filter(person | account),
            (
                Part(
                    _("谁看过完整的电话和住址"),
                    (when, _("谁看的")),
                    look,
                    lambda entry, actors: (entry.at, actors.name(entry.actor_id, entry.at)),
                ),
                Part(
                    _("本人以外，谁对这份登记做过什么"),
                    (when, _("谁办的"), _("办了什么")),
                    ~look & by_others,
                    lambda entry, actors: (entry.at, actors.name(entry.actor_id, entry.at), _did(entry)),
                ),
            ),
            most,
            beside=lambda entries: standings(person_ids, accounts, (entry.actor_id for entry in entries), reads),
            newest_by="at",
        ),
        *table(
            _("本人办过什么"),
            (when, _("办了什么")),
            newest_first(AuditEntry.objects.filter(actor_id__in=accounts), "at", most),
            lambda entry: (entry.at, _did(entry)),
            most,
        ),
        *table(
            _("本人把事情办到了哪一步"),
            (when, _("什么事"), _("哪一步")),
            newest_first(Transition.objects.filter(actor_id__in=accounts), "at", most),
            lambda move: (move.at, trail.subject_label(move.subject_type), trail.move_label(move)),
            most,
        ),
    ]


def _did(entry: AuditEntry) -> str:
    """What was done; of a consent, to what."""
    said = trail.verb_label(entry.verb)
    purpose = entry.details.get("purpose") if entry.verb.startswith("consent.") else None
    return _("%(did)s：%(what)s") % {"did": said, "what": purpose_title(purpose)} if purpose else said
