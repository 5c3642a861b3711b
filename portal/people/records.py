"""The records of one human being, read together: each with its account, and with the one that it is merged into."""

from portal.core import asked

from .models import Person, User


def with_accounts(person_ids: list[int]) -> list[Person]:
    """The records ``person_ids`` of one human being, those merged into another one first; on a page asked once."""
    rows = Person.objects.filter(pk__in=person_ids).select_related("community", "user").order_by("merged_into", "pk")
    return asked.once((with_accounts, *sorted(person_ids)), lambda: _tied(list(rows)))


def _tied(records: list[Person]) -> list[Person]:
    known = {record.pk: record for record in records}
    for record in records:
        if record.merged_into_id in known:
            record.merged_into = known[record.merged_into_id]
    return records


def accounts_among(records: list[Person]) -> list[User]:
    """The accounts of these records, in the order of their keys."""
    return sorted((record.user for record in records if hasattr(record, "user")), key=lambda user: user.pk)
