"""What the demo supplier's books say: every case a portal must show, sums to the cent, readings that hang together."""

from collections import defaultdict
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from itertools import pairwise

import pytest
from stdnum import iban
from stdnum.si import ddv

from mojplin.interfaces.erp.demo.books import Books, keep_books
from mojplin.interfaces.erp.demo.cast import CAST, FIRM, HOUSEHOLD, UNLINKED, CastPayer, CastPoint
from mojplin.interfaces.erp.demo.numbers import reference_si12, tax_number
from mojplin.interfaces.erp.demo.records import BilledReading, Contract, Document

UNTIL = date(2026, 11, 23)


@cache
def books(until: date = UNTIL, seed: int = 1) -> Books:
    return keep_books(households=90, seed=seed, until=until)


def readings_by_meter() -> dict[str, list[BilledReading]]:
    found: dict[str, list[BilledReading]] = defaultdict(list)
    for reading in books().billed_readings:
        found[reading.meter_number].append(reading)
    return found


def documents_at(point: CastPoint) -> list[Document]:
    return [each for each in books().documents if each.supply_point_number == point.supply_point_number]


def newest_invoice(point: CastPoint) -> Document:
    return [each for each in documents_at(point) if each.kind == "invoice"][-1]


def present_contract(point: CastPoint) -> Contract:
    return [each for each in books().contracts if each.supply_point_number == point.supply_point_number][-1]


def to_the_cent(amount: Decimal) -> Decimal:
    return amount.quantize(Decimal("0.01"), ROUND_HALF_UP)


class TestMoney:
    def test_lines_add_up_to_net_and_net_and_vat_to_what_is_to_pay(self):
        for document in books().documents:
            lines = document.numbered_lines()

            assert all(line.net_eur == to_the_cent(line.quantity * line.unit_price_eur) for line in lines)
            assert document.net_eur == sum(line.net_eur for line in lines)
            rates = document.vat_rows()
            assert [row.vat_eur for row in rates] == [
                to_the_cent(row.base_eur * row.vat_percent / 100) for row in rates
            ]
            assert document.net_eur == sum(row.base_eur for row in rates)
            assert document.vat_eur == sum(row.vat_eur for row in rates)
            assert document.amount_eur == document.net_eur + document.vat_eur

    def test_a_repair_has_two_rates_of_vat_and_everything_else_one(self):
        several = [each for each in books().documents if len(each.vat_rows()) > 1]
        repair = several[-1]
        assert repair.supply_point_number == "1042-7748" and repair.document_number.startswith("26-SER-")
        assert [(row.vat_percent, row.base_eur, row.vat_eur) for row in repair.vat_rows()] == [
            (Decimal("22.00"), Decimal("57.32"), Decimal("12.61")), (Decimal("9.50"), Decimal("83.27"), Decimal("7.91"))
        ]  # fmt: skip
        assert (repair.net_eur, repair.amount_eur) == (Decimal("140.59"), Decimal("161.11"))
        assert {each.issued_on.year for each in several} == {2022, 2024, 2026}
        rates = {row.vat_percent for each in books().documents if each not in several for row in each.vat_rows()}
        assert rates == {Decimal("22.00")}

    def test_every_payment_closes_what_it_says_and_what_is_not_open(self):
        documents = {each.document_number: each for each in books().documents}
        closed = defaultdict(Decimal)
        for settlement in books().settlements:
            document = documents[settlement.document_number]
            assert settlement.amount_eur == document.amount_eur - document.open_eur > 0
            assert document.kind != "credit_note"
            closed[settlement.payment_number] += settlement.amount_eur
        assert closed == {each.payment_number: each.amount_eur for each in books().payments}
        assert max(each.received_on for each in books().payments) <= UNTIL

    def test_one_invoice_of_the_household_was_given_back_whole_and_issued_anew(self):
        cottage = next(point for point in HOUSEHOLD.points if point.name == "Vikend")
        of_place = documents_at(cottage)
        (note,) = [each for each in of_place if each.kind == "credit_note" and each.issued_on.year == UNTIL.year]
        anew = next(each for each in of_place if each.kind == "invoice" and each.issued_on == note.issued_on)
        assert note.amount_eur == note.corrects.amount_eur == anew.amount_eur
        assert (note.corrects.open_eur, note.corrects.paid_on) == (0, None)
        assert note.corrects.document_number != anew.document_number

    def test_no_document_is_below_zero_and_none_is_open_for_more_than_it_says(self):
        for document in books().documents:
            assert 0 <= document.open_eur <= document.amount_eur, document.document_number
            assert document.net_eur >= 0

    def test_open_items_are_what_the_documents_have_open(self):
        listed = {item.document_number: item.open_eur for item in books().open_items if item.kind == "document"}
        open_documents = {each.document_number: each.open_eur for each in books().documents if each.open_eur}

        assert listed == open_documents

    def test_the_gas_on_an_invoice_is_the_gas_of_its_readings(self):
        for document in books().documents:
            if document.readings:
                sign = -1 if document.kind == "credit_note" else 1
                billed = sum(reading.consumption_m3 for reading in document.readings)
                assert document.lines[0].quantity == sign * billed, document.document_number

    def test_a_month_is_billed_about_the_twelfth_of_the_next_and_due_on_the_thirtieth(self):
        for document in books().documents:
            if document.readings:
                assert 12 <= document.issued_on.day <= 14
                assert document.issued_on.weekday() < 5
                assert document.period_to < document.issued_on <= document.period_to + timedelta(days=14)
            if document.readings and document.kind == "invoice":
                assert document.due_on.day == (30 if document.issued_on.month != 2 else document.due_on.day)
                assert (document.due_on + timedelta(days=3)).month == document.issued_on.month % 12 + 1


