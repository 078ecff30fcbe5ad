"""Invoices and notes: the list, the state of each; and who must not see them."""

import re
from datetime import date, timedelta
from decimal import Decimal
from itertools import product

from mojplin.domain.billing.models import Document
from mojplin.domain.billing.statement import state_of
from mojplin.domain.linking.models import Link
from tests.cast import PortalTestCase, moment
from tests.standing import words

LIST = "/racuni/"
STATEMENTS_OF_LIST, OF_OLDER = 3, 4


class DocumentsList(PortalTestCase):
    def setUp(self):
        self.given_cast()

    def test_shows_own_documents_newest_first_with_state_and_place(self):
        self.given_document(self.anas_payer, self.anas_house, "26-1", issued_on=date(2026, 10, 12))
        self.given_document(
            self.anas_payer, self.anas_house, "26-2", open_eur=Decimal("136.84"), due_on=date(2126, 11, 30)
        )
        self.given_document(self.anas_payer, None, "26-3", kind="credit_note", issued_on=date(2026, 11, 20))
        html = words(self.ana.opens(LIST))
        assert re.findall(r"26-\d(?=</a>)", html) == ["26-3", "26-2", "26-1"]
        assert "Plačano" in html and "Neplačano" in html and "Upoštevano" in html
        assert "−136,84 €" in html
        assert 'value="136.84"' in html

    def test_a_stranger_sees_nothing_of_it(self):
        document = self.given_document(self.anas_payer, self.anas_house, "26-1")
        assert "26-1" not in words(self.cilka.opens(LIST))
        assert "26-1" not in words(self.bojan.opens(LIST))
        foreign = self.cilka.opens(f"{LIST}{document.public_id}/", status=404)
        unknown = self.cilka.opens(f"{LIST}{'x' * 22}/", status=404)
        assert _same_but_address(foreign, document.public_id) == _same_but_address(unknown, "x" * 22)

    def test_a_document_of_the_payer_elsewhere_stays_hidden(self):
        elsewhere = self.given_supply_point(self.anas_payer, "1042-9999")
        document = self.given_document(self.anas_payer, elsewhere, "26-7")
        assert "26-7" not in words(self.ana.opens(LIST))
        self.ana.opens(f"{LIST}{document.public_id}/", status=404)

    def test_an_ended_link_shows_nothing_more(self):
        document = self.given_document(self.anas_payer, self.anas_house, "26-1")
        Link.objects.filter(user=self.ana.user).update(ended_at=moment(2026, 11, 1))
        assert "26-1" not in words(self.ana.opens(LIST))
        self.ana.opens(f"{LIST}{document.public_id}/", status=404)

    def test_turns_pages_without_losing_or_repeating_a_document(self):
        for number in range(45):
            on = date(2026, 1, 1) + timedelta(days=number // 3)
            self.given_document(self.anas_payer, self.anas_house, f"26-{number:03}", issued_on=on)
        seen, address = [], LIST
        while address:
            html = words(self.ana.opens(address))
            seen += re.findall(r"26-\d{3}(?=</a>)", html)
            older = re.search(r'href="([^"]+)" rel="next"', html)
            address = older[1].replace("&amp;", "&") if older else ""
        assert seen == [f"26-{number:03}" for number in reversed(range(45))]

    def test_a_page_after_somebody_elses_document_is_not_found(self):
        document = self.given_document(self.bojans_firm, self.bojans_points[0], "26-5")
        self.given_document(self.anas_payer, self.anas_house, "26-1", issued_on=date(2020, 1, 1))
        self.ana.opens(LIST, older=document.public_id, status=404)

    def found(self, who=None, **query):
        return re.findall(r"2\d-\w+(?=</a>)", words((who or self.ana).opens(LIST, **query)))

    def test_filters_by_kind_state_year_and_what_makes_no_sense_is_left_out(self):
        self.given_document(self.anas_payer, self.anas_house, "25-1", issued_on=date(2025, 12, 31))
        self.given_document(self.anas_payer, self.anas_house, "26-1", issued_on=date(2026, 1, 1))
        self.given_document(
            self.anas_payer, self.anas_house, "26-2", open_eur=Decimal(5), due_on=date(2126, 1, 1), kind="debit_note"
        )
        assert self.found(year="2025") == ["25-1"]
        assert (
            self.found(state="unpaid") == self.found(state="partly_paid") == self.found(kind="debit_note") == ["26-2"]
        )
        assert self.found(state="overdue") == []
        assert self.found(state="paid", year="2026") == ["26-1"]
        for odd in ({"year": "٢٠٢٥"}, {"year": "9" * 40}, {"kind": "x"}, {"q": "\0"}, {"q": " "}):
            assert len(self.found(**odd)) == 3, odd
        self.ana.opens(f"{LIST}?q=%ed%a0%80%00&state=%ff&older=%00")

    def test_an_invoice_that_a_credit_note_gives_back_whole_is_credited_not_paid(self):
        self.given_document(self.anas_payer, self.anas_house, "26-1", credited_eur=Decimal("136.84"))
        self.given_document(self.anas_payer, self.anas_house, "26-2", credited_eur=Decimal("15.08"))
        assert "Dobropisano" in words(self.ana.opens(LIST))
        assert (self.found(state="credited"), self.found(state="paid")) == (["26-1"], ["26-2"])

    def test_what_is_open_of_a_begun_payment_stands_beside_the_amount(self):
        self.given_document(self.anas_payer, self.anas_house, "26-1", open_eur=Decimal("36.80"))
        assert "odprto 36,80 €" in words(self.ana.opens(LIST))

    def test_the_list_of_one_place_shows_that_place_alone(self):
        for n, point in enumerate(self.bojans_points, start=1):
            self.given_document(self.bojans_firm, point, f"26-{n}")
        self.given_document(self.bojans_firm, None, "26-3")
        assert self.found(self.bojan, place=self.bojans_points[1].public_id) == ["26-2"]
        self.ana.opens(LIST, place=self.bojans_points[1].public_id, status=404)

    def test_searches_by_a_part_of_the_number_and_by_the_amount(self):
        for number, amount, left in (("26-X136", "50.00", "0"), ("26-2", "136.84", "0"), ("26-3", "1284.50", "136.84")):
            self.given_document(self.anas_payer, self.anas_house, number, amount_eur=amount, open_eur=Decimal(left))
        assert self.found(q="x13") == ["26-X136"]
        assert self.found(q="136,84 €") == self.found(q="136.84") == ["26-3", "26-2"]
        assert self.found(q="136") == ["26-3", "26-2", "26-X136"]
        assert self.found(q="1.284,50") == self.found(q="1,284.5 EUR") == self.found(q="1284") == ["26-3"]
        for nothing in ("9" * 300, "10^30", "%", "_", "č", "-0,00"):
            assert self.found(q=nothing) == [], nothing
        assert "na primer 136,84" in words(self.ana.opens(LIST, q="<b>nič</b>"))

    def test_older_documents_of_a_choice_keep_to_the_choice(self):
        for number in range(45):
            self.given_document(
                self.anas_payer, self.anas_house, f"26-{number:03}", kind="debit_note" if number % 2 else "invoice"
            )
        seen, address = [], f"{LIST}?kind=debit_note"
        while address:
            html = words(self.ana.opens(address))
            seen += re.findall(r"26-\d{3}(?=</a>)", html)
            older = re.search(r'href="([^"]+)" rel="next"', html)
            address = older[1].replace("&amp;", "&") if older else ""
        assert seen == [f"26-{number:03}" for number in range(43, 0, -2)]

    def test_an_empty_list_says_when_the_first_comes(self):
        assert "Računov še ni" in words(self.ana.opens(LIST))

    def test_the_number_of_statements_is_fixed(self):
        for number in range(25):
            self.given_document(self.anas_payer, self.anas_house, f"26-{number:03}", open_eur=Decimal(1))
        with self.assertNumQueries(STATEMENTS_OF_LIST):
            html = words(self.ana.opens(LIST))
        older = re.search(r'href="([^"]+)" rel="next"', html)[1]
        with self.assertNumQueries(OF_OLDER):
            self.ana.opens(older)

    def test_a_choice_takes_one_statement_more_and_reads_five_thousand_documents_by_pages(self):
        Document.objects.bulk_create(
            Document(
                number=f"26-{n:04}", kind="invoice", payer=self.bojans_firm, supply_point=self.bojans_points[n % 2],
                issued_on=date(2007, 1, 1) + timedelta(days=n), net_eur=1, vat_eur=0, amount_eur=Decimal(n) / 100,
                open_eur=0,
            )
            for n in range(5000)
        )  # fmt: skip
        with self.assertNumQueries(OF_OLDER):
            html = words(self.bojan.opens(LIST, q="4", place=self.bojans_points[0].public_id, kind="invoice"))
        assert len(re.findall(r"26-\d{4}(?=</a>)", html)) == 20

    def test_two_thousand_places_take_no_more_statements(self):
        points = [self.given_supply_point(self.bojans_firm, f"3000-{n}") for n in range(60)]
        for point in points:
            self.given_link(self.bojan, self.bojans_firm, point, name=point.number)
            self.given_document(self.bojans_firm, point, f"B-{point.number}")
        with self.assertNumQueries(STATEMENTS_OF_LIST):
            assert "B-3000-59" in words(self.bojan.opens(LIST))


def test_the_state_of_a_document_follows_from_kind_amounts_and_due_date():
    today = date(2026, 11, 23)
    ten, four, none = Decimal(10), Decimal(4), Decimal(0)
    assert state_of("invoice", ten, none, none, date(2026, 1, 1), today) == "paid"
    assert state_of("invoice", ten, none, four, date(2026, 1, 1), today) == "paid"
    assert state_of("invoice", ten, none, ten, date(2026, 1, 1), today) == "credited"
    assert state_of("invoice", none, none, none, None, today) == "paid"
    assert state_of("invoice", ten, ten, none, today, today) == "unpaid"
    assert state_of("invoice", ten, four, none, today, today) == "partly_paid"
    assert state_of("debit_note", ten, four, none, date(2026, 11, 22), today) == "overdue"
    assert state_of("debit_note", ten, ten, none, None, today) == "unpaid"
    assert state_of("invoice", ten, ten, none, date(2026, 11, 18), today, date(2026, 11, 18)) == "collecting"
    assert state_of("invoice", ten, ten, none, date(2026, 11, 17), today, date(2026, 11, 17)) == "overdue"
    assert state_of("invoice", ten, none, none, today, today, today) == "paid"
    assert state_of("credit_note", ten, ten, none, date(2026, 1, 1), today) == "in_favour"
    assert state_of("credit_note", ten, none, none, None, today) == "settled"


class StatesInTheDatabase(PortalTestCase):
    def test_the_database_finds_each_document_under_the_state_it_is_shown_with(self):
        payer, today = self.given_payer(), date(2026, 11, 23)
        due = [None, date(2026, 11, 22), today]
        collected = [None, date(2026, 11, 17), date(2026, 11, 18)]
        cases = product(
            ["invoice", "credit_note", "debit_note"], ["0", "10"], ["0", "4", "10"], ["0", "4", "10"], due, collected
        )
        for number, (kind, amount, left, credited, due_on, collected_on) in enumerate(cases):
            if Decimal(left) <= Decimal(amount):
                self.given_document(
                    payer, None, f"26-{number}", kind=kind, amount_eur=amount, open_eur=Decimal(left),
                    credited_eur=Decimal(credited), due_on=due_on, collected_on=collected_on,
                )  # fmt: skip
        shown = {
            each.pk: state_of(
                each.kind, each.amount_eur, each.open_eur, each.credited_eur, each.due_on, today, each.collecting_on
            )
            for each in Document.objects.with_collection()
        }
        for state in ("partly_paid", "overdue", "collecting", "paid", "credited", "in_favour", "settled"):
            found = set(Document.objects.standing(state, today).values_list("pk", flat=True))
            assert found == {pk for pk, of_it in shown.items() if of_it == state} != set(), state
        unpaid = set(Document.objects.standing("unpaid", today).values_list("pk", flat=True))
        of_unpaid = ("unpaid", "partly_paid", "overdue", "collecting")
        assert unpaid == {pk for pk, of_it in shown.items() if of_it in of_unpaid}


def _same_but_address(response, public_id):
    html = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", response.content.decode())
    return html.replace(public_id, "")
