"""One form of each sign: what is typed is brought into it, but what is too long for anything costs no time."""

from mojplin.domain.accounts.names import good_username
from mojplin.domain.accounts.passwords import normalized
from mojplin.domain.linking.operations import own_name
from mojplin.domain.metering.gauge import parse_percent
from mojplin.domain.metering.reading_parser import parse_reading
from mojplin.foundation.errors import Refused
from mojplin.foundation.sign_forms import in_one_form
from mojplin.foundation.slovenia import tax_number
from mojplin.foundation.typed_codes import as_typed

MARKS = "\u0301" * 250_000 + "\u0316" * 250_000
"""A megabyte whose marks would take hours to put in order: a test that comes to its end has not done so."""


def test_a_megabyte_of_marks_is_no_reading_no_name_no_number_and_no_code_at_once():
    def reading(typed):
        return parse_reading(typed, digits=5, decimals=0)

    for reads in (reading, parse_percent, good_username, own_name):
        try:
            reads(f"4{MARKS}")
            raise AssertionError(reads)
        except Refused:
            pass
    kept = len(normalized(MARKS))
    assert tax_number(f"12345679{MARKS}") is None and as_typed(f"a{MARKS}") == "A" and kept == 500_000


def test_what_anybody_types_has_one_form():
    assert in_one_form("c\u030c", "NFC") == "č" and in_one_form("４３９９", "NFKC") == "4399"
    assert normalized("c\u030c" * 256) == "č" * 256
