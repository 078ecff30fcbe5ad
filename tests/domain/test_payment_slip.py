"""The payment slip: the content of its code byte for byte, and no slip where a bank would refuse it."""

import io
import re
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from mojplin.domain.billing.models import Document
from mojplin.domain.billing.payment_slip import (
    Party,
    Slip,
    fault_of,
    must_be_paid,
    party,
    picture_png,
    picture_svg,
    rewritten,
    slip_of,
    upn_record,
)
from mojplin.domain.billing.slip_text import slip_text
from mojplin.domain.billing.upn_symbol import MASKS, _made, symbol
from mojplin.domain.supply.models import Payer
from tests.codes import read_code

LANDLORD = Party(name="RentaCar d.o.o.", street="Pohorska ulica 22", town="2000 Maribor")
PUBLISHED = Slip(
    payer=Party(name="Janez Novak", street="Dunajska ulica 1", town="1000 Ljubljana"),
    payee=LANDLORD,
    amount_eur=Decimal("81.05"),
    iban="SI56020170014356205",
    reference="SI121234567890120",
    purpose_code="RENT",
    purpose="Plačilo najemnine za marec 2017",
    due_on=date(2017, 4, 1),
)
"""The example of the programmer's standard of May 2017."""
ZBS_A = Slip(
    payer=Party(name="Janez Novak", street="Dunajska 1", town="1000 Ljubljana"),
    payee=Party(name="Novo podjetje d.o.o.", street="Lepa cesta 15", town="3698 Loški Potok"),
    amount_eur=Decimal("81.05"),
    iban="SI56051008010486080",
    reference="SI0598765432100",
    purpose_code="COST",
    purpose="Plačilo obveznosti 10/2016",
)
GAS = Slip(
    payer=Party(name="Žiga Čuček-Šuštar", street="Cesta v Šmartno 7b", town="1234 Mengeš"),
    payee=Party(name="Plin test d.d.", street="Testna ulica 1", town="1000 Ljubljana"),
    amount_eur=Decimal("123.45"),
    iban="SI56020170014356205",
    reference="SI122312345000175",
    purpose_code="GASB",
    purpose="Račun 23-0001234, UNP ogrevanje",
    due_on=date(2026, 2, 15),
)
LEAST = Slip(
    payer=Party(name="A", street="B 1", town="1000 C"),
    payee=Party(name="D", street="E 2", town="2000 F"),
    amount_eur=Decimal("0.01"),
    iban="SI56020170014356205",
    reference="SI99",
    purpose_code="OTHR",
    purpose="X",
)
CONTENTS = {
    "published": (
        PUBLISHED,
        "UPNQR·····Janez Novak·Dunajska ulica 1·1000 Ljubljana·00000008105···RENT·Plačilo najemnine za marec 2017·"
        "01.04.2017·SI56020170014356205·SI121234567890120·RentaCar d.o.o.·Pohorska ulica 22·2000 Maribor·201·",
    ),
    "of the banks' association, without its reserve of blanks": (
        ZBS_A,
        "UPNQR·····Janez Novak·Dunajska 1·1000 Ljubljana·00000008105···COST·Plačilo obveznosti 10/2016··"
        "SI56051008010486080·SI0598765432100·Novo podjetje d.o.o.·Lepa cesta 15·3698 Loški Potok·183·",
    ),
    "of a gas bill": (
        GAS,
        "UPNQR·····Žiga Čuček-Šuštar·Cesta v Šmartno 7b·1234 Mengeš·00000012345···GASB·"
        "Račun 23-0001234, UNP ogrevanje·15.02.2026·SI56020170014356205·SI122312345000175·Plin test d.d.·"
        "Testna ulica 1·1000 Ljubljana·204·",
    ),
    "the least": (
        LEAST,
        "UPNQR·····A·B 1·1000 C·00000000001···OTHR·X··SI56020170014356205·SI99·D·E 2·2000 F·083·",
    ),
}


ZBS_B = (
    "UPNQR·SI56020170014356205···SI003528-990·Združenje bank Slovenije·Šubičeva 2·1000 Ljubljana·00000128067···ADVA·"
    "Plačilo avansa-ponudba 2016/12··SI56051008010486080·SI00123456-67890-12345·Novo podjetje d.o.o.·Lepa cesta 15·"
    "3698 Loški Potok·238·"
)
"""The association's other example, which names the payer's account as well: nobody who issues invoices does."""


