"""Moving out: one side announces the day and reading, the other confirms them by a link, the ERP is told once."""

from datetime import date, timedelta
from decimal import Decimal
from unittest import mock

import time_machine
from django.test import override_settings
from django.utils import timezone

from mojplin.domain.accounts.models import AccessEvent, User
from mojplin.domain.linking.models import Link
from mojplin.domain.metering.models import SubmittedReading
from mojplin.domain.moving.ending import forget_takers, remind_of_the_day, say_that_no_answer_came
from mojplin.domain.moving.models import MoveOut
from mojplin.domain.own_data.erasing import erase
from mojplin.domain.own_data.of_moving import moves, taken_over
from mojplin.domain.supply.models import PayerPeriod
from mojplin.foundation import mail
from mojplin.foundation.outbox.delivery import Undeliverable
from mojplin.foundation.outbox.models import Message
from tests.cast import Customer, Visitor, moment
from tests.mailbox import link_in, mails_to, newest_mail_to
from tests.standing import StandingCase
from tests.web.sign_in_case import address

NOW = moment(2026, 11, 26)
TAKER = "naslednik@example.com"
ERP = "erp.move.agreed"


def text_of(response):
    return " ".join(response.content.decode().replace("\u00a0", " ").split())


class MovingCase(StandingCase):
    """Ana's meter stood at 4312 m³ at the end of October; the reader with the link is somebody without an account."""

    at = NOW

    def given_everything(self):
        super().given_everything()
        for month, after, until in ((9, "4241", "4260"), (10, "4260", "4312")):
            self.given_billed(
                self.anas_meter, self.anas_payer, month=date(2026, month, 1), value_from_m3=after, value_to_m3=until
            )
        self.start = address("move_out", self.anas_house.public_id)

    def setUp(self):
        clock = time_machine.travel(NOW, tick=False)
        self.clock = clock.start()
        self.addCleanup(clock.stop)
        self.taker = Visitor()

    def announces(self, typed="4350", who=None, start="", **more):
        fields = {
            "moves_on": "2026-11-26", "typed": typed, "email": TAKER, "bill_address": "Log 7, 4280 Kranjska Gora"
        } | more  # fmt: skip
        return (who or self.ana).sends(start or self.start, {name: value for name, value in fields.items() if value})

    def announced(self, **more):
        assert self.announces(**more).status_code == 302
        return self.move()

    def move(self):
        return MoveOut.objects.select_related("supply_point").latest("pk")

    def page(self, who=None, **asked):
        return text_of((who or self.ana).opens(address("move", self.move().public_id), **asked))

    def acts(self, act, who=None, **more):
        fields = {"act": act, "seen": self.move().version} | more
        return (who or self.ana).sends(address("move", self.move().public_id), fields)

    def link(self):
        """Return the address in the newest mail to whoever takes over."""
        return link_in(newest_mail_to(TAKER))

    def confirms(self, link="", **more):
        return self.taker.sends(link or self.link(), {"name": "Nada Nova", "phone": "040 111 222"} | more)

    def says(self, typed="4351", moves_on="2026-11-26", **more):
        fields = {"typed": typed, "moves_on": moves_on, "name": "Nada Nova"} | more
        return self.taker.sends(f"{self.link()}drugace/", fields)

    def told(self):
        return [each.payload for each in Message.objects.filter(topic=ERP).order_by("pk")]


