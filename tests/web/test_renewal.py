"""Renewing a contract: the offers compared, the agreement on what was seen, its evidence, and withdrawing."""

import hashlib
import io
import re
from datetime import date, datetime, timedelta
from decimal import Decimal

import pikepdf
import time_machine
from django.core.files.storage import default_storage
from hypothesis import given
from hypothesis import strategies as st

from mojplin.domain.contracts.models import Offer, Price, Renewal
from mojplin.domain.contracts.renewing import mark_of
from mojplin.domain.contracts.terms import last_day
from mojplin.domain.linking.models import Link, Role
from mojplin.domain.metering.temperatures import DayMean, take_in_temperatures
from mojplin.domain.supply.models import Delivery
from mojplin.foundation.outbox.models import Message
from tests.cast import Customer, PortalTestCase, moment
from tests.deals import given_renewal
from tests.mailbox import mails_to

NOW = moment(2026, 11, 26)
STATEMENTS_OF_OFFERS, STATEMENTS_OF_REVIEW = 12, 12


class RenewalCase(PortalTestCase):
    """Ana's contract ends on 31 January 2027; two offers wait. She used 694 m3 in twelve months."""

    def setUp(self):
        self.clock = time_machine.travel(NOW, tick=False)
        self.traveller = self.clock.start()
        self.addCleanup(self.clock.stop)
        self.given_cast()
        self.contract = self.given_contract(self.anas_payer, self.anas_house, rental_eur_month=Decimal("9.15"))
        self.long = self.given_offer("P-1", months=24, price="2.19")
        self.short = self.given_offer("P-2", months=12, price="2.26")
        Price.objects.create(
            product="propane", unit="m3", valid_from=date(2026, 10, 1), price_eur=Decimal("2.49"),
            kwh_per_unit=Decimal("25.9"),
        )  # fmt: skip
        self.page = f"/pogodbe/{self.contract.public_id}/podaljsanje/"
        self.review = f"{self.page}pregled/"

    def given_offer(self, number, *, months, price, **more):
        fields = {"valid_from": date(2026, 11, 1), "valid_until": date(2027, 1, 31)} | more
        return Offer.objects.create(
            number=number, contract=self.contract, months=months, price_eur=Decimal(price), **fields
        )

    def given_year_of_use(self, used_m3="694", first=date(2025, 11, 1), months=12):
        value = Decimal(0)
        for number in range(months):
            month = date(first.year + (first.month - 1 + number) // 12, (first.month - 1 + number) % 12 + 1, 1)
            part = (Decimal(used_m3) / 12).quantize(Decimal("0.001")) if number else Decimal(used_m3) - 11 * (
                Decimal(used_m3) / 12
            ).quantize(Decimal("0.001"))  # fmt: skip
            self.given_billed(
                self.anas_meter, self.anas_payer, month=month, value_from_m3=str(value), value_to_m3=str(value + part)
            )
            value += part

    def seen(self, who=None, offer="P-1", language=""):
        """Return the signed mark of what the review page shows."""
        path = self.review if not language else f"/en/contracts/{self.contract.public_id}/renewal/review/"
        html = (who or self.ana).opens(path, offer=offer).content.decode()
        return re.search(r'name="seen" value="([^"]+)"', html)[1]

    def agrees(self, who=None, seen="", **fields):
        given = {"seen": seen or self.seen(who), "agrees": "on"} | fields
        return (who or self.ana).sends(self.review, given)


class OffersTest(RenewalCase):
    def test_offers_stand_beside_the_price_now_and_without_renewal_in_euros_a_year(self):
        self.given_year_of_use()
        html = self.ana.opens(self.page).content.decode().replace("\xa0", " ")
        for words in (
            "694 m³", "2,19 €/m³", "Približno 1.520 € na leto.", "Prihranek 208 €", "2,26 €/m³", "Približno 1.568 €",
            "2,49 €/m³", "Približno 1.728 €", "2,34 €/m³", "približno 1.624 €", "še 66 dni", "31. januarja 2029",
            "24 mesecev, stalna cena",
        ):  # fmt: skip
            with self.subTest(words=words):
                assert words in html

    def test_without_twelve_months_of_use_no_year_is_invented(self):
        self.given_year_of_use(months=11)
        html = self.ana.opens(self.page).content.decode()
        assert "na leto" not in html and "Prihranek" not in html and "2,19\xa0€/m³" in html

    def test_a_mild_year_is_reckoned_as_a_normal_one_where_its_weather_is_known(self):
        self.given_year_of_use()
        take_in_temperatures(
            DayMean("Domžale", date(2025, 10, 1) + timedelta(days=day), Decimal(12)) for day in range(420)
        )
        html = self.ana.opens(self.page).content.decode().replace("\xa0", " ")
        used_m3 = re.search(r"v običajnem vremenu, ([\d.]+) m³", html)[1]
        assert int(used_m3.replace(".", "")) > 694 + 100

    def test_use_of_long_ago_is_no_year_either(self):
        self.given_year_of_use(first=date(2025, 5, 1))
        assert "na leto" not in self.ana.opens(self.page).content.decode()

    def test_litres_of_a_tank_are_those_delivered_within_a_year(self):
        tank = self.given_supply_point(self.anas_payer, "1042-9000", kind="bulk")
        self.given_link(self.ana, self.anas_payer, tank, name="Vikend")
        contract = self.given_contract(
            self.anas_payer, tank, "OGR-T", ends_on=date(2027, 1, 31), price_eur=Decimal("0.62"), unit="l"
        )
        Offer.objects.create(
            number="P-T", contract=contract, months=12, price_eur=Decimal("0.60"), valid_from=date(2026, 11, 1),
            valid_until=date(2027, 1, 31),
        )  # fmt: skip
        for number, (day, litres) in enumerate(
            [(date(2025, 11, 20), 900), (date(2025, 11, 27), 1000), (date(2026, 5, 1), 1000)]
        ):
            Delivery.objects.create(
                number=f"D-{number}", supply_point=tank, payer=self.anas_payer, delivered_on=day, litres=litres
            )
        html = self.ana.opens(f"/pogodbe/{contract.public_id}/podaljsanje/").content.decode().replace("\xa0", " ")
        assert "2.000 l" in html and "Približno 1.200 € na leto." in html

    def test_whoever_does_not_renew_is_told_that_nothing_was_done(self):
        answer = self.ana.opens(self.page, offer="none", status=302)
        assert "Pogodbe niste podaljšali" in self.ana.follows(answer).content.decode()

    def test_without_an_offer_it_says_when_one_comes_and_how_to_ask(self):
        Offer.objects.all().delete()
        for now, words in (
            (moment(2026, 10, 1), "Podaljšate jo lahko od 2.\xa0novembra 2026"),
            (moment(2026, 11, 26), "Ponudbo boste prejeli do 1.\xa0januarja 2027"),
            (moment(2027, 1, 2), "Ponudba bi morala biti že tu"),
            (moment(2027, 2, 1), "Potekla je 31.\xa0januarja 2027"),
        ):
            with self.subTest(now=now):
                self.traveller.move_to(now)
                self.ana.is_signed_in()
                html = self.ana.opens(self.page).content.decode()
                assert words in html and "about=OGR-2024%2F1184" in html

    def test_an_offer_that_begins_later_is_announced_with_its_day(self):
        Offer.objects.update(valid_from=date(2026, 12, 7))
        assert "Ponudbo boste prejeli do 7.\xa0decembra 2026" in self.ana.opens(self.page).content.decode()

    def test_one_who_may_not_renew_finds_nothing(self):
        guest = Customer("Gost")
        self.given_share(guest, Link.objects.get(user=self.ana.user), Role.PAY)
        for who in (guest, self.bojan, self.cilka):
            for path in (self.page, self.review, f"{self.page}aneks/"):
                who.opens(path, status=404, offer="P-1")

    def test_the_pages_take_a_fixed_number_of_statements(self):
        with self.assertNumQueries(STATEMENTS_OF_OFFERS):
            self.ana.browser.get(self.page)
        with self.assertNumQueries(STATEMENTS_OF_REVIEW):
            self.ana.browser.get(self.review, {"offer": "P-1"})

    def test_in_english(self):
        self.given_year_of_use()
        html = self.ana.opens(f"/en/contracts/{self.contract.public_id}/renewal/").content.decode()
        assert "24 months, fixed price" in html and "About €1,520 a year." in html


class AgreementTest(RenewalCase):
    def test_what_is_agreed_is_sent_once_confirmed_with_the_annex_and_kept_as_evidence(self):
        self.given_year_of_use()
        html = self.ana.follows(self.agrees()).content.decode()
        renewal = Renewal.objects.get()
        assert renewal.number in html and "Poslano dobavitelju" in html
        assert (renewal.months, renewal.price_eur) == (24, Decimal("2.19"))
        assert (renewal.starts_on, renewal.ends_on) == (date(2027, 2, 1), date(2029, 1, 31))
        assert (renewal.agreed_by, renewal.agreed_at, renewal.withdraw_until) == (
            self.ana.user,
            NOW,
            date(2026, 12, 10),
        )
        told = Message.objects.get(topic="erp.renewal.agreed").payload
        assert (told["contract"], told["offer"], told["price_eur"]) == ("OGR-2024/1184", "P-1", "2.1900")
        assert renewal.shown_sha256 == mark_of(renewal.shown) == told["shown_sha256"]
        shown = dict(renewal.shown["facts"])
        assert (shown["Cena plina z DDV"], shown["Leto po novi ceni"]) == ("2,19\xa0€/m³", "približno 1.520\xa0€")
        assert renewal.shown["button"] == "Podaljšajte pogodbo z obveznostjo plačila"
        with default_storage.open(renewal.annex_path) as file:
            annex = file.read()
        assert hashlib.sha256(annex).hexdigest() == renewal.annex_sha256
        mail = Message.objects.get(topic="mail").payload
        assert mail["to"] == "ana@example.si" and mail["attachments"][0]["path"] == renewal.annex_path
        letter = mails_to("ana@example.si")[0]
        assert "10.\xa0decembra 2026" in letter.text and "2,19\xa0€/m³" in letter.text

    def test_the_review_shows_everything_and_the_box_is_empty(self):
        html = self.ana.opens(self.review, offer="P-1").content.decode()
        for words in (
            "Ana Novak", "1.\xa02.\xa02027", "9,15\xa0€ na mesec", "Podaljšajte pogodbo z obveznostjo plačila",
            "Celoten aneks poznam in se z njim strinjam.", "V 14 dneh lahko brez razloga odstopite.",
            "an•••••@example.si",
        ):  # fmt: skip
            with self.subTest(words=words):
                assert words in html
        assert not re.search(r"<input[^>]+agrees[^>]+checked", html)

    def test_without_the_tick_nothing_is_agreed(self):
        html = self.agrees(agrees="").content.decode()
        assert "Označite polje, če se z aneksom strinjate." in html
        assert not Renewal.objects.exists() and not Message.objects.exists()

    def test_the_annex_can_be_read_before_and_is_the_one_that_is_kept(self):
        answer = self.ana.opens(f"{self.page}aneks/", offer="P-1")
        assert answer["Content-Type"] == "application/pdf"
        annex = b"".join(answer.streaming_content)
        with pikepdf.open(io.BytesIO(annex)) as file:
            assert file.Root.Lang == "sl" and "OGR-2024/1184" in str(file.docinfo["/Title"])
        self.agrees()
        assert Renewal.objects.get().annex_sha256 == hashlib.sha256(annex).hexdigest()
        self.ana.opens(f"{self.page}aneks/", offer="P-X", status=404)

    def test_sent_twice_it_is_one_renewal(self):
        seen = self.seen()
        first, second = (self.agrees(seen=seen, form_key="k") for _click in range(2))
        assert first["Location"] == second["Location"] and Renewal.objects.count() == 1
        again = self.agrees(seen=seen)
        assert again["Location"] == first["Location"] and Renewal.objects.count() == 1
        assert Message.objects.filter(topic="erp.renewal.agreed").count() == 1

    def test_an_offer_that_changed_meanwhile_shows_old_and_new_and_asks_again(self):
        seen = self.seen()
        Offer.objects.filter(number="P-1").update(price_eur=Decimal("2.22"))
        html = self.agrees(seen=seen).content.decode()
        assert "Ponudba se je medtem spremenila" in html
        changed = html.split("Kaj se je spremenilo")[1].split("</table>")[0]
        assert "2,19\xa0€/m³" in changed and "2,22\xa0€/m³" in changed and "Plačnik" not in changed
        assert not Renewal.objects.exists() and not re.search(r"<input[^>]+agrees[^>]+checked", html)
        self.agrees(seen=re.search(r'name="seen" value="([^"]+)"', html)[1])
        assert Renewal.objects.get().price_eur == Decimal("2.22")

    def test_an_offer_that_expired_or_was_withdrawn_meanwhile_shows_it_beside_those_that_are_good(self):
        for change in ({"valid_until": date(2026, 11, 25)}, {"withdrawn_on": date(2026, 11, 26)}):
            with self.subTest(change=change):
                seen = self.seen()
                Offer.objects.filter(number="P-1").update(**change)
                html = self.agrees(seen=seen).content.decode()
                assert "ne velja več, zato ni bilo poslano nič" in html
                assert "Bila je: 2,19\xa0€/m³" in html and "2,26\xa0€/m³" in html
                Offer.objects.filter(number="P-1").update(valid_until=date(2027, 1, 31), withdrawn_on=None)
        Offer.objects.update(valid_until=date(2026, 11, 25))
        assert "Ponudbe še ni" in self.agrees(seen=seen).content.decode()
        assert not Renewal.objects.exists()

    def test_an_old_link_to_an_offer_leads_to_those_that_are_good(self):
        answer = self.ana.opens(self.review, offer="P-OLD", status=302)
        assert "Izberite med tistimi, ki veljajo" in self.ana.follows(answer).content.decode()

    def test_what_was_seen_cannot_be_forged_or_taken_over(self):
        eva = Customer("Eva")
        self.given_link(eva, self.anas_payer, self.anas_house)
        for forged in ("", "abc", self.seen()[:-1] + "x", self.seen(eva), "\x00", "a" * 30_000):
            with self.subTest(forged=forged[:20]):
                assert self.ana.sends(self.review, {"seen": forged, "agrees": "on"})["Location"] == self.page
        assert not Renewal.objects.exists()

    def test_somebody_else_who_renewed_first_wins_and_the_other_sees_it(self):
        eva = Customer("Eva")
        self.given_link(eva, self.anas_payer, self.anas_house)
        seen = self.seen()
        given_renewal(self.contract, eva.user)
        html = self.ana.follows(self.agrees(seen=seen)).content.decode()
        assert "druga oseba" in html and Renewal.objects.count() == 1

    def test_it_is_asked_once_more_who_it_is_when_the_sign_in_is_older_than_ten_minutes(self):
        seen = self.seen()
        self.traveller.shift(timedelta(minutes=11))
        assert "next=" in self.ana.opens(self.review, offer="P-1", status=302)["Location"]
        self.agrees(seen=seen)
        assert not Renewal.objects.exists()

    def test_evidence_is_in_the_language_that_was_read(self):
        self.agrees(seen=self.seen(language="en"))
        renewal = Renewal.objects.get()
        assert renewal.shown["language"] == "en" and dict(renewal.shown["facts"])["Payer"] == "Ana Novak"

    def test_once_renewed_nobody_is_asked_again(self):
        self.agrees()
        renewal = Renewal.objects.get()
        assert self.ana.opens(self.page, status=302)["Location"].endswith(f"{renewal.public_id}/")
        html = self.ana.opens("/pogodbe/").content.decode()
        assert "Poslano dobavitelju" in html and "Oglejte si ponudbe" not in html
        assert "Pogodba se izteka" not in self.ana.opens("/").content.decode()
        html = self.ana.opens(f"/pogodbe/{self.contract.public_id}/").content.decode()
        assert renewal.number in html and "Oglejte si ponudbe" not in html


class WithdrawalTest(RenewalCase):
    def setUp(self):
        super().setUp()
        self.renewal = given_renewal(self.contract, self.ana.user)
        self.address = f"/pogodbe/podaljsanja/{self.renewal.public_id}/"

    def at(self, now: datetime):
        self.traveller.move_to(now)
        self.ana.is_signed_in()

    def test_one_withdraws_until_the_last_day_and_is_told(self):
        self.at(moment(2026, 12, 10, 23))
        self.ana.opens(f"{self.address}odstop/")
        html = self.ana.follows(self.ana.sends(f"{self.address}odstop/")).content.decode()
        assert "Od podaljšanja ste odstopili 10.\xa0decembra" in html
        assert Message.objects.get(topic="erp.renewal.withdrawn").payload["number"] == self.renewal.number
        assert "do 31.\xa0januarja 2027" in mails_to("ana@example.si")[0].text
        assert self.ana.sends(f"{self.address}odstop/").status_code == 200
        assert Message.objects.filter(topic="erp.renewal.withdrawn").count() == 1
        assert "2,19" in self.ana.opens(self.page).content.decode()

    def test_a_day_later_it_is_too_late(self):
        self.at(moment(2026, 12, 11, 0))
        assert "Odstopite od" not in self.ana.opens(self.address).content.decode()
        self.ana.opens(f"{self.address}odstop/", status=302)
        assert "Rok za odstop je potekel 10." in self.ana.sends(f"{self.address}odstop/").content.decode()
        assert Renewal.objects.get().state == "sent"

    def test_a_time_limit_that_ends_on_a_holiday_ends_on_the_next_working_day(self):
        self.renewal.delete()
        self.at(moment(2026, 12, 11))
        self.agrees()  # 25 and 26 December are holidays, 27 a Sunday
        assert Renewal.objects.get().withdraw_until == date(2026, 12, 28)

    def test_the_annex_is_given_out(self):
        answer = self.ana.opens(f"{self.address}aneks/")
        assert b"".join(answer.streaming_content) == b"%PDF-1.7 aneks" and "attachment" in answer["Content-Disposition"]

    def test_to_a_stranger_it_does_not_exist_and_one_who_only_looks_withdraws_nothing(self):
        for who in (self.bojan, self.cilka):
            for path in (self.address, f"{self.address}aneks/", f"{self.address}odstop/"):
                who.opens(path, status=404)
        guest = Customer("Gost")
        self.given_share(guest, Link.objects.get(user=self.ana.user), Role.SEE)
        assert "Odstopite od" not in guest.opens(self.address).content.decode()
        guest.sends(f"{self.address}odstop/", status=404)
        assert Renewal.objects.get().state == "sent"


@given(st.dates(date(2020, 1, 1), date(2080, 12, 31)), st.integers(1, 120))
def test_a_term_ends_the_day_before_the_same_day_of_the_month(starts_on, months):
    ends_on = last_day(starts_on, months)
    following = ends_on + timedelta(days=1)
    assert (following.year * 12 + following.month) - (starts_on.year * 12 + starts_on.month) == months + (
        following.day == 1 and starts_on.day > 1
    )
    assert following.day in (starts_on.day, 1)
