"""The check digit of our own codes and of bank cards."""


def check_digit(digits: str) -> str:
    """The Luhn digit of ``digits``: a slip of one digit or a swap of neighbours on the phone is noticed."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return str(-total % 10)