def test_the_control_sum_of_a_slip_with_the_payers_account_is_the_standards():
    *fields, _sum, _end = ZBS_B.split("·")
    assert upn_record(fields) == ZBS_B.replace("·", "\n").encode("iso-8859-2")


@pytest.mark.parametrize("name", CONTENTS)
def test_the_content_is_the_standards_byte_for_byte(name):
    slip, written = CONTENTS[name]
    assert slip.payload == written.replace("·", "\n").encode("iso-8859-2")


@pytest.mark.parametrize("name", CONTENTS)
def test_the_code_is_version_15_with_medium_correction_and_reads_back_as_written(name):
    payload = CONTENTS[name][0].payload
    code = symbol(payload)
    assert (code.version, code.error) == (15, "M")
    read = read_code(picture_png(payload))
    assert read.text == payload.decode("iso-8859-2")
    assert read.ec_level == "M"
    picture = Image.open(io.BytesIO(picture_png(payload)))
    assert (picture.size, picture.mode, round(picture.info["dpi"][0])) == ((850, 850), "1", 600)
    assert picture_svg(payload).startswith(b"<svg")


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("Plačilo – oktober", "Plačilo - oktober"),
        ("„Gostilna“ pri Janezu’s", '"Gostilna" pri Janezu\'s'),
        ("Najem 7,50 €", "Najem 7,50 EUR"),
        ("Ødegaard & Muñoz", "Odegaard & Munoz"),
        ("Čebelar Žvokelj Đorđe Ćosić", "Čebelar Žvokelj Đorđe Ćosić"),
        ("  dve\nvrstici\tin presledki ", "dve vrstici in presledki"),
        ("c\u030c in s\u030c iz dveh znakov", "č in š iz dveh znakov"),
        ("Kozolec 🏡 doma", "Kozolec doma"),
        ("52 m³", "52 m3"),
        ("x" * 40, "x" * 33),
        ("Podjetje z zelo dolgim imenom in d. d.", "Podjetje z zelo dolgim imenom in"),
    ],
)
def test_texts_are_written_in_the_slips_characters(typed, written):
    assert slip_text(typed) == written


@given(st.text(max_size=120))
def test_any_text_becomes_one_line_of_the_slips_characters(text):
    written = slip_text(text)
    assert len(written.encode("iso-8859-2")) == len(written) <= 33
    assert written == written.strip()
    assert "\n" not in written
    assert slip_text(written) == written


@given(st.text(max_size=60), st.decimals("0.01", "999999999.99", places=2), st.dates(date(2023, 1, 1)))
def test_a_content_has_twenty_lines_and_its_own_control_sum(name, amount_eur, due_on):
    somebody = party(name=name, street=name, town=name)
    slip = Slip(payer=somebody, payee=LANDLORD, amount_eur=amount_eur, iban=GAS.iban, reference=GAS.reference,
                purpose_code="GASB", purpose="Plin", due_on=due_on)  # fmt: skip
    lines = slip.payload.decode("iso-8859-2").split("\n")
    assert len(lines) == 21
    assert lines[8] == f"{int(amount_eur * 100):011d}"
    assert int(lines[19]) == len("\n".join(lines[:19])) + 1
    assert len(slip.payload) <= 411


def test_a_payer_whose_name_has_no_letter_of_the_slip_gets_no_slip():
    document = a_document()
    document.payer.name = "Газ"
    assert slip_of(document, payee=GAS.payee) == "payer"


def a_document(**other: object) -> Document:
    payer = Payer(name="Žiga Čuček-Šuštar", street="Cesta v Šmartno 7b", post_code="1234", town="Mengeš")
    fields = {"kind": "invoice", "number": "26-1", "amount_eur": Decimal("200.00"), "open_eur": Decimal("123.45"),
              "due_on": date(2026, 2, 15), "payee_iban": "SI56020170014356205", "reference": "SI122312345000175",
              "purpose_code": "", "purpose": "Račun 23-0001234, UNP ogrevanje"}  # fmt: skip
    return Document(payer=payer, **(fields | other))


def test_the_slip_of_an_invoice_asks_for_what_remains_of_it():
    assert slip_of(a_document(), payee=GAS.payee) == GAS


def test_what_stands_differently_on_the_slip_is_told_with_how_it_stands():
    document = a_document(purpose="Plin – 52 m³")
    document.payer.name = "Øystein Ćosić, samostojni podjetnik, Mengeš"
    assert rewritten(document, slip_of(document, payee=GAS.payee)) == [
        ("Øystein Ćosić, samostojni podjetnik, Mengeš", "Oystein Ćosić, samostojni podjetn"),
        ("Plin – 52 m³", "Plin - 52 m3"),
    ]


