"""Customers who have gas delivered to a tank send its gauge in percent; who only rents a tank sends nothing."""

from contextlib import suppress
from datetime import date
from decimal import Decimal

import time_machine
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from mojplin.domain.metering.gauge import NotAPercent, NotOnGauge, parse_percent
from mojplin.domain.metering.models import GaugeReading
from mojplin.domain.own_data.gathering import gauge_readings, own_places
from mojplin.domain.supply.models import Delivery
from mojplin.foundation.outbox.models import Message
from tests.cast import Customer, PortalTestCase, moment

NOW = moment(2026, 11, 26, 18, 47)


class GaugeCase(PortalTestCase):
    """Ana's cottage has a tank of her own, filled in September to 80 %."""

    def setUp(self):
        clock = time_machine.travel(NOW, tick=False)
        self.clock = clock.start()
        self.addCleanup(clock.stop)
        self.given_cast()
        self.tank = self.given_supply_point(self.anas_payer, "1042-9", kind="bulk", tank_capacity_l=2700)
        self.given_link(self.ana, self.anas_payer, self.tank, name="Vikend")
        self.filled(date(2026, 9, 10), before=22, after=80)
        self.page = f"/stanje/plinohram/?place={self.tank.public_id}"

    def filled(self, on, *, before=None, after=None):
        return Delivery.objects.create(
            number=f"D-{on}", supply_point=self.tank, payer=self.anas_payer, delivered_on=on, litres=Decimal(1566),
            level_before_percent=before, level_after_percent=after,
        )  # fmt: skip

    def sends_gauge(self, typed="", *, who: Customer | None = None, status=302, **more):
        return (who or self.ana).sends(self.page, {"typed": typed} | more, status=status)

    def refused(self, typed, sentence):
        html = self.sends_gauge(typed, status=200).content.decode().replace("\xa0", " ")
        assert sentence in html, typed
        return html

    def percents(self):
        return list(GaugeReading.objects.order_by("pk").values_list("version", "percent"))


class SendingTest(GaugeCase):
    def test_the_readings_of_a_tank_ask_for_percent_and_show_the_deliveries(self):
        html = self.ana.opens("/stanje/", place=self.tank.public_id).content.decode().replace("\xa0", " ")
        assert "Koliko je poln plinohram, v odstotkih?" in html and "Po dobavi 10. septembra" in html
        assert "merilnik prej 22 %, potem 80 %" in html

    def test_the_gauge_is_confirmed_by_mail_unless_it_is_not_wanted(self):
        self.sends_gauge("29")
        letter = self.ana.reads_mail("ana@example.si")
        assert "29\xa0%" in letter.text and "Vikend" in letter.text and "18.47" in letter.text
        assert "Naročite ga pravočasno" in letter.text and self.tank.public_id in letter.text
        self.ana.sends("/profil/sporocila/", {"wanted": []}, status=302)
        self.sends_gauge("28")
        assert Message.objects.filter(topic="mail").count() == 1

    def test_the_gauge_is_taken_shown_in_the_history_and_told_to_the_erp(self):
        html = self.ana.follows(self.sends_gauge("45 %")).content.decode().replace("\xa0", " ")
        assert "Hvala, stanje plinohrama imamo: 45 %." in html and "26. novembra 2026" in html
        sent = GaugeReading.objects.get()
        assert (sent.percent, sent.read_on, sent.version, sent.is_odd) == (45, date(2026, 11, 26), 1, False)
        assert Message.objects.get(topic="erp.gauge.submitted").payload == {
            "id": sent.public_id, "version": 1, "supply_point": "1042-9", "percent": 45, "read_on": "2026-11-26",
            "confirmed_by_customer": False,
        }  # fmt: skip

    def test_a_correction_on_the_same_day_is_the_next_version_and_only_it_is_shown(self):
        self.sends_gauge("54")
        self.sends_gauge("45")
        assert self.percents() == [(1, 54), (2, 45)]
        self.ana.opens(self.page)  # reads both confirmations
        html = self.ana.opens(self.page).content.decode().replace("\xa0", " ")
        assert "Nazadnje ste sporočili 45 %" in html and "54 %" not in html and "popravljeno" in html

    def test_the_same_form_twice_counts_once(self):
        for _each in range(2):
            self.sends_gauge("45", form_key="key")
        assert self.percents() == [(1, 45)]
        assert Message.objects.filter(topic="erp.gauge.submitted").count() == 1

    def test_a_low_tank_leads_to_the_order(self):
        self.sends_gauge("31")
        assert "Čas je za naročilo plina." not in self.ana.opens(self.page).content.decode()
        self.sends_gauge("30")
        assert "Čas je za naročilo plina." in self.ana.opens(self.page).content.decode()

    def test_a_tank_fuller_than_tanks_are_filled_is_asked_about_and_taken_when_confirmed(self):
        self.filled(date(2026, 11, 20), before=20)
        self.sends_gauge("85")
        html = self.refused("86", "Plinohram napolnimo le do 85 %.")
        assert 'value="86"' in html
        self.sends_gauge("", confirmed="86")
        assert (self.percents()[-1], GaugeReading.objects.latest("pk").is_odd) == ((2, 86), True)
        assert Message.objects.filter(topic="erp.gauge.submitted").latest("pk").payload["confirmed_by_customer"]

    def test_a_tank_fuller_than_before_is_asked_about_unless_gas_came_since(self):
        GaugeReading.objects.create(
            supply_point=self.tank, payer=self.anas_payer, read_on=date(2026, 10, 30), version=1, percent=40,
            submitted_by=self.ana.user, submitted_at=NOW,
        )  # fmt: skip
        self.refused("45", "45 % je več kot 40 % z dne 30. oktobra, za vmesno dobavo pa ne vemo.")
        self.sends_gauge("44")
        self.filled(date(2026, 11, 3))
        self.sends_gauge("70")

    def test_what_is_no_gauge_gets_one_clear_sentence_and_stays_typed(self):
        for typed in ("", "pol", "-5", "1e2", "45 m3", "4 5", "٤٥", "4" * 41, "45%%", "\0"):
            self.refused(typed, "Vpišite, kar kaže merilnik, na primer 45.")
        for typed in ("101", "450", "100,5"):
            html = self.refused(typed, "Kazalec kaže med 0 in 100 odstotki.")
            assert f'value="{typed}"' in html
        assert self.percents() == []

    def test_the_page_takes_four_statements_however_long_the_history(self):
        for day in range(1, 26):
            GaugeReading.objects.create(
                supply_point=self.tank, payer=self.anas_payer, read_on=date(2026, 10, day), version=1, percent=40,
                submitted_by=self.ana.user, submitted_at=NOW,
            )  # fmt: skip
        with self.assertNumQueries(4):
            self.ana.browser.get(self.page)

    def test_in_english_too(self):
        html = self.ana.opens(f"/en/readings/tank/?place={self.tank.public_id}").content.decode()
        assert "How full is the tank, in percent?" in html and "Gauges you sent" in html