class BothConfirm(MovingCase):
    def test_from_the_announcement_to_the_erp(self):
        page = text_of(self.ana.follows(self.announces()))
        move = self.move()
        assert move.number in page and "Čaka na drugo stran" in page and "4350 m³" in page and TAKER in page
        letter = newest_mail_to("ana@example.si")
        assert move.number in letter.subject and "4350" in letter.text and "Ob potoku 14" in letter.text
        link = self.link()
        seen = text_of(self.taker.opens(link))
        for words in ("Ob potoku 14, 1241 Kamnik", "G4-1042-7731", "26. 11. 2026", "4350 m³"):
            assert words in seen
        done = text_of(self.taker.follows(self.confirms(link)))
        assert "Obe strani sta potrdili isto." in done and "tremi številkami" in done and "Potrjujem" not in done
        (told,) = self.told()
        assert told == {
            "id": move.public_id, "number": move.number, "supply_point": "1042-7731", "payer": "20418837",
            "moves_on": "2026-11-26", "meter": "G4-1042-7731", "value_m3": "4350", "gauge_percent": None,
            "litres": None, "confirmed_as_unusual": False, "bill_address": "Log 7, 4280 Kranjska Gora",
            "taker_email": TAKER, "taker_name": "Nada Nova", "taker_phone": "040 111 222", "confirmed_by_both": True,
            "decided_because": "", "announced_by": "ana@example.si", "announced_at": "2026-11-26T11:00:00+00:00",
            "agreed_at": "2026-11-26T11:00:00+00:00",
        }  # fmt: skip
        assert "Potrdili obe strani" in self.page()
        assert "potrjena" in newest_mail_to("ana@example.si").subject
        assert "tremi številkami" in newest_mail_to(TAKER).text
        assert not SubmittedReading.objects.exists()
        assert not Link.objects.exclude(user__in=[self.ana.user, self.bojan.user]).exists()

    def test_whoever_takes_over_sees_nothing_of_the_payer(self):
        self.announced()
        letter = newest_mail_to(TAKER)
        link = link_in(letter)
        for seen in (letter.text, text_of(self.taker.opens(link)), text_of(self.taker.opens(f"{link}drugace/"))):
            for secret in ("Ana", "20418837", "€", "4312", "4260", "Log 7", "ana@example.si"):
                assert secret not in seen, secret

    def test_looking_changes_nothing(self):
        self.announced()
        before = MoveOut.objects.values().get()
        for visitor in (self.taker, Visitor(), self.cilka, self.ana):
            for path in (self.link(), f"{self.link()}drugace/"):
                visitor.opens(path)
        assert MoveOut.objects.values().get() == before and not self.told()
        assert self.link() not in str(list(Message.objects.values_list("payload", flat=True)))

    def test_a_link_answers_once(self):
        self.announced()
        link = self.link()
        self.confirms(link, form_key="k" * 22)
        assert self.confirms(link, form_key="k" * 22).status_code == 302
        assert self.confirms(link, name="Drug Človek").status_code == 302
        assert self.taker.sends(f"{link}drugace/", {"typed": "4400", "moves_on": "2026-11-26"}).status_code == 302
        assert len(self.told()) == 1 and self.move().taker_name == "Nada Nova"

    def test_without_a_name_it_is_not_confirmed(self):
        self.announced()
        assert "Vpišite ime" in text_of(self.confirms(name="  ")) and self.move().state == "waiting"

    def test_a_made_up_link_is_over(self):
        self.announced()
        for token in ("A" * 64, self.link().split("/")[-2][:-1] + "_"):
            page = self.taker.opens(address("taking_over", token), status=410)
            assert "ne velja več" in text_of(page) and "Ob potoku" not in text_of(page)

    def test_after_another_payer_came_the_giver_still_reads_how_it_stands(self):
        move = self.announced()
        self.confirms()
        PayerPeriod.objects.update(ends_on=date(2026, 11, 26))
        Link.objects.filter(user=self.ana.user).update(ended_at=NOW, ended_because=Link.End.PAYER_CHANGED)
        assert "Potrdili obe strani" in self.page()
        assert move.number in text_of(self.ana.opens(address("moves")))
        self.acts("cancel")
        assert self.move().state == "agreed"
        Link.objects.filter(user=self.ana.user).update(ended_because=Link.End.NOTICE)
        self.page_is_gone(self.ana)

    def page_is_gone(self, who):
        who.opens(address("move", self.move().public_id), status=404)

    def test_in_english_too(self):
        User.objects.filter(pk=self.ana.user.pk).update(language="en")
        self.announced()
        letter = newest_mail_to(TAKER)
        assert "Confirm the hand-over" in letter.subject and "/en/taking-over/" in letter.text
        self.confirms(link_in(letter))
        assert "is confirmed" in newest_mail_to("ana@example.si").subject
        assert "Confirmed by both sides" in text_of(self.ana.opens(f"/en/moving/{self.move().public_id}/"))