class TestReadings:
    def test_each_meter_goes_on_where_it_was_last_billed_without_a_gap(self):
        for readings in readings_by_meter().values():
            for before, after in pairwise(readings):
                assert after.value_from_m3 == before.value_to_m3
                assert after.period_from == before.period_to + timedelta(days=1)

    def test_only_a_settlement_may_give_gas_back(self):
        below_zero = [each for each in books().billed_readings if each.consumption_m3 < 0]

        assert {each.basis for each in below_zero} <= {"settlement"}

    def test_estimated_months_end_in_a_settlement(self):
        settled = 0
        for readings in readings_by_meter().values():
            for before, after in pairwise(readings):
                if before.basis == "flat_rate":
                    assert after.basis in ("flat_rate", "settlement")
                    settled += after.basis == "settlement"
                else:
                    assert after.basis != "settlement"
        assert settled > 20

    def test_readings_end_on_the_last_day_of_a_month_but_at_an_exchange(self):
        for reading in books().billed_readings:
            is_last_day = (reading.period_to + timedelta(days=1)).day == 1
            assert is_last_day or reading.basis == "exchange"

    def test_a_meter_exchange_closes_the_old_counter_and_starts_the_new_one(self):
        old = next(meter for meter in books().meters if meter.removed_on and meter.supply_point_number == "1043-1000")
        new = books().meters[books().meters.index(old) + 1]
        last, first = readings_by_meter()[old.meter_number][-1], readings_by_meter()[new.meter_number][0]

        assert (last.basis, last.period_to, last.value_to_m3) == ("exchange", old.removed_on, old.final_value_m3)
        assert (first.period_from, first.value_from_m3) == (
            new.installed_on + timedelta(days=1),
            new.initial_value_m3,
        )
        assert first.document is last.document

    def test_every_basis_is_there(self):
        assert {each.basis for each in books().billed_readings} == {
            "customer_reported", "technician", "remote", "flat_rate", "settlement", "exchange",
        }  # fmt: skip


