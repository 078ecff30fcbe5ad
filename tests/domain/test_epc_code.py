"""The code for foreign banks: its content line by line, within the size of the standard."""

import io
from dataclasses import replace
from decimal import Decimal

from mojplin.domain.billing.epc_code import epc_payload, epc_picture_svg, epc_symbol
from mojplin.domain.billing.payment_slip import Party, Slip
from tests.codes import read_code

GAS = Slip(
    payer=Party(name="Žiga Čuček", street="Cesta 7b", town="1234 Mengeš"),
    payee=Party(name="Plin test d.d.", street="Testna ulica 1", town="1000 Ljubljana"),
    amount_eur=Decimal("123.45"),
    iban="SI56020170014356205",
    reference="RF18539007547034",
    purpose_code="GASB",
    purpose="Račun 23-0001234",
)


def test_an_international_reference_has_a_field_of_its_own():
    assert epc_payload(GAS).decode().split("\n") == [
        "BCD", "002", "1", "SCT", "", "Plin test d.d.", "SI56020170014356205", "EUR123.45", "GASB", "RF18539007547034",
    ]  # fmt: skip


def test_a_slovene_reference_goes_as_text_with_the_purpose():
    lines = epc_payload(replace(GAS, reference="SI122312345000175")).decode().split("\n")
    assert lines[8:] == ["GASB", "", "SI12 2312345000175 Račun 23-0001234"]


def test_without_a_reference_the_purpose_alone_is_the_text():
    assert epc_payload(replace(GAS, reference="SI99")).decode().split("\n")[8:] == ["GASB", "", "Račun 23-0001234"]


def test_the_longest_content_still_fits_the_standards_largest_code():
    longest = replace(
        GAS, amount_eur=Decimal("999999999.99"), purpose="Č" * 42, reference="SI00123456789012-12345678",
        payee=replace(GAS.payee, name="Ž" * 33),
    )  # fmt: skip
    assert len(epc_payload(longest)) <= 331
    assert epc_picture_svg(epc_payload(longest)).startswith(b"<svg")


def test_another_reader_reads_from_its_picture_what_was_written():
    for slip in (GAS, replace(GAS, reference="SI122312345000175", payee=replace(GAS.payee, name="Čebelica Žužemberk"))):
        picture = io.BytesIO()
        epc_symbol(epc_payload(slip)).save(picture, kind="png", scale=6, border=4)
        read = read_code(picture.getvalue())
        assert read.text == epc_payload(slip).decode()
        assert read.ec_level == "M"