class TheySayOtherwise(MovingCase):
    def test_both_sides_see_it_and_the_giver_agrees(self):
        self.announced()
        after = text_of(self.taker.follows(self.says("4352", "2026-11-25")))
        assert "Druga stran navaja drugače" in after and "4350 m³" in after and "4352 m³" in after
        page = self.page()
        assert "25. 11. 2026" in page and "4352 m³" in page and "4350 m³" in page
        letter = newest_mail_to("ana@example.si")
        assert "navaja drugače" in letter.subject and "4352" in letter.text and "Nada" not in letter.text + page
        assert not self.told()
        self.acts("accept")
        (told,) = self.told()
        assert (told["value_m3"], told["moves_on"]) == ("4352", "2026-11-25")
        assert "potrjena" in newest_mail_to(TAKER).subject

    def test_the_giver_says_it_anew_and_the_other_side_confirms_by_a_new_link(self):
        self.announced()
        old = self.link()
        self.says()
        change = address("change_move", self.move().public_id)
        assert 'value="4350"' in text_of(self.ana.opens(change))
        assert self.announces("4353", start=change).status_code == 302
        self.taker.opens(old, status=410)
        assert self.confirms(old).status_code == 410
        new = self.link()
        assert new != old and "4353 m³" in text_of(self.taker.opens(new))
        self.confirms(new)
        assert [each["value_m3"] for each in self.told()] == ["4353"]

    def test_what_the_giver_has_not_seen_they_do_not_agree_with(self):
        self.announced()
        self.says()
        self.announces("4353", start=address("change_move", self.move().public_id))
        self.says("4360")
        page = text_of(self.ana.follows(self.acts("accept", seen=1)))
        assert "medtem" in page and self.move().state == "disputed" and not self.told()

    def test_the_same_as_announced_is_to_be_confirmed_instead(self):
        self.announced()
        assert "Raje potrdite" in text_of(self.says("4350")) and self.move().state == "waiting"

    def test_an_odd_reading_is_asked_about_without_telling_what_was_used(self):
        self.announced()
        for typed, words in (
            ("4300", "nenavadno"),
            ("4400000", "črnih števk"),
            ("99000", "ni mogoče"),
            ("x", "števke"),
        ):
            page = text_of(self.says(typed))
            assert words in page and "4312" not in page and "oktobra" not in page, typed
        self.says("4300", confirmed="4300")
        assert self.move().state == "disputed" and self.move().other_is_odd
        self.acts("accept")
        assert self.told()[0]["confirmed_as_unusual"]

    def test_nobody_feels_their_way_along_the_readings(self):
        self.announced()
        for _try in range(20):
            self.says("4300")
        assert "veliko" in text_of(self.says("4351")) and self.move().state == "waiting"


class WhoMayAnnounce(MovingCase):
    def test_roles_that_act_for_the_payer(self):
        held = Link.objects.get(user=self.ana.user)
        for role in ("see", "readings", "pay", "everything"):
            guest = Customer(f"Gost-{role}")
            self.given_share(guest, held, role)
            guest.opens(self.start, status=404)
            assert self.announces(who=guest).status_code == 404
            assert self.start not in text_of(guest.opens("/"))
        self.cilka.opens(self.start, status=404)
        assert self.start in text_of(self.ana.opens("/")) and not MoveOut.objects.exists()

    def test_others_do_not_see_it_another_holder_does(self):
        self.announced()
        for other in (self.bojan, self.cilka):
            other.opens(address("move", self.move().public_id), status=404)
            assert self.acts("cancel", who=other).status_code == 404
        eva = Customer("Eva")
        self.given_link(eva, self.anas_payer, self.anas_house)
        assert "4350" in self.page(eva)
        self.acts("cancel", who=eva)
        assert self.move().state == "cancelled"

    def test_not_while_the_link_is_on_probation_and_first_it_is_proven_again(self):
        Link.objects.filter(user=self.ana.user).update(probation_until=NOW + timedelta(days=1))
        self.ana.opens(self.start, status=404)
        Link.objects.filter(user=self.ana.user).update(probation_until=None, created_at=moment(2020, 1, 1))
        assert "potrditev" in self.ana.opens(self.start, status=302)["Location"]

    def test_the_page_begins_where_one_may(self):
        page = text_of(self.bojan.opens(address("moves")))
        assert "Apartma 1" in page and "Apartma 2" in page
        assert address("moves") in text_of(self.ana.opens("/podpora/", topic="moving"))
        contract = self.given_contract(self.anas_payer, self.anas_house)
        assert self.start in text_of(self.ana.opens(address("contract", contract.public_id)))


