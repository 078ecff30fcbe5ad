"""Numbers that are valid by their check digits and belong to nobody."""

from stdnum.si import ddv

IBAN = "SI56990000000000165"
"""Of a bank that does not exist."""


def tax_number(serial: int) -> str:
    """Return the first valid tax number from a seven-digit serial on: some serials have no check digit."""
    while True:
        candidate = f"{serial:07d}{ddv.calc_check_digit(f'{serial:07d}')}"
        if ddv.is_valid(candidate):
            return candidate
        serial += 1


def reference_si12(digits: str) -> str:
    """Return the payment reference of model SI12: up to twelve digits closed by their check digit, modulo 11."""
    weighted = sum(int(digit) * weight for weight, digit in enumerate(reversed(digits), start=2))
    check = 11 - weighted % 11
    return f"SI12{digits}{0 if check > 9 else check}"
