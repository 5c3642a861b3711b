"""People's tables, one part a file: accounts, persons, ties to places and to each other, the abstract Request."""

from ..roles import RoleKind
from .accounts import Role, SmsCode, User
from .datarequests import DataRequest
from .persons import Channel, ConsentRecord, Person, PersonArea
from .relations import Authorisation, Guardianship, Relation, RelationState
from .requests import Request
from .ties import Ownership, Representative, Residency, Tie, TieState

__all__ = [
    "Authorisation",
    "Channel",
    "ConsentRecord",
    "DataRequest",
    "Guardianship",
    "Ownership",
    "Person",
    "PersonArea",
    "Relation",
    "RelationState",
    "Representative",
    "Request",
    "Residency",
    "Role",
    "RoleKind",
    "SmsCode",
    "Tie",
    "TieState",
    "User",
]