class Announcing(MovingCase):
    def test_what_is_refused_says_why_and_keeps_what_was_typed(self):
        for more, words in (
            ({"moves_on": "2026-11-27"}, "stanje pustite prazno"),
            ({"moves_on": "2027-01-08", "typed": ""}, "največ 42 dni vnaprej"),
            ({"moves_on": "2026-09-26"}, "največ 60 dni"),
            ({"moves_on": "31. 2. 2026"}, "Vpišite dan, na primer"),
            ({"moves_on": ""}, "Izberite dan predaje."),
            ({"email": ""}, "eno od obojega"),
            ({"nobody_known": "on"}, "eno od obojega"),
            ({"email": "ana@example.si"}, "To je vaš naslov."),
            ({"email": "ni naslov"}, "ime@domena.si"),
            ({"bill_address": ""}, "na katerega pošljemo zadnji račun"),
            ({"typed": ""}, "števke"),
            ({"typed": "43500001"}, "črnih števk"),
        ):  # fmt: skip
            page = text_of(self.announces(**more))
            assert words in page, more
            assert "bill_address" in more or 'value="Log 7, 4280 Kranjska Gora"' in page
        assert not MoveOut.objects.exists() and not Message.objects.exists()

    def test_odd_input_is_refused_without_harm(self):
        for odd in ("A" * 5000, "1e400", "NaN", "-5"):
            for name in ("typed", "moves_on", "email", "confirmed", "exact_m3"):
                assert self.announces(**{name: odd}).status_code in (200, 400), (name, odd)
        assert not MoveOut.objects.exists()

    def test_an_odd_reading_is_asked_about_and_taken_when_it_is_right(self):
        page = text_of(self.announces("4310"))
        assert "je manj od zadnjega stanja, 4312 m³" in page and "Stanje 4310 m³ je pravilno" in page
        assert self.announces("4310", confirmed="4310").status_code == 302
        assert self.move().is_odd and self.move().value_m3 == 4310

    def test_a_reading_of_the_month_that_was_sent_counts_as_known(self):
        SubmittedReading.objects.create(
            supply_point=self.anas_house, payer=self.anas_payer, meter=self.anas_meter, month=date(2026, 11, 1),
            version=1, value_m3=Decimal(4355), read_on=date(2026, 11, 24), submitted_by=self.ana.user,
            submitted_at=NOW,
        )  # fmt: skip
        assert "4355" in text_of(self.announces("4350"))

    def test_a_second_one_leads_to_the_first(self):
        self.announced()
        led = self.ana.opens(self.start, status=302)
        assert self.move().public_id in led["Location"]
        assert self.announces().status_code == 302 and MoveOut.objects.count() == 1

    def test_sent_twice_it_is_announced_once(self):
        first, second = (self.announces(form_key="k" * 22) for _press in range(2))
        assert first.url == second.url and MoveOut.objects.count() == 1
        assert len(mails_to(TAKER)) == 1

    def test_nobody_takes_over_yet(self):
        page = text_of(self.ana.follows(self.announces(email="", nobody_known="on")))
        assert "Najavljeno" in page and "še ni znano" in page
        assert self.move().link_hash == "" and "Ko izveste" in newest_mail_to("ana@example.si").text
        self.announces(start=address("change_move", self.move().public_id))
        self.confirms()
        assert self.move().state == "agreed"

    def test_a_tank_is_handed_over_with_its_gauge(self):
        tank = self.given_supply_point(self.anas_payer, "3000-1", kind="bulk", tank_capacity_l=2700, street="Log 9")
        self.given_link(self.ana, self.anas_payer, tank, "Cisterna")
        start = address("move_out", tank.public_id)
        assert "85 %" in text_of(self.announces("95", start=start))
        self.announced(typed="45 %", start=start)
        assert "45 % (1.215 l)" in self.page() and "45 % (1.215 l)" in text_of(self.taker.opens(self.link()))
        self.confirms()
        (told,) = self.told()
        assert (told["gauge_percent"], told["litres"], told["value_m3"], told["meter"]) == (45, 1215, None, "")

    def test_a_rented_tank_is_handed_over_by_the_day_alone(self):
        rented = self.given_supply_point(self.anas_payer, "3000-2", kind="rental", street="Log 11")
        self.given_link(self.ana, self.anas_payer, rented, "Najem")
        self.announced(typed="", start=address("move_out", rented.public_id))
        self.says("", "2026-11-25")
        self.acts("accept")
        assert (self.told()[0]["moves_on"], self.told()[0]["gauge_percent"]) == ("2026-11-25", None)

    def test_it_stands_in_the_log_of_everybody_who_sees_the_payer(self):
        eva = Customer("Eva")
        self.given_link(eva, self.anas_payer, self.anas_house)
        self.announced()
        self.confirms()
        for each in (self.ana, eva):
            events = (
                AccessEvent.objects.filter(whose=each.user).order_by("pk").values_list("what", "by", "payer_number")
            )
            assert list(events) == [
                ("move_announced", self.ana.user.pk, "20418837"), ("move_agreed", None, "20418837")
            ]  # fmt: skip
        page = text_of(self.ana.opens("/profil/dnevnik-dostopov/"))
        assert "Predaja odjemnega mesta potrjena" in page and "4350 m³" in page


