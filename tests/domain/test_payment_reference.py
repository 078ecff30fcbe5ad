"""References of payments: every model's rule, with right and wrong examples."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mojplin.domain.billing.payment_reference import (
    check_digit,
    grouped_by_four,
    is_valid_reference,
    printed_reference,
)

VALID = """
SI99 | SI00 2026-001234 | SI00 3528-990 | SI00 123456-67890-12345 | SI12 1234567890120 | SI12 12345678909
SI12 1000080 | SI12 1000020 | SI12 2312345000175 | SI05 98765432100 | RF45SBO2010 | RF81 352A DD05 899
RF18 5390 0754 7034 | RF752023001234 | RF741
"""
INVALID = """
SI991 | SI00 | SI00 1-2-3-4 | SI00 ABC | SI00 1--2 | SI00 -1 | SI00 1- | SI00 1234567890123 | SI12 | SI12 5 | SI12 123-4
SI12 1234567890121 | SI12 12345678901200 | SI05 98765432101 | SI77 1 | SI001234567-12345678-123456 | RF17 5390 0754 7034
RF | RF18 | DE12 123 | 12345 | SI12 １２３４５６７８９０１２０
"""


def written(table: str) -> list[str]:
    return [each.replace(" ", "") for line in table.strip().splitlines() for each in line.split("|")]


@pytest.mark.parametrize("reference", written(VALID))
def test_right_references_are_known(reference):
    assert is_valid_reference(reference)


@pytest.mark.parametrize("reference", written(INVALID))
def test_wrong_references_are_refused(reference):
    assert not is_valid_reference(reference)


@pytest.mark.parametrize("model", ["01", "02", "03", "04", "05", "06", "07", "08", "09", "10", "11", "18", "55"])
def test_a_model_that_checks_a_part_notices_one_wrong_digit_somewhere(model):
    closed = [f"{digits}{check_digit(digits)}" for digits in ("1234", "56789", "2026001")]
    whole = "1234-56789-2026001"
    candidates = ["-".join(closed), f"{whole}{check_digit(whole.replace('-', ''))}", *mixed(closed)]
    right = next(candidate for candidate in candidates if is_valid_reference(f"SI{model}{candidate}"))
    wrong = [right[:at] + str((int(sign) + 1) % 10) + right[at + 1 :] for at, sign in enumerate(right) if sign != "-"]
    assert not all(is_valid_reference(f"SI{model}{each}") for each in wrong)


def mixed(closed: list[str]) -> list[str]:
    """Return three parts of which two are closed together, the first ones or the last ones."""
    first_two, last_two = "1234-56789", "56789-2026001"
    return [
        f"{first_two}{check_digit(first_two.replace('-', ''))}-{closed[2]}",
        f"{closed[0]}-{last_two}{check_digit(last_two.replace('-', ''))}",
    ]


@given(st.from_regex(r"[0-9]{1,12}", fullmatch=True))
def test_any_number_closed_by_its_check_digit_is_a_reference_of_model_12(digits):
    assert is_valid_reference(f"SI12{digits}{check_digit(digits)}")


@given(st.text(max_size=30))
def test_no_text_breaks_the_check(text):
    assert is_valid_reference(f"SI{text}") in (True, False)
    assert is_valid_reference(text) in (True, False)


def test_references_are_printed_as_on_a_slip():
    assert printed_reference("SI121234567890120") == "SI12 1234567890120"
    assert printed_reference("SI99") == "SI99"
    assert printed_reference("RF81352ADD05899") == "RF81 352A DD05 899"
    assert grouped_by_four("SI56020170014356205") == "SI56 0201 7001 4356 205"
