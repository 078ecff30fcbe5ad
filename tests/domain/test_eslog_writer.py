"""e-SLOG written for stored documents: valid against the schema, and read back as what was stored."""

from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from mojplin.domain.billing.eslog_writer import Party, eslog_of, vat_by_rate
from mojplin.domain.billing.models import Document, DocumentLine, DocumentVat
from mojplin.domain.supply.models import SupplyPoint
from mojplin.interfaces.erp.feed.xml_reader import read_xml

CENT = Decimal("0.01")
SELLER = Party(
    name="Vzorčni plin, d. d.", street="Zgledna ulica 1", post_code="1000", town="Ljubljana", tax_number="10000895",
    is_company=True, iban="SI56020170014356205",
)  # fmt: skip

words = st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S"]), min_size=1, max_size=12)
texts = st.lists(words, min_size=1, max_size=12).map(" ".join)
euros = st.decimals(Decimal("-9999.99"), Decimal("99999.99"), places=2, allow_nan=False)


@st.composite
def lines(draw):
    return DocumentLine(
        description=draw(texts)[:256].strip(),
        quantity=draw(st.decimals(-999, 99999, places=3)),
        unit=draw(st.sampled_from(["m3", "l", "kg", "kWh", "mesec", "kos"])),
        unit_price_eur=draw(st.decimals(-9, 9999, places=6)),
        net_eur=draw(euros),
        vat_percent=draw(st.sampled_from([Decimal("22.00"), Decimal("9.50"), Decimal("0.00")])),
    )


@st.composite
def documents(draw):
    """A document whose sums were made from its lines, as the ERP makes them, and its lines."""
    of_it = draw(st.lists(lines(), min_size=1, max_size=5))
    net = sum((line.net_eur for line in of_it), Decimal(0)) - draw(st.sampled_from([Decimal(0), Decimal("1.50")]))
    vat = (net * Decimal("0.22")).quantize(CENT, ROUND_HALF_UP)
    begins = draw(st.dates(date(2006, 1, 1), date(2030, 1, 1)))
    document = Document(
        number=draw(st.from_regex(r"[0-9A-Z][0-9A-Z/-]{0,33}[0-9A-Z]", fullmatch=True)),
        kind=draw(st.sampled_from(Document.Kind.values)),
        issued_on=begins + timedelta(days=40),
        due_on=draw(st.sampled_from([None, begins + timedelta(days=58)])),
        period_from=begins,
        period_to=begins + timedelta(days=30),
        net_eur=net, vat_eur=vat, amount_eur=net + vat, open_eur=draw(st.sampled_from([Decimal(0), net + vat])),
        collected_on=draw(st.sampled_from([None, begins + timedelta(days=58)])),
        reference=draw(st.sampled_from(["", "SI122312345000175"])),
        purpose_code=draw(st.sampled_from(["", "GASB"])),
        purpose=draw(texts)[:42].strip(),
        external_number=draw(st.sampled_from(["", "ZD-2026-0071"])),
        corrects_number=draw(st.sampled_from(["", "26-OGR-104417"])),
        payee_iban=SELLER.iban,
    )  # fmt: skip
    if draw(st.booleans()):
        document.supply_point = SupplyPoint(
            number="1042-7731", recipient_number="20418845", recipient_name=draw(texts), street=draw(texts),
            post_code="1241", town="Kamnik",
        )  # fmt: skip
    return document, of_it


rates = st.lists(
    st.builds(
        DocumentVat,
        category=st.sampled_from(["S", "Z", "AE"]),
        vat_percent=st.sampled_from([Decimal("22.00"), Decimal("9.50"), Decimal("0.00")]),
        base_eur=euros, vat_eur=euros,
    ),
    max_size=3,
)  # fmt: skip


@settings(max_examples=80, deadline=None)
@given(documents(), rates, texts, texts)
def test_what_is_written_is_valid_and_reads_back_as_it_was_stored(made, vat, name, street):
    document, of_it = made
    buyer = Party(
        name=name, street=street, post_code="1241", town="Kamnik", number="20418837", tax_number="50223054",
        is_company=len(name) % 2 == 0,
    )  # fmt: skip
    said = read_xml(eslog_of(document, of_it, vat, seller=SELLER, buyer=buyer))
    assert said.is_valid
    assert said.faults == ()
    assert said.type_code == {"invoice": "380", "credit_note": "381", "debit_note": "383"}[document.kind]
    assert (said.number, said.currency, said.payer_number) == (document.number, "EUR", "20418837")
    assert set(said.payer_tax_numbers) == {"50223054"}
    assert said.supply_points[:1] == (("1042-7731",) if document.supply_point else ())
    assert said.external_number == document.external_number
    assert (said.issued_on, said.due_on) == (str(document.issued_on), str(document.due_on or ""))
    assert (said.period_from, said.period_to) == (str(document.period_from), str(document.period_to))
    amounts = [Decimal(text) for text in (said.net_eur, said.vat_eur, said.amount_eur)]
    assert amounts == [document.net_eur, document.vat_eur, document.amount_eur]
    must_be_paid = document.open_eur and document.kind != "credit_note"
    assert said.is_collected == bool(must_be_paid and document.collected_on)
    assert (said.payee_iban, said.reference) == (SELLER.iban, document.reference)
    assert (said.purpose_code, said.corrects_number) == (document.purpose_code, document.corrects_number)
    assert said.purpose == document.purpose
    if vat:  # never reckoned, whatever the lines come to
        assert [
            (each.category, Decimal(each.percent), Decimal(each.base_eur), Decimal(each.vat_eur)) for each in said.vat
        ] == [(each.category, each.vat_percent, each.base_eur, each.vat_eur) for each in vat]
    for line, stored in zip(said.lines, of_it, strict=True):
        assert line.description == stored.description
        assert Decimal(line.quantity) == stored.quantity
        assert Decimal(line.unit_price_eur) == stored.unit_price_eur
        assert Decimal(line.net_eur) == stored.net_eur
        assert Decimal(line.vat_percent) == stored.vat_percent


@settings(max_examples=80, deadline=None)
@given(documents())
def test_the_vat_of_all_rates_together_is_the_vat_as_issued(made):
    document, of_it = made
    rates = vat_by_rate(document, of_it)
    assert sum(base for _percent, base, _tax in rates) == document.net_eur
    assert sum(tax for _percent, _base, tax in rates) == document.vat_eur
    assert len({percent for percent, _base, _tax in rates}) == len(rates)