class AnnouncedAhead(MovingCase):
    """Ana hands her house over on the 30th of November and says so four days before."""

    def announced_ahead(self, **more):
        return self.announced(**{"typed": "", "moves_on": "2026-11-30"} | more)

    def days_pass(self, days):
        self.clock.shift(timedelta(days=days))
        self.ana.is_signed_in()

    def adds(self, typed="4350", moves_on="2026-11-30", **more):
        return self.announces(typed, start=address("change_move", self.move().public_id), moves_on=moves_on, **more)

    def reminders(self):
        return [each for each in mails_to("ana@example.si") if "dan predaje je tu" in each.subject]

    def test_the_day_first_then_the_reading_then_both_confirm(self):
        move = self.announced_ahead()
        page = self.page()
        assert "Najavljeno vnaprej" in page and "30. 11. 2026" in page and "Dodajte stanje" not in page
        assert "na to vas opomnimo" in newest_mail_to("ana@example.si").text
        letter = newest_mail_to(TAKER)
        assert "30. novembra 2026" in letter.text.replace("\u00a0", " ") and "ni treba storiti ničesar" in letter.text
        seen = text_of(self.taker.opens(self.link()))
        assert "najavil vnaprej" in seen and "30. 11. 2026" in seen and "Potrjujem" not in seen and "4312" not in seen
        early = self.link()
        assert self.confirms(early).status_code == 302 and self.says().status_code == 302
        self.days_pass(4)
        assert "Dan predaje je tu" in self.page()
        assert self.adds().status_code == 302
        self.taker.opens(early, status=410)
        assert self.link() != early and "4350 m³" in text_of(self.taker.opens(self.link()))
        self.confirms()
        assert [(each["number"], each["moves_on"], each["value_m3"]) for each in self.told()] == [
            (move.number, "2026-11-30", "4350")
        ]

    def test_the_giver_is_reminded_once_on_the_morning_of_the_day(self):
        self.announced_ahead()
        for at, sent in (
            (moment(2026, 11, 29, 19), 0), (moment(2026, 11, 30, 7), 0), (moment(2026, 11, 30, 8), 1),
            (moment(2026, 11, 30, 9), 1), (moment(2026, 12, 1, 9), 1),
        ):  # fmt: skip
            remind_of_the_day(at)
            assert len(self.reminders()) == sent, at
        assert "dodajte stanje" in self.reminders()[0].text

    def test_who_said_another_day_is_reminded_on_that_one_too(self):
        self.announced_ahead()
        remind_of_the_day(moment(2026, 11, 30, 9))
        self.days_pass(4)
        assert self.adds("", "2026-12-03").status_code == 302
        assert self.move().state == "planned"
        remind_of_the_day(moment(2026, 12, 2, 9))
        assert len(self.reminders()) == 1
        remind_of_the_day(moment(2026, 12, 3, 9))
        assert len(self.reminders()) == 2

    def test_no_reading_is_promised_and_none_is_left_out_once_the_day_has_come(self):
        self.announced_ahead()
        assert "stanje pustite prazno" in text_of(self.adds("4350"))
        self.days_pass(4)
        assert "števke" in text_of(self.adds(""))
        assert self.move().state == "planned" and not self.told()

    def test_nobody_takes_over_yet_and_it_can_be_cancelled(self):
        self.announced_ahead(email="", nobody_known="on")
        assert self.move().state == "planned" and not mails_to(TAKER)
        self.adds("", email=TAKER)
        self.acts("cancel")
        assert "preklicana" in newest_mail_to(TAKER).subject and self.move().state == "cancelled"
        remind_of_the_day(moment(2026, 11, 30, 9))
        assert not self.reminders()

    def test_a_rented_tank_is_handed_over_on_its_day(self):
        rented = self.given_supply_point(self.anas_payer, "3000-2", kind="rental", street="Log 11")
        self.given_link(self.ana, self.anas_payer, rented, "Najem")
        self.announced_ahead(start=address("move_out", rented.public_id))
        self.days_pass(4)
        assert "sporočite, da je bila predaja" in self.page()
        self.adds("")
        assert self.move().state == "waiting"

    def test_home_asks_for_what_is_missing_once_the_day_has_come(self):
        asks = "Prišel je dan predaje"
        move = self.announced_ahead()
        assert asks not in text_of(self.ana.opens("/"))
        self.days_pass(4)
        home = text_of(self.ana.opens("/"))
        assert asks in home and f'href="{address("change_move", move.public_id)}"' in home
        self.bojan.is_signed_in()
        assert asks not in text_of(self.bojan.opens("/"))
        self.adds()
        assert asks not in text_of(self.ana.opens("/"))

    def test_home_asks_whoever_may_still_hand_the_place_over(self):
        cottage = self.given_supply_point(self.anas_payer, "1042-9000")
        self.given_meter(cottage)
        self.given_link(self.ana, self.anas_payer, cottage, "Vikend")
        self.announced_ahead()
        self.days_pass(4)
        there = {"place": cottage.public_id}
        assert "Dom: dopolnite najavo" in text_of(self.ana.opens("/", **there))
        Link.objects.filter(user=self.ana.user, supply_point=self.anas_house).update(ended_at=timezone.now())
        assert "dopolnite najavo" not in text_of(self.ana.opens("/", **there))

    @override_settings(MOVE_AHEAD_DAYS=0)
    def test_where_the_supplier_wants_it_on_the_day_it_is_not_announced_ahead(self):
        assert "še pred vami" in text_of(self.announces(typed="4350", moves_on="2026-11-27"))
        assert "vnaprej" not in text_of(self.ana.opens(self.start)) and not MoveOut.objects.exists()

    def test_whoever_takes_over_can_leave_before_the_day(self):
        nada = Customer("Nada", email=TAKER)
        self.announced_ahead()
        erase(nada.user, now=NOW)
        assert (self.move().state, self.move().taker_email, self.move().link_hash) == ("planned", "", "")