def test_a_slip_that_says_all_as_it_is_has_nothing_to_tell():
    document = a_document()
    assert rewritten(document, slip_of(document, payee=GAS.payee)) == []


def test_credit_notes_and_paid_invoices_are_never_to_be_paid():
    assert must_be_paid(a_document())
    assert not must_be_paid(a_document(kind="credit_note"))
    assert not must_be_paid(a_document(open_eur=Decimal(0)))


@pytest.mark.parametrize(
    ("wrong", "fault"),
    [
        ({"payee_iban": ""}, "iban"),
        ({"payee_iban": "SI56020170014356208"}, "iban"),
        ({"reference": ""}, "reference"),
        ({"reference": "SI121234567890121"}, "reference"),
        ({"open_eur": Decimal("1000000000.00")}, "amount"),
        ({"open_eur": Decimal("0.00")}, "amount"),
        ({"open_eur": Decimal("-5.00")}, "amount"),
        ({"purpose_code": "gas1"}, "purpose"),
    ],
)
def test_wrong_payment_data_give_no_slip(wrong, fault):
    assert slip_of(a_document(**wrong), payee=GAS.payee) == fault


def test_a_document_that_names_no_account_is_paid_to_the_first_of_the_suppliers():
    ours = ("SI56990000000000165", "SI56020170014356205")
    assert slip_of(a_document(payee_iban=""), payee=GAS.payee, ibans=ours).iban == ours[0]
    assert slip_of(a_document(payee_iban=ours[1]), payee=GAS.payee, ibans=ours).iban == ours[1]


def test_money_is_sent_to_no_account_that_is_not_the_suppliers():
    theirs, ours = "SI56020170014356205", ("SI56990000000000165",)
    assert slip_of(a_document(payee_iban=theirs), payee=GAS.payee).iban == theirs
    assert slip_of(a_document(payee_iban=theirs), payee=GAS.payee, ibans=ours) == "other_iban"
    assert slip_of(a_document(payee_iban=f"{theirs[:-1]}8"), payee=GAS.payee, ibans=ours) == "iban"


def test_the_largest_amount_still_has_a_slip():
    slip = slip_of(a_document(amount_eur=Decimal("999999999.99"), open_eur=Decimal("999999999.99")), payee=GAS.payee)
    assert b"\n99999999999\n" in slip.payload
    assert fault_of(slip) is None


def test_a_content_of_the_standards_full_length_has_the_masks_of_its_published_symbols():
    content_b = upn_record(ZBS_B.split("·")[:19]).ljust(400)
    assert (symbol(ZBS_A.payload.ljust(400)).mask, symbol(content_b).mask) == (3, 0)


def test_the_mask_is_the_one_with_the_least_penalty_counted_module_by_module():
    codes = [_made(GAS.payload, mask) for mask in MASKS]
    penalties = [penalty_of([list(row) for row in code.matrix]) for code in codes]
    assert symbol(GAS.payload).mask == penalties.index(min(penalties))


def test_a_symbol_is_module_by_module_the_one_encoded_with_its_mask():
    seen = set()
    for number in range(40):
        payload = replace(GAS, purpose=f"Račun {number}").payload
        code = symbol(payload)
        assert code.matrix == _made(payload, code.mask).matrix
        seen.add(code.mask)
    assert len(seen) > 1 and seen != {0}


def penalty_of(rows: list[list[int]]) -> int:
    lines = ["".join(map(str, line)) for line in [*rows, *zip(*rows, strict=True)]]
    runs = sum(len(run) - 2 for line in lines for run in re.findall("0{5,}|1{5,}", line))
    corners = sum(len(re.findall("(?=10111010000|00001011101)", f"0000{line}0000")) for line in lines)
    blocks = sum(
        rows[y][x] == rows[y][x + 1] == rows[y + 1][x] == rows[y + 1][x + 1] for y in range(76) for x in range(76)
    )
    dark_percent = sum(map(sum, rows)) * 100 / 77**2
    return runs + 40 * corners + 3 * blocks + 10 * int(abs(dark_percent - 50) / 5)


def test_the_same_content_is_drawn_once():
    payload = replace(GAS, purpose="Račun za en sam izris").payload
    before = symbol.cache_info().misses
    assert picture_svg(payload) is picture_svg(payload)
    picture_png(payload)
    assert symbol.cache_info().misses == before + 1