class WhoAndWhereTest(GaugeCase):
    def test_a_stranger_finds_nothing(self):
        self.cilka.sends(self.page, {"typed": "45"})
        assert self.percents() == []

    def test_who_only_sees_the_tank_sends_nothing(self):
        guest = Customer("Gost")
        self.given_share(guest, self.ana.user.links.get(name="Vikend"), "see")
        assert 'name="typed"' not in guest.opens(self.page).content.decode()
        self.sends_gauge("45", who=guest, status=404)

    def test_a_place_with_a_meter_has_no_gauge_and_a_rented_tank_needs_nothing(self):
        rented = self.given_supply_point(self.anas_payer, "1042-10", kind="rental")
        self.given_link(self.ana, self.anas_payer, rented, name="Najem")
        for point in (self.anas_house, rented):
            self.ana.sends(f"/stanje/plinohram/?place={point.public_id}", {"typed": "45"}, status=404)
        html = self.ana.opens("/stanje/", place=rented.public_id).content.decode()
        assert 'name="typed"' not in html and "najem" in html.casefold()

    def test_a_later_payer_does_not_see_what_the_earlier_one_sent(self):
        self.sends_gauge("45")
        other = self.given_payer("20418999", name="Novi", serial=9)
        self.given_link(self.cilka, other, self.tank)
        html = self.cilka.opens(self.page).content.decode().replace("\xa0", " ")
        assert "45 %" not in html and "80 %" not in html
        self.sends_gauge("60", who=self.cilka)
        assert self.percents() == [(1, 45), (2, 60)]

    def test_the_office_sees_it_once_it_has_said_why(self):
        self.sends_gauge("45")
        nika = Customer("Nika", role="reader")
        card = reverse("staff:payer", args=[self.anas_payer.number])
        assert "45\xa0%" not in nika.opens(card).content.decode()
        nika.sends(card, {"why": "reading"}, status=302)
        assert "45\xa0%" in nika.opens(card).content.decode()

    def test_it_is_in_the_copy_of_ones_data(self):
        self.sends_gauge("45")
        rows = gauge_readings(self.ana.user, own_places(self.ana.user))
        assert [(row["gauge_percent"], row["by"]) for row in rows] == [(45, "vi")]


@given(st.integers(0, 100), st.sampled_from(["{}", " {} ", "{} %", "{}%", "0{}", "{},0", "{} odstotkov", "{}\u00a0%"]))
def test_every_percent_is_understood_however_it_is_written(percent, form):
    assert parse_percent(form.format(percent)) == percent


@given(st.text())
def test_any_other_text_is_refused_or_lies_on_the_gauge(typed):
    with suppress(NotAPercent, NotOnGauge):
        assert 0 <= parse_percent(typed) <= 100
