"""The page of one enquiry: read it, go on, close it; and asking to be called."""

from datetime import date

import time_machine

from mojplin.domain.linking.models import Link
from mojplin.domain.support import office
from mojplin.domain.support.models import Enquiry
from tests.cast import Customer, PortalTestCase, moment
from tests.mailbox import mails_to

MONDAY = moment(2026, 11, 23, 10)


class ConversationTest(PortalTestCase):
    def setUp(self):
        clock = time_machine.travel(MONDAY, tick=False)
        clock.start()
        self.addCleanup(clock.stop)
        self.given_cast()
        self.nika = Customer("Nika", role="clerk")
        self.enquiry = self.given_enquiry(
            self.ana, "Zakaj\n<b>pavšalno</b>?", supply_point=self.anas_house, promised_on=date(2026, 11, 24)
        )
        self.page = f"/podpora/{self.enquiry.public_id}/"

    def html(self) -> str:
        return self.ana.opens(self.page).content.decode()

    def test_it_says_how_it_stands(self):
        html = self.html()
        for words in (self.enquiry.number, "torka, 24.\xa0novembra", "naša podpora", "Čaka na odgovor", "Dom"):
            assert words in html
        assert "<p>&lt;b&gt;pavšalno&lt;/b&gt;?</p>" in html

    def test_the_answer_and_who_has_it_stand_there(self):
        office.answer(enquiry=self.enquiry.pk, text="Ker stanja ni bilo.", by=self.nika.user, now=MONDAY)
        office.add_note(enquiry=self.enquiry.pk, text="Interno", by=self.nika.user, now=MONDAY)
        html = self.html()
        assert "Nika, podpora" in html and "Ker stanja ni bilo." in html and "Odgovorjeno" in html
        assert "Interno" not in html

    def test_a_broken_promise_is_owned_up_to(self):
        Enquiry.objects.update(promised_on=date(2026, 11, 20))
        assert "zamujamo" in self.html()

    def test_going_on_and_closing_and_opening(self):
        self.ana.follows(self.ana.sends(self.page, {"message": "Še nekaj."}))
        assert "Še nekaj." in self.html()
        closed = self.ana.follows(self.ana.sends(self.page, {"act": "close"})).content.decode()
        assert "Zadeva je zaključena od 23.\xa0novembra 2026." in closed
        self.ana.follows(self.ana.sends(self.page, {"message": "Le še to."}))
        assert "Čaka na odgovor" in self.html()

    def test_an_empty_word_is_refused_and_nothing_changes(self):
        assert "Napišite sporočilo." in self.ana.sends(self.page, {"message": " "}).content.decode()
        assert self.enquiry.entries.count() == 1

    def test_long_after_closing_a_new_message_is_offered(self):
        Enquiry.objects.update(state="closed", closed_at=moment(2026, 7, 1))
        html = self.html()
        assert "<textarea" not in html and f"about={self.enquiry.number}" in html
        refused = self.ana.sends(self.page, {"message": "Vseeno."}).content.decode()
        assert self.enquiry.entries.count() == 1 and "zaključena" in refused

    def test_to_a_stranger_it_does_not_exist(self):
        for who in (self.bojan, self.cilka):
            who.opens(self.page, status=404)
            who.sends(self.page, {"message": "Jaz"}, status=404)
            who.sends(self.page, {"act": "close"}, status=404)
        assert Enquiry.objects.get().state == "sent"

    def test_the_page_costs_the_same_however_much_was_said(self):
        with self.assertNumQueries(5):
            self.html()
        for number in range(5):
            office.answer(enquiry=self.enquiry.pk, text=f"Odgovor {number}", by=self.nika.user, now=MONDAY)
        with self.assertNumQueries(5):
            self.html()

    def test_all_messages_page_by_page(self):
        assert "Tu ni sporočil" in self.cilka.opens("/podpora/sporocila/").content.decode()
        for number in range(21):
            self.given_enquiry(self.ana, about_name=f"zadeva {number}", about_kind="document", about_id="x")
        first = self.ana.opens("/podpora/sporocila/").content.decode()
        second = self.ana.opens("/podpora/sporocila/", page="2").content.decode()
        assert "zadeva 20" in first and "zadeva 0" not in first and "zadeva 0" in second
        assert "Tu ni sporočil" in self.ana.opens("/podpora/sporocila/", page="99999").content.decode()
        for odd in ("-1", "0", "x", "9" * 40):
            self.ana.opens("/podpora/sporocila/", page=odd)


class CallTest(PortalTestCase):
    def setUp(self):
        clock = time_machine.travel(MONDAY, tick=False)
        clock.start()
        self.addCleanup(clock.stop)
        self.given_cast()

    def asks(self, **fields):
        given = {"when": "2026-11-24T10", "phone": "040 123 456", "topic": "fault", "place": "", "message": ""} | fields
        return self.ana.sends("/podpora/klic/", given)

    def test_a_call_is_asked_for_at_a_wished_hour_and_called_off(self):
        html = self.ana.follows(self.asks()).content.decode()
        assert "torek, 24.\xa0novembra, med 10.00 in 11.00" in html and "040 123 456" in html
        mine, theirs = mails_to("ana@example.si")[0], mails_to("podpora@example.si")[0]
        assert "v torek, 24.\xa0novembra, med 10.00 in 11.00" in mine.text
        assert theirs.subject.startswith("Klic P-") and "040 123 456" in theirs.text
        enquiry = Enquiry.objects.get()
        page = f"/podpora/{enquiry.public_id}/"
        assert "Klica ne potrebujem več" in html
        self.ana.sends(page, {"act": "close"}, status=302)
        assert Enquiry.objects.get().state == "closed"

    def test_only_free_hours_of_open_days_are_taken(self):
        for when in ("2026-11-28T10", "2026-11-24T16", "2026-11-23T10", "2026-11-22T10", "2027-11-24T10", "x", ""):
            with self.subTest(when):
                assert "uro" in self.asks(when=when).content.decode()
        assert not Enquiry.objects.exists()

    def test_a_number_nobody_can_call_is_refused(self):
        for phone in ("", "pokličite", "040", "1" * 40, "040\r\n123", "040 123 456\r\nBcc: x", "pri 040 123 456"):
            with self.subTest(phone):
                self.asks(phone=phone)
        assert not Enquiry.objects.exists()

    def test_the_phone_of_the_profile_is_filled_in_else_that_of_the_own_payer(self):
        type(self.anas_payer).objects.filter(pk=self.anas_payer.pk).update(phone="040 000 222")
        assert 'value="040 000 222"' in self.ana.opens("/podpora/klic/").content.decode()
        self.given_share(self.cilka, Link.objects.get(user=self.ana.user), "pay")
        assert "040 000 222" not in self.cilka.opens("/podpora/klic/").content.decode()
        self.ana.user.contact_phone = "041 000 111"
        self.ana.user.save()
        assert 'value="041 000 111"' in self.ana.opens("/podpora/klic/").content.decode()

    def test_in_english(self):
        html = self.ana.opens("/en/support/call/").content.decode()
        assert "Tuesday, 24\xa0November, between 10:00 and 11:00" in html
