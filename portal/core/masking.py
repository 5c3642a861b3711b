"""How personal data is shown to who need not see it whole."""


def mask_phone(phone: str) -> str:
    """``138****1234``; short or foreign numbers keep their last two digits only."""
    if len(phone) == 11:
        return f"{phone[:3]}****{phone[-4:]}"
    return "*" * max(len(phone) - 2, 0) + phone[-2:] if phone else ""


def mask_id_number(number: str) -> str:
    """``4302**********1234``: the first and last four of an ID number."""
    return f"{number[:4]}{'*' * (len(number) - 8)}{number[-4:]}" if len(number) > 8 else "*" * len(number)


def mask_name(name: str) -> str:
    """The name's first character and one star for each other: ``李**``."""
    return name[:1] + "*" * max(len(name) - 1, 0)