class TestCases:
    def test_every_kind_of_place_and_of_document_is_there(self):
        assert {point.kind for point in books().supply_points} == {"metered", "network", "bulk", "rental"}
        assert {document.kind for document in books().documents} == {"invoice", "credit_note", "debit_note"}
        assert {point.product for point in books().supply_points} == {"propane", "mixture", ""}

    def test_some_are_overdue_some_partly_paid_most_paid_and_somebody_paid_too_much(self):
        documents = [each for each in books().documents if each.kind == "invoice"]
        overdue = [each for each in documents if each.open_eur and each.due_on < UNTIL]
        partly = [each for each in documents if 0 < each.open_eur < each.amount_eur]
        payments = [item for item in books().open_items if item.kind == "payment"]

        assert len(overdue) >= 3
        assert partly
        assert sum(not each.open_eur for each in documents) > 0.95 * len(documents)
        assert payments and all(item.open_eur > 0 and not item.document_number for item in payments)

    def test_a_credit_note_waits_to_be_set_off(self):
        assert any(each.kind == "credit_note" and each.open_eur for each in books().documents)

    def test_notes_name_the_document_they_correct(self):
        notes = [each for each in books().documents if each.series in ("DOB", "BRE") and not each.readings]

        assert {each.kind for each in notes} == {"credit_note", "debit_note"}
        for note in notes:
            assert note.corrects in books().documents
            assert note.corrects.issued_on < note.issued_on
            assert note.corrects.payer_number == note.payer_number

    def test_a_place_that_changed_hands_bills_each_payer_for_his_own_time(self):
        periods = [each for each in books().payer_periods if each.supply_point_number == "1043-1014"]
        assert len(periods) == 2
        assert periods[0].ends_on == periods[1].starts_on

        for document in books().documents:
            if document.supply_point_number == "1043-1014" and document.readings:
                is_first = document.period_to < periods[0].ends_on
                assert document.payer_number == periods[0 if is_first else 1].payer_number
                assert {each.payer_number for each in document.readings} == {document.payer_number}

    def test_a_payer_is_not_always_the_recipient_and_their_numbers_look_alike(self):
        payers = {payer.payer_number: payer for payer in books().payers}
        payer_of = {each.supply_point_number: payers[each.payer_number] for each in books().payer_periods}
        others = [
            each for each in books().supply_points if each.recipient_name != payer_of[each.supply_point_number].name
        ]
        alike = [
            each
            for each in books().supply_points
            if 0 < int(each.recipient_number) - int(payer_of[each.supply_point_number].payer_number) < 10
        ]

        assert others
        assert len(alike) > 10
        assert not {each.recipient_number for each in alike} & set(payers)

    def test_tank_customers_are_filled_before_the_tank_is_empty_and_never_above_85_percent(self):
        deliveries = books().deliveries

        assert len(deliveries) > 50
        for delivery in deliveries:
            assert delivery.litres > 0
            assert delivery.level_before_percent is None or 0 <= delivery.level_before_percent < 40
            assert delivery.level_after_percent is None or delivery.level_after_percent <= 85
            if delivery.level_before_percent is not None:
                assert delivery.level_before_percent < delivery.level_after_percent

    def test_small_deliveries_carry_a_surcharge(self):
        for delivery in books().deliveries:
            if delivery.document:
                assert (len(delivery.document.lines) == 3) == (delivery.litres < 500)

    def test_names_have_every_slovene_letter_and_some_companies_long_names(self):
        names = " ".join(payer.name for payer in books().payers).lower()

        assert set("čšžđć") <= set(names)
        assert max(len(payer.name) for payer in books().payers) > 100

    def test_flats_of_a_network_share_a_house(self):
        flats = [each for each in books().supply_points if "stanovanje" in each.street]
        houses = {(each.street.split(",")[0], each.town) for each in flats}

        assert len(flats) > len(houses)

    def test_contracts_that_end_within_90_days_have_two_offers_below_the_price_list(self):
        ending = {
            each.contract_number: each
            for each in books().contracts
            if each.unit and each.ends_on and UNTIL <= each.ends_on <= UNTIL + timedelta(days=90)
        }
        offers: dict[str, list[int]] = defaultdict(list)
        for offer in books().offers:
            offers[offer.contract_number].append(offer.months)

        assert set(offers) == set(ending)
        assert all(months == [24, 12] for months in offers.values())


class TestNumbers:
    def test_tax_numbers_and_the_account_pass_their_checks(self):
        numbers = [payer.tax_number for payer in books().payers]

        assert all(ddv.is_valid(number) for number in numbers)
        assert len(set(numbers)) == len(numbers)
        assert iban.is_valid(books().documents[0].payee_iban)

    @pytest.mark.parametrize("digits", ["123456789012", "1234567890", "100008", "100002", "231234500017"])
    def test_references_close_with_the_check_digit_of_model_12(self, digits):
        expected = {
            "123456789012": "SI121234567890120",
            "1234567890": "SI1212345678909",
            "100008": "SI121000080",
            "100002": "SI121000020",
            "231234500017": "SI122312345000175",
        }
        assert reference_si12(digits) == expected[digits]

    def test_serials_without_a_check_digit_are_passed_over(self):
        assert tax_number(1000002) == "10000020"
        assert tax_number(1000007) == "10000089"

    def test_references_and_document_numbers_are_each_used_once(self):
        for values in (
            [each.document_number for each in books().documents],
            [each.reference for each in books().documents],
            [each.external_document_number for each in books().documents if each.external_document_number],
        ):
            assert len(set(values)) == len(values)

    def test_external_document_numbers_are_printed_from_june_2023_on(self):
        for document in books().documents:
            assert bool(document.external_document_number) == (document.issued_on >= date(2023, 6, 1))


