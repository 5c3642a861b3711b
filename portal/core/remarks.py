"""What people typed as reasons, erased where its time is over: the rows beside which it stood remain."""

from collections.abc import Iterable

from .models import Remark


def erase(subject_type: str, ids: Iterable[int]) -> int:
    """Erase the remarks beside every move and every act on the records ``ids`` of ``subject_type`` (``wishes.wish``);
    returns how many."""
    wanted = list(ids)
    if not wanted:
        return 0
    moves = Remark.objects.filter(transition__subject_type=subject_type, transition__subject_id__in=wanted)
    acts = Remark.objects.filter(audit_entry__subject_type=subject_type, audit_entry__subject_id__in=wanted)
    return moves.delete()[0] + acts.delete()[0]


def beside_moves(subject_type: str, ids: Iterable[int], *names: str) -> dict[int, str]:
    """Record id → what was typed at its latest move among ``names``; one query."""
    rows = Remark.objects.filter(
        transition__subject_type=subject_type, transition__subject_id__in=list(ids), transition__name__in=names
    ).select_related("transition")
    return {row.transition.subject_id: row.text for row in rows.order_by("pk") if row.transition is not None}