class CancellingAndSendingAgain(MovingCase):
    def test_cancelled_until_both_have_confirmed(self):
        self.announced()
        link = self.link()
        assert "preklicana" in text_of(self.ana.follows(self.acts("cancel")))
        assert "preklicana" in newest_mail_to(TAKER).subject
        assert "preklicala" in text_of(self.taker.opens(link)) and self.confirms(link).status_code == 302
        assert self.move().state == "cancelled" and not self.told()
        self.announced()
        self.confirms()
        assert "medtem" in text_of(self.ana.follows(self.acts("cancel")))
        assert self.move().state == "agreed"

    def test_a_new_link_replaces_the_old_one(self):
        self.announced()
        old = self.link()
        self.acts("again")
        self.taker.opens(old, status=410)
        assert self.link() != old
        self.confirms()
        assert len(self.told()) == 1

    def test_a_link_holds_fourteen_days_and_then_the_giver_is_told_once(self):
        self.announced()
        link = self.link()
        self.clock.shift(timedelta(days=14) - timedelta(seconds=1))
        self.taker.opens(link)
        self.clock.shift(timedelta(seconds=1))
        self.taker.opens(link, status=410)
        assert self.confirms(link).status_code == 410
        for _hour in range(2):
            say_that_no_answer_came(timezone.now())
        assert len([each for each in mails_to("ana@example.si") if "odgovora še ni" in each.subject]) == 1
        self.ana.is_signed_in()
        assert "ni odgovorila pravočasno" in self.page()
        self.acts("again")
        assert "ni odgovorila" not in self.page()
        self.confirms()
        assert self.move().state == "agreed"

    def test_an_address_that_takes_no_mail_is_said_to_the_giver(self):
        send = mail.send_now

        def refusing(**letter):
            if letter["to"] == TAKER:
                raise Undeliverable("550 no such user")
            send(**letter)

        self.announced()
        with mock.patch.object(mail, "send_now", refusing):
            mails_to("")
        assert "ni bilo mogoče dostaviti" in newest_mail_to("ana@example.si").text
        assert "ni bilo mogoče dostaviti" in self.page()

    def test_nobodys_mailbox_is_flooded(self):
        self.announced()
        for _again in range(2):
            self.acts("again")
        page = text_of(self.ana.follows(self.acts("again")))
        assert "poslanega že veliko" in page and self.move().version == 3
        for other in ("drugi@example.com", "tretji@example.com"):
            self.announces(start=address("change_move", self.move().public_id), email=other)
        assert self.move().taker_email == "tretji@example.com"
        assert "poslanega že veliko" in text_of(
            self.announces(start=address("change_move", self.move().public_id), email="cetrti@example.com")
        )
        self.clock.shift(timedelta(days=1))
        self.ana.is_signed_in()
        self.acts("again")
        assert self.move().version == 6


