"""How personal data is shown to who need not see it whole."""

import re

# What an address keeps when its door is hidden: up to the first word for a building, else for what it stands in.
_BUILDING = re.compile(r".*?[0-9０-９A-Za-z一二三四五六七八九十百]{1,4}(?:号楼|楼栋|栋|幢)")
_PLACE = re.compile(r".*?(?:社区|小区|花园|家园|公寓|大厦|苑|村)")
_INSIDE = re.compile(r"单元|室|户|层|[0-9０-９]{3,}(?![0-9０-９号])")
_LANDLINE = re.compile(r"(010|02\d|0[3-9]\d\d)(-?)\d{4}(\d{3,4})")


def mask_phone(phone: str) -> str:
    """``138****1234``, ``0731-****2345``; short or foreign numbers keep their last two digits only."""
    if fixed := _LANDLINE.fullmatch(phone):
        return f"{fixed[1]}{fixed[2]}****{fixed[3]}"
    if len(phone) == 11:
        return f"{phone[:3]}****{phone[-4:]}"
    return "*" * max(len(phone) - 2, 0) + phone[-2:] if phone else ""


def mask_id_number(number: str) -> str:
    """``4302**********1234``: the first and last four of an ID number."""
    return f"{number[:4]}{'*' * (len(number) - 8)}{number[-4:]}" if len(number) > 8 else "*" * len(number)


def mask_name(name: str) -> str:
    """The name's first character and one star for each other: ``李**``."""
    return name[:1] + "*" * max(len(name) - 1, 0)


def mask_address(address: str) -> str:
    """``袁家湾社区3栋***``: to the building, without unit and door; ``***`` where no building can be made out."""
    found = _BUILDING.match(address) or _PLACE.match(address)
    kept = found[0] if found else ""
    return "***" if _INSIDE.search(kept) else f"{kept}***"
