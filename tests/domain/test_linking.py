"""Who sees what over any history of moving in and out; the mails about links; numbers as people type them."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase as PropertyCase

from mojplin.domain.contracts.overview import contracts_of
from mojplin.domain.linking.access import documents_at, documents_of, places_of
from mojplin.domain.linking.ending import end_links_of_former_payers
from mojplin.domain.metering.billed import billed_rows
from mojplin.domain.metering.known import sent_readings
from mojplin.domain.metering.models import SubmittedReading
from mojplin.domain.metering.tank import fillings
from mojplin.domain.orders.models import GasOrder
from mojplin.domain.supply.models import Delivery, PayerPeriod
from mojplin.foundation import mail
from mojplin.foundation.slovenia import folded, tax_number
from tests.cast import Customer, Scenes, moment
from tests.cast import tax_number as valid_tax_number

STAYS = st.lists(st.tuples(st.integers(0, 3), st.integers(1, 900)), min_size=1, max_size=6)


class Movers(PropertyCase, Scenes):
    @settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
    @given(STAYS, st.booleans())
    def test_each_payer_sees_the_own_documents_and_readings_and_no_others(self, stays, some_at_no_point):
        payers = [self.given_payer(f"2050000{n}", serial=100 + n) for n in range(4)]
        users = [Customer(f"Selivec{n}", signed_in=False).user for n in range(4)]
        point = self.given_supply_point(payers[stays[0][0]])
        meter = self.given_meter(point)
        for user, payer in zip(users, payers, strict=True):
            point.links.create(user=user, payer=payer, name="Dom", created_at=user.registered_at)
        on, own = date(2019, 1, 1), {n: set() for n in range(4)}
        for stay, (who, days) in enumerate(stays):
            number = f"D-{stay}"
            at = None if some_at_no_point and stay % 2 else point
            self.given_document(payers[who], at, number, issued_on=on + timedelta(days=days - 1))
            self.given_billed(
                meter, payers[who], month=on.replace(day=1), value_from_m3="0", value_to_m3="1", document_number=number
            )
            own[who].add(number)
            on += timedelta(days=days)
        for who, user in enumerate(users):
            assert set(documents_of(user.pk).values_list("number", flat=True)) == own[who]
            assert set(documents_at(places_of(user.pk)).values_list("number", flat=True)) == own[who]
            rows = billed_rows(supply_point_id=point.pk, payer_id=payers[who].pk)
            assert len(rows) == len(own[who])

    @settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
    @given(STAYS)
    def test_a_page_of_a_payer_holds_nothing_of_another_and_the_link_ends_on_the_day_of_change(self, stays):
        payers = [self.given_payer(f"2060000{n}", serial=200 + n) for n in range(4)]
        users = [Customer(f"Sosed{n}", signed_in=False).user for n in range(4)]
        point = self.given_supply_point(payers[0], "1055-0001")
        point.payer_periods.all().delete()
        meter, on, changes = self.given_meter(point), date(2019, 1, 1), []
        for stay, (who, days) in enumerate(stays):
            until = on + timedelta(days=days)
            is_last = stay == len(stays) - 1
            PayerPeriod.objects.create(
                supply_point=point, payer=payers[who], starts_on=on, ends_on=None if is_last else until
            )
            self.given_things_of_stay(stay, meter, payers[who], users[who], on)
            changes.append((on, who))
            on = until
        for user, payer in zip(users, payers, strict=True):
            point.links.create(user=user, payer=payer, name="Dom", created_at=user.registered_at)
        for who, user in enumerate(users):
            mine = {f"K-{stay}" for stay, (holder, _days) in enumerate(stays) if holder == who}
            for each in places_of(user.pk):
                assert self.seen_at(each) == mine
        last_change, holder = changes[-1]
        end_links_of_former_payers(now=moment(last_change.year, last_change.month, last_change.day))
        assert [user for user in users if places_of(user.pk)] == [users[holder]]

    def given_things_of_stay(self, stay, meter, payer, user, on):
        point, at = meter.supply_point, moment(on.year, on.month, on.day)
        self.given_contract(payer, point, f"K-{stay}", starts_on=on, ends_on=None)
        SubmittedReading.objects.create(
            supply_point=point, payer=payer, meter=meter, month=on.replace(day=1), version=stay + 1, holds=False,
            value_m3=stay, read_on=on, submitted_by=user, submitted_at=at,
        )  # fmt: skip
        GasOrder.objects.create(
            number=f"K-{stay}", supply_point=point, payer=payer, ordered_by=user, ordered_at=at, gauge_percent=20,
            phone="040 000 000",
        )  # fmt: skip
        Delivery.objects.create(number=f"K-{stay}", supply_point=point, payer=payer, delivered_on=on, litres=1)

    def seen_at(self, place):
        """Return the stays whose things a place shows, when contracts, readings, orders and deliveries agree."""
        key = (place.supply_point_id, place.payer_id)
        at = {"supply_point_id": place.supply_point_id, "payer_id": place.payer_id}
        contracts = {each.number for each in contracts_of([key], date(2026, 11, 24)).get(key, [])}
        readings = {f"K-{int(each.value_m3)}" for each in sent_readings(*key)}
        orders = set(GasOrder.objects.filter(**at).values_list("number", flat=True))
        assert contracts == readings == orders
        assert len(fillings(**at)) == len(contracts)
        return contracts


@pytest.mark.parametrize("language", ["sl", "en"])
@pytest.mark.parametrize("address", ["", "https://moj.example.si/odjemna-mesta/prekini/x/"])
def test_the_mail_about_a_new_link_names_the_place_and_hides_the_address_of_the_other(language, address):
    context = {"payer_number": "20420001", "addresses": ["Log 7, 1241 Kamnik"], "linked_by": "ci•••••@example.si"}
    letter = mail.written(
        template="linking/mail/new_link", context=context | {"action_url": address}, language=language
    )
    for body in (letter.text, letter.html):
        assert "20420001" in body and "Log 7" in body and "ci•••••@example.si" in body
        assert ("https://moj.example.si/" in body) == bool(address)
    assert "Moj Butan plin" in letter.subject


@pytest.mark.parametrize("language", ["sl", "en"])
def test_the_other_mails_about_links_say_what_happened(language):
    reasons = set()
    for because in ("payer_changed", "notice", "staff", "user"):
        context = {"place": "Dom", "address": "Log 7, 1241 Kamnik", "because": because}
        letter = mail.written(template="linking/mail/ended_link", context=context, language=language)
        assert "Dom" in letter.subject and "Log 7" in letter.text and "Log 7" in letter.html
        reasons.add(letter.text)
    assert len(reasons) == 4
    context = {"code": "AB12C-DE34F", "payer_number": "20420001"}
    letter = mail.written(template="linking/mail/link_code", context=context, language=language)
    assert "AB12C-DE34F" in letter.text and "AB12C-DE34F" in letter.html and "AB12C" not in letter.subject
    letter = mail.written(template="linking/mail/attack", context={"failures": 201}, language=language)
    assert "201" in letter.text and "201" in letter.html


@given(st.integers(1, 5000), st.sampled_from(["", "SI", "si ", " SI-", "\u200b"]), st.integers(0, 7))
def test_a_tax_number_is_read_however_it_is_typed(serial, prefix, blank_at):
    number = valid_tax_number(serial)
    assert tax_number(f"{prefix}{number[:blank_at]} {number[blank_at:]}\u00a0") == number


@given(st.text(max_size=40))
def test_any_text_is_a_tax_number_or_is_not_and_never_a_fault(typed):
    read = tax_number(typed)
    assert read is None or (len(read) == 8 and read.isascii() and read.isdigit())
    assert not any(sign.isspace() for sign in folded(typed))
