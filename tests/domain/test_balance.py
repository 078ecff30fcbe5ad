"""What is open is the sum of the open items to the cent, whatever has happened between supplier and customer."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from mojplin.domain.billing.balance import balance_of
from mojplin.domain.billing.collective_slip import collective_slip, payer_reference
from mojplin.domain.billing.models import Document, UnallocatedPayment
from mojplin.domain.billing.payment_reference import is_valid_reference
from mojplin.domain.billing.payment_slip import Party
from mojplin.domain.billing.statement import newest_and_open, open_rows, statement_of
from mojplin.domain.supply.models import Payer
from tests.cast import Scenes

TODAY = date(2026, 11, 26)
SUPPLIER = Party(name="Plin test d.d.", street="Testna ulica 1", town="1000 Ljubljana")
CENTS = st.integers(1, 99_999_999_999)
EVENTS = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(["invoice", "debit_note"]), CENTS, st.integers(-40, 40)),
        st.tuples(st.just("credit_note"), CENTS, st.just(0)),
        st.tuples(st.just("payment"), CENTS, st.just(0)),
    ),
    max_size=12,
)


class Ledger:
    """The ERP in small: money and credit close the oldest document first; what is left over stays open."""

    def __init__(self) -> None:
        self.owed: list[list] = []
        self.favour: list[list] = []
        self.balance_cents = 0

    def books(self, kind: str, cents: int, due_in_days: int) -> None:
        item = [kind, cents, cents, date.fromordinal(TODAY.toordinal() + due_in_days)]
        is_owed = kind in ("invoice", "debit_note")
        (self.owed if is_owed else self.favour).append(item)
        self.balance_cents += cents if is_owed else -cents
        for favour in self.favour:
            for owed in self.owed:
                closed = min(favour[2], owed[2])
                favour[2] -= closed
                owed[2] -= closed


class AnyHistory(TestCase, Scenes):
    @settings(max_examples=40, deadline=None)
    @given(EVENTS, st.data())
    def test_the_balance_is_what_was_billed_less_what_came_in(self, events, data):
        ledger, payer = Ledger(), self.given_payer()
        points = [self.given_supply_point(payer, f"1042-{n}") for n in (1, 2)]
        for event in events:
            ledger.books(*event)
        for number, (kind, cents, open_cents, due_on) in enumerate([*ledger.owed, *ledger.favour]):
            if kind == "payment":
                UnallocatedPayment.objects.create(number=str(number), payer=payer, open_eur=euros(open_cents))
            else:
                point = data.draw(st.sampled_from([*points, None]))
                self.given_document(payer, point, str(number), kind=kind, amount_eur=euros(cents),
                                    open_eur=euros(open_cents), due_on=due_on)  # fmt: skip
        documents = Document.objects.filter(payer=payer)
        found = balance_of(open_rows(documents, [payer.pk]), today=TODAY)
        assert found.sums.owed_eur == euros(ledger.balance_cents)
        assert sum((place.sums.owed_eur for place in found.places), Decimal(0)) == found.sums.owed_eur
        items = [item for place in found.places for item in place.items]
        assert sum((item.owed_eur for item in items), Decimal(0)) == found.sums.owed_eur
        overdue = sum(item[2] for item in ledger.owed if item[3] < TODAY)
        assert found.sums.overdue_eur == euros(overdue)
        assert statement_of(newest_and_open(documents, [payer.pk], 3)).balance.owed_eur == found.sums.owed_eur


def euros(cents: int) -> Decimal:
    return Decimal(cents) / 100


@pytest.mark.parametrize(
    ("number", "by", "reference"),
    [
        ("20418837", "payer_si12", "SI12204188377"),
        ("20418837", "payer_rf", "RF2320418837"),
        ("20418837", "none", None),
        ("K-17", "payer_si12", None),
        ("1234567890123", "payer_si12", None),
        ("K17", "payer_rf", "RF59K17"),
        ("k 17", "payer_rf", None),
    ],
)
def test_a_collective_payment_names_the_payer(number, by, reference):
    assert payer_reference(number, by) == reference
    assert reference is None or is_valid_reference(reference)


def a_document(number: str, **other: object) -> Document:
    payer = Payer(pk=1, number="20418837", name="Žiga Čuček", street="Cesta 7b", post_code="1234", town="Mengeš")
    fields = {"kind": "invoice", "number": number, "amount_eur": Decimal(200), "open_eur": Decimal("123.45"),
              "due_on": date(2026, 2, 15), "payee_iban": "SI56020170014356205", "reference": "SI122312345000175",
              "payer": payer}  # fmt: skip
    return Document(**(fields | other))


def together(*documents: Document, by: str = "payer_si12"):
    return collective_slip(documents, payee=SUPPLIER, reference_by=by)


def test_one_slip_asks_for_all_that_remains_by_the_nearest_day():
    slip = together(a_document("26-1"), a_document("26-2", open_eur=Decimal("0.55"), due_on=date(2026, 1, 20)))
    assert (slip.amount_eur, slip.due_on, slip.purpose) == (Decimal("124.00"), date(2026, 1, 20), "26-1 26-2")
    assert is_valid_reference(slip.reference)


@pytest.mark.parametrize(
    "other",
    [
        {"payer": Payer(pk=2, number="20418838", name="B", street="B 1", post_code="1000", town="C")},
        {"payee_iban": "SI56191000000123438"},
        {"reference": "SI12123"},
        {"open_eur": Decimal("999999999.99"), "amount_eur": Decimal("999999999.99")},
    ],
)
def test_documents_that_do_not_go_together_need_a_slip_each(other):
    assert together(a_document("26-1"), a_document("26-2", **other)) is None


def test_a_single_document_and_a_supplier_without_such_a_reference_have_no_collective_slip():
    assert together(a_document("26-1")) is None
    assert together(a_document("26-1"), a_document("26-2"), by="none") is None
