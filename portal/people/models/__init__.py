"""People's tables, one part a file: accounts, persons, ties to places and to each other, the abstract Request."""

from ..roles import RoleKind
from .accounts import Role, SmsCode, User
from .datarequests import DataRequest
from .persons import Authorisation, Channel, ConsentRecord, Guardianship, Person, PersonArea
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
