"""What customers do, in the office: readings by day of the window, enquiries by topic, tries to link, closed payers."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import time_machine
from django.test import override_settings
from django.utils import timezone

from mojplin.domain.linking.limits import HOUR, PORTAL
from mojplin.domain.linking.models import ClosedPayer, LinkAttempt
from mojplin.domain.linking.tries import linking_of_late
from mojplin.domain.metering.models import SubmittedReading
from mojplin.domain.metering.received import received_readings
from mojplin.domain.support.office import figures_by_topic
from mojplin.foundation.limits import hit
from tests.cast import Customer, PortalTestCase, moment

NOW = moment(2026, 11, 27)
WINDOW = override_settings(READING_WINDOWS={"": (25, 31)})


class ActivityTests(PortalTestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        with time_machine.travel(NOW, tick=False):
            cls.nika = Customer("Nika", role="reader")
            cls.ana = Customer("Ana", signed_in=False)
        cls.payer = cls.given_payer(cls())

    def received(self, at: datetime, *, month: date, version: int = 1, **more: object) -> None:
        """A reading of a place of its own comes in."""
        number = 1 + SubmittedReading.objects.count()
        point = self.given_supply_point(self.payer, f"9000-{number}")
        SubmittedReading.objects.create(
            supply_point=point, payer=self.payer, meter=self.given_meter(point), month=month, version=version,
            value_m3=Decimal(10), read_on=at.date(), submitted_by=self.ana.user, submitted_at=at, **more,
        )  # fmt: skip

    def given_readings(self) -> None:
        november, october = date(2026, 11, 1), date(2026, 10, 1)
        for day, count in ((25, 3), (27, 1)):
            for _each in range(count):
                self.received(moment(2026, 11, day), month=november)
        self.received(moment(2026, 11, 25, 0, 30), month=november)
        self.received(moment(2026, 11, 20), month=november)
        self.received(moment(2026, 11, 26), month=november, holds=False, is_withdrawn=True)
        for day, count in ((25, 2), (27, 1), (28, 4)):
            for _each in range(count):
                self.received(moment(2026, 10, day), month=october)

    @WINDOW
    def test_readings_are_counted_by_the_day_in_ljubljana_beside_the_window_before(self):
        self.given_readings()
        with self.assertNumQueries(1):
            found = received_readings(date(2026, 11, 27))
        assert [(each.day.day, each.received, each.before) for each in found.days] == [
            (25, 4, 2), (26, 0, 0), (27, 1, 1), (28, None, 4), (29, None, 0), (30, None, 0), (1, None, 0),
        ]  # fmt: skip
        assert (found.total, found.outside, found.so_far_before, found.total_before) == (6, 1, 3, 7)

    @WINDOW
    def test_between_two_windows_the_last_one_is_shown_whole(self):
        self.given_readings()
        found = received_readings(date(2026, 11, 24))
        assert (found.month, found.month_before) == (date(2026, 10, 1), date(2026, 9, 1))
        assert [each.received for each in found.days] == [2, 0, 1, 4, 0, 0, 0]
        assert found.total == 7 and found.outside == 0

    @override_settings(READING_WINDOWS={"": (28, 3)})
    def test_a_window_over_the_end_of_the_year_belongs_to_its_month(self):
        self.received(moment(2027, 1, 2), month=date(2026, 12, 1))
        found = received_readings(date(2027, 1, 3))
        assert found.month == date(2026, 12, 1)
        assert [each.day.day for each in found.days] == [28, 29, 30, 31, 1, 2, 3]
        assert [each.received for each in found.days] == [0, 0, 0, 0, 0, 1, 0]

    def test_enquiries_are_counted_by_topic(self):
        today = NOW.date()
        for topic, days, state, promised in (
            ("billing", 2, "sent", -1), ("billing", 29, "answered", 3), ("billing", 31, "answered", 3),
            ("reading", 90, "sent", 5),
        ):  # fmt: skip
            at = NOW - timedelta(days=days)
            promised_on = today + timedelta(days=promised)
            self.given_enquiry(self.ana, topic=topic, sent_at=at, last_at=at, state=state, promised_on=promised_on)
        with self.assertNumQueries(1):
            found = {each.topic.value: each for each in figures_by_topic(NOW, today)}
        billing, reading = found["billing"], found["reading"]
        assert (billing.received, billing.received_before, billing.waiting, billing.overdue) == (2, 1, 1, 1)
        assert (reading.received, reading.received_before, reading.waiting, reading.overdue) == (0, 0, 1, 0)
        assert found["contract"].waiting == 0

    def test_tries_to_link_are_counted_by_what_became_of_them_and_closed_payers_by_the_reason(self):
        for days, outcome in ((0.5, "near_miss"), (2, "near_miss"), (20, "linked"), (31, "linked")):
            LinkAttempt.objects.create(
                user=self.ana.user, tried_at=NOW - timedelta(days=days), outcome=outcome, tax_number_hash="",
                payer_number_hash="",
            )  # fmt: skip
        ClosedPayer.objects.create(payer=self.payer, reason="near_misses", closed_at=NOW)
        with self.assertNumQueries(3):
            found = linking_of_late(NOW)
        tries = {each.outcome.value: (each.day, each.week, each.month) for each in found.tries}
        assert (tries["near_miss"], tries["linked"], tries["paused"]) == ((1, 2, 2), (0, 0, 1), (0, 0, 0))
        assert found.closed == {"near_misses": 1} and not found.is_under_attack

    @WINDOW
    @time_machine.travel(NOW, tick=False)
    def test_the_page_shows_a_chart_with_a_table_behind_it_in_few_statements(self):
        self.given_readings()
        for _try in range(200):
            hit(PORTAL, window=HOUR, now=NOW)
        with self.assertNumQueries(6):
            page = self.nika.opens("/urad/dogajanje/").content.decode().replace("\xa0", " ")
        assert page.count('<rect class="bar" x=') == 3 and page.count('tabindex="0"><title>') == 7
        assert "<title>25. 11. 2026: 4; oktober 2026: 2</title>" in page
        assert "<title>28. 11. 2026: ni podatka; oktober 2026: 4</title>" in page
        assert '<th scope="row">3. dan, 27. 11. 2026</th><td class="n">1</td><td class="n">1</td>' in page
        assert "V tej uri je spodletelo 200 poskusov." in page
        assert "Readings received by day of the window" in self.nika.opens("/en/office/activity/").content.decode()

    @WINDOW
    @time_machine.travel(NOW, tick=False)
    def test_an_empty_portal_has_an_empty_chart(self):
        page = self.nika.opens("/urad/dogajanje/").content.decode().replace("\xa0", " ")
        assert "<title>25. 11. 2026: 0; oktober 2026: 0</title>" in page
        assert timezone.localdate(NOW) == date(2026, 11, 27)