class WhatWasSent(MovingCase):
    def test_both_read_what_they_were_sent_if_they_have_an_account(self):
        nada = Customer("Nada", email=TAKER)
        self.announced()
        self.confirms()
        mails_to("")
        for who, sent, place in ((self.ana, 2, ", Dom"), (nada, 2, "")):
            page = text_of(who.opens(address("sent_messages")))
            assert page.count(f'Predaja odjemnega mesta</span>: <span class="num">{self.move().number}') == sent, who
            assert place in page and "Nada Nova" not in page
        assert "Predaja odjemnega mesta" not in text_of(self.bojan.opens(address("sent_messages")))
        assert "Predaja odjemnega mesta" in text_of(self.ana.opens(address("notices")))


class OwnData(MovingCase):
    def test_each_side_has_its_own_in_the_copy(self):
        nada = Customer("Nada", email=TAKER)
        self.announced()
        self.says("4352")
        (given,), (taken,) = moves(self.ana.user, []), taken_over(nada.user, [])
        assert (given["email"], given["value_m3"], given["state"]) == (TAKER, 4350, "disputed")
        assert (taken["name"], taken["other_value_m3"]) == ("Nada Nova", 4352)
        assert "Nada Nova" not in str(given) and "Log 7" not in str(taken) and taken_over(self.ana.user, []) == []

    def test_erasing_either_side_forgets_them(self):
        nada = Customer("Nada", email=TAKER)
        self.announced()
        erase(nada.user, now=NOW)
        move = self.move()
        assert (move.state, move.taker_email, move.link_hash) == ("announced", "", "")
        erase(self.ana.user, now=NOW)
        move = self.move()
        assert (move.state, move.bill_address) == ("cancelled", "")

    def test_whoever_took_over_is_forgotten_half_a_year_after_the_end(self):
        self.announced()
        self.says()
        self.acts("cancel")
        for days, kept in ((180, TAKER), (181, "")):
            forget_takers(NOW + timedelta(days=days))
            assert self.move().taker_email == kept
        assert self.move().taker_name == "" and self.move().link_hash == ""


class Statements(MovingCase):
    def test_the_pages_ask_the_database_a_fixed_number_of_times(self):
        self.announced()
        link = self.link()
        with self.assertNumQueries(5):  # session, hand-over, link, places, terms
            self.page()
        with self.assertNumQueries(1):
            self.taker.opens(link)