class TestCast:
    @pytest.mark.parametrize("who", CAST, ids=lambda who: who.name)
    def test_three_numbers_link_each_point_of_the_cast(self, who: CastPayer):
        for point in who.points:
            invoice = newest_invoice(point)

            assert invoice.payer.tax_number == who.tax_number
            assert invoice.payer_number == who.payer_number
            assert invoice.external_document_number == point.external_document_number
            assert invoice.point.recipient_number == point.recipient_number != who.payer_number

    def test_the_household_has_two_unpaid_invoices_that_are_not_overdue(self):
        unpaid = [each for point in HOUSEHOLD.points for each in documents_at(point) if each.open_eur]

        assert [each.supply_point_number for each in unpaid] == ["1042-7731", "1042-7748"]
        assert all(each.due_on >= UNTIL for each in unpaid)

    def test_the_contract_of_the_household_ends_in_two_to_three_months_with_two_offers(self):
        contract = present_contract(HOUSEHOLD.points[0])
        offers = [each for each in books().offers if each.contract_number == contract.contract_number]

        assert 60 <= (contract.ends_on - UNTIL).days <= 92
        assert [each.months for each in offers] == [24, 12]
        assert all(each.price_eur < contract.price_eur and each.valid_until == contract.ends_on for each in offers)

    def test_the_household_burns_like_a_house_and_had_estimated_months(self):
        readings = [each for document in documents_at(HOUSEHOLD.points[0]) for each in document.readings]

        assert 550 < sum(each.consumption_m3 for each in readings[-12:]) < 850
        assert sum(each.basis == "flat_rate" for each in readings[-24:]) == 3

    def test_the_firm_has_48_points_three_unpaid_invoices_and_five_contracts_that_end_soon(self):
        documents = [each for each in books().documents if each.payer_number == FIRM.payer_number]
        ending = [present_contract(point) for point in FIRM.points]

        assert len(FIRM.points) == len({point.supply_point_number for point in FIRM.points}) == 48
        assert sum(bool(each.open_eur) for each in documents) == 3
        assert sum((each.ends_on - UNTIL).days < 90 for each in ending) == 5

    def test_nobody_else_has_the_numbers_of_the_one_who_is_not_linked(self):
        numbers = [payer.payer_number for payer in books().payers] + [payer.tax_number for payer in books().payers]

        assert numbers.count(UNLINKED.payer_number) == 1
        assert numbers.count(UNLINKED.tax_number) == 1
        assert UNLINKED.points[0].recipient_number not in numbers


class TestTime:
    def test_another_seed_is_another_world_with_the_same_cast(self):
        other = books(seed=2)

        assert [each.name for each in other.payers] != [each.name for each in books().payers]
        assert other.payers[:3] == books().payers[:3]

    def test_a_later_export_of_the_year_keeps_every_document_of_an_earlier_one(self):
        earlier = books(until=date(2026, 9, 20)).documents
        cast = {point.external_document_number for who in CAST for point in who.points}

        for before, after in zip(earlier, books().documents, strict=False):
            assert before.document_number == after.document_number
            assert before.payer_number == after.payer_number
            assert before.lines == after.lines
            assert before.reference == after.reference
            assert before.external_document_number in {after.external_document_number, *cast}
            assert before.open_eur or not after.open_eur, "what was paid stays paid"

    @pytest.mark.parametrize("until", [date(2026, 1, 2), date(2027, 2, 28), date(2024, 12, 31), date(2026, 10, 12)])
    def test_any_day_will_do(self, until):
        kept = books(until=until)

        assert max(each.issued_on for each in kept.documents) <= until
        assert {each.kind for each in kept.documents} == {"invoice", "credit_note", "debit_note"}
        assert all(0 <= each.open_eur <= each.amount_eur for each in kept.documents)
        assert len(kept.offers) >= 2
