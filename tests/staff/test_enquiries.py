"""Enquiries in the office: the overdue first, answered with a text kept ready, noted, handed over, closed."""

import re
from datetime import date

import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile

from mojplin.domain.accounts.models import AccessEvent
from mojplin.domain.support.models import AnswerTemplate, Enquiry, Entry
from tests.cast import Customer, PortalTestCase, moment
from tests.mailbox import link_in, mails_to

MONDAY = moment(2026, 11, 23, 10)
LIST = "/urad/vprasanja/"
CANARY = "KANARCEK-INTERNO"


class OfficeCase(PortalTestCase):
    def setUp(self):
        clock = time_machine.travel(MONDAY, tick=False)
        clock.start()
        self.addCleanup(clock.stop)
        self.given_cast()
        self.nika, self.tine = Customer("Nika", role="clerk"), Customer("Tine", role="admin")
        self.rok = Customer("Rok", role="reader")
        self.enquiry = self.given_enquiry(
            self.ana, "Zakaj <b>pavšalno</b>?", topic="reading", supply_point=self.anas_house, payer=self.anas_payer,
            sent_at=MONDAY, promised_on=date(2026, 11, 24),
        )  # fmt: skip
        self.page = f"{LIST}{self.enquiry.public_id}/"

    def again(self):
        self.enquiry.refresh_from_db()
        return self.enquiry

    def acts(self, act, by=None, **fields):
        known = {"act": act} | {f"{act}-{name}": value for name, value in fields.items()}
        return (by or self.nika).sends(f"{self.page}dejanje/", known)

    def html(self, by=None, **query):
        return (by or self.nika).opens(self.page, **query).content.decode()


class TheListTest(OfficeCase):
    def test_the_overdue_come_first_and_each_filter_shows_its_own(self):
        late = self.given_enquiry(self.bojan, promised_on=date(2026, 11, 20), assigned_to=self.nika.user)
        done = self.given_enquiry(self.bojan, state="answered", promised_on=date(2026, 11, 1))
        html = self.rok.opens(LIST).content.decode()
        assert html.index(late.number) < html.index(self.enquiry.number) and done.number not in html
        assert "vprašanje zamuja" in html and "zamuja, 20. 11. 2026" in html.replace("\xa0", " ")
        for show, numbers in (
            ("overdue", [late]), ("unassigned", [self.enquiry]), ("answered", [done]), ("mine", [late]),
            ("all", [late, self.enquiry, done]), ("nonsense", [late, self.enquiry]),
        ):  # fmt: skip
            html = self.nika.opens(LIST, show=show).content.decode()
            shown = [each for each in (late, self.enquiry, done) if each.number in html]
            assert shown == numbers, show

    def test_it_costs_the_same_for_any_number_of_enquiries(self):
        self.nika.opens(LIST)
        with self.assertNumQueries(5):
            self.nika.opens(LIST)
        for _each in range(35):
            self.given_enquiry(self.ana, promised_on=MONDAY.date())
        with self.assertNumQueries(5):
            html = self.nika.opens(LIST).content.decode()
        assert "page=2" in html
        assert "page=3" not in self.nika.opens(LIST, page="2").content.decode()

    def test_nobody_waits(self):
        Enquiry.objects.update(state="closed", closed_at=MONDAY)
        assert "Nič ne čaka." in self.nika.opens(LIST).content.decode()


class OneEnquiryTest(OfficeCase):
    def test_the_conversation_stands_there_and_its_customer_reads_who_looked_once_a_day(self):
        for _each in range(2):
            html = self.html(by=self.rok)
        assert "Zakaj &lt;b&gt;pavšalno&lt;/b&gt;?" in html and self.anas_house.number in html
        assert "Pošljite odgovor" not in html
        assert list(AccessEvent.objects.values_list("whose__username", "what", "by__username")) == [
            ("Ana", "office_read_enquiry", "Rok")
        ]
        assert "Vpogled v vaš pogovor s podporo" in self.ana.opens("/profil/dnevnik-dostopov/").content.decode()

    def test_an_answer_goes_out_and_whoever_wrote_it_has_the_enquiry(self):
        last = self.enquiry.entries.latest("pk").pk
        html = self.nika.follows(self.acts("answer", text="Ker stanja ni bilo.", last_seen=last)).content.decode()
        assert "Odgovor je na poti." in html and "Ker stanja ni bilo." in html
        assert (self.again().state, self.enquiry.assigned_to) == ("answered", self.nika.user)
        assert "Ker stanja ni bilo." in mails_to("ana@example.si", now=MONDAY)[0].text

    def test_an_answer_is_held_back_when_the_customer_wrote_meanwhile_and_the_text_stays(self):
        html = self.acts("answer", text="Ker stanja ni bilo.", last_seen=0).content.decode()
        assert "Medtem" in html and "Ker stanja ni bilo." in html
        assert self.again().state == "sent"

    def test_what_cannot_be_taken_is_said_beside_its_field(self):
        for act, fields, words in (
            ("answer", {"text": " "}, "Napišite odgovor."),
            ("answer", {"text": "x" * 5001}, "5000"),
            ("note", {"text": ""}, "Napišite opombo."),
            ("promise", {"promised_on": "2026-11-22"}, "ne more biti v preteklosti"),
            ("promise", {"promised_on": "31. 2. 2026"}, "Izberite dan."),
            ("promise", {"promised_on": "9999-12-31"}, "Obljubite dan v letu dni."),
            ("assign", {"member": self.rok.user.public_id}, "Izberite"),
        ):
            with self.subTest(act=act, fields=fields):
                assert words in self.acts(act, **fields).content.decode()
        assert self.enquiry.entries.count() == 1

    def test_a_text_kept_ready_begins_the_answer_in_the_customers_language(self):
        self.ana.user.language = "en"
        self.ana.user.save()
        text = AnswerTemplate.objects.create(
            title="Pavšal", text_sl="Spoštovani", text_en="Dear {name}, about {number}", saved_by=self.nika.user,
            saved_at=MONDAY,
        )  # fmt: skip
        assert f"Dear Ana, about {self.enquiry.number}" in self.html(text=text.pk)
        assert "Dear" not in self.html(text="999")

    def test_it_is_handed_over_promised_closed_and_opened(self):
        self.acts("assign", member=self.tine.user.public_id)
        self.acts("promise", promised_on="2026-11-27")
        assert (self.again().assigned_to, self.enquiry.promised_on) == (self.tine.user, date(2026, 11, 27))
        assert "27.\xa0novembra" in mails_to("ana@example.si", now=MONDAY)[0].text
        self.acts("close")
        assert self.again().state == "closed"
        assert "že zaključeno" in self.nika.follows(self.acts("close")).content.decode()
        self.acts("reopen")
        self.acts("assign", member="")
        assert (self.again().state, self.enquiry.assigned_to) == ("sent", None)
        assert self.acts("nonsense").status_code == 404

    def test_the_same_answer_sent_twice_is_one(self):
        fields = {"act": "answer", "answer-text": "Ker.", "form_key": "a" * 22}
        for _each in range(2):
            self.nika.sends(f"{self.page}dejanje/", fields)
        assert self.enquiry.entries.count() == 2

    def test_a_reader_looks_and_changes_nothing(self):
        for act in ("answer", "note", "close"):
            assert self.acts(act, by=self.rok, text="Ne").status_code == 404
        assert self.enquiry.entries.count() == 1

    def test_files_go_with_an_answer_by_the_rules_of_those_that_customers_send(self):
        bill = SimpleUploadedFile("navodila.exe", b"%PDF-1.7 nekaj %%EOF")
        html = self.nika.follows(self.acts("answer", text="V prilogi.", file=bill)).content.decode()
        assert "navodila.pdf" in html
        self.ana.is_signed_in()
        page = self.ana.opens(f"/podpora/{self.enquiry.public_id}/").content.decode()
        address = re.search(r'href="(/podpora/datoteke/[^"]+)"', page)[1]
        assert b"".join(self.ana.opens(address)).startswith(b"%PDF")
        assert "1 datoteka" in mails_to("ana@example.si", now=MONDAY)[0].text.replace("\xa0", " ")

    def test_a_wrong_file_or_a_fourth_one_is_refused_and_the_words_stay(self):
        script = SimpleUploadedFile("racun.pdf", b"<script>")
        many = [SimpleUploadedFile(f"{n}.pdf", b"%PDF- %%EOF") for n in range(4)]
        for files, said in (([script], "racun.pdf: "), (many, "največ tri datoteke")):
            html = self.acts("answer", text="V prilogi.", file=files).content.decode()
            assert said in html and "V prilogi." in html
        assert self.enquiry.entries.count() == 1

    def test_every_act_stands_in_the_log_of_the_office_and_of_the_customer_without_a_word_of_it(self):
        for act, fields in (
            ("note", {"text": CANARY}), ("assign", {"member": self.tine.user.public_id}),
            ("promise", {"promised_on": "2026-11-27"}), ("answer", {"text": CANARY}), ("close", {}), ("reopen", {}),
        ):  # fmt: skip
            self.acts(act, **fields)
        done = AccessEvent.objects.filter(whose=self.ana.user, what__startswith="enquiry_", by=self.nika.user)
        assert list(done.order_by("pk").values_list("what", "about").distinct()) == [
            (f"enquiry_{what}", self.enquiry.number)
            for what in ("noted", "assigned", "promised", "answered", "closed", "reopened")
        ]
        assert "Odgovor na vaše sporočilo" in self.ana.opens("/profil/dnevnik-dostopov/").content.decode()

    def test_its_files_are_downloads(self):
        file = self.given_file(self.enquiry)
        answer = self.rok.opens(f"{LIST}datoteka/{file.public_id}/")
        assert answer["Content-Disposition"].startswith("attachment") and answer.content == b"JPEG"
        assert "stevec.jpg" in self.html()

    def test_the_offices_mail_leads_to_it(self):
        self.ana.sends("/podpora/", {"topic": "other", "message": "Pomoč, prosim."})
        (mail,) = mails_to("podpora@example.si", now=MONDAY)
        assert "Pomoč, prosim." in self.nika.opens(link_in(mail)).content.decode()

    def test_another_sender_of_a_mail_is_marked(self):
        Entry.objects.create(
            enquiry=self.enquiry, side="customer", way="mail", text="Še jaz.", written_by=self.ana.user,
            written_at=MONDAY, came_from="mama@example.org", mail_hash="a" * 64,
        )  # fmt: skip
        assert "z drugega naslova: mama@example.org" in self.html()


class NotesTest(OfficeCase):
    def test_what_the_office_notes_never_reaches_the_customer(self):
        self.acts("note", text=CANARY)
        self.acts("answer", text="Odgovor.")
        file = self.given_file(self.enquiry, f"{CANARY}.jpg")
        file.entry = self.enquiry.entries.get(side="note")
        file.save()
        assert CANARY in self.html() and "Interna opomba" in self.html()
        self.ana.is_signed_in()
        for address in (
            "/podpora/", "/podpora/sporocila/", f"/podpora/{self.enquiry.public_id}/",
            f"/en/support/{self.enquiry.public_id}/", "/profil/dnevnik-dostopov/", "/",
        ):  # fmt: skip
            answer = self.ana.browser.get(address)
            assert answer.status_code < 400 and CANARY not in answer.content.decode(), address
        self.ana.opens(f"/podpora/datoteke/{file.public_id}/", status=404)
        for mail in mails_to("ana@example.si", now=MONDAY):
            assert CANARY not in mail.subject + mail.text + mail.html


class TextsTest(OfficeCase):
    def test_a_text_is_written_changed_and_deleted_by_clerks_alone(self):
        fields = {"title": "Pavšal", "topic": "reading", "text_sl": "Spoštovani {name}", "text_en": "Dear {name}"}
        texts = f"{LIST}besedila/"
        assert "Pavšal" in self.nika.follows(self.nika.sends(texts, fields)).content.decode()
        assert "že obstaja" in self.tine.sends(texts, fields).content.decode()
        assert (
            "Obvezno" in self.nika.sends(texts, {"title": "Brez"}).content.decode()
            or AnswerTemplate.objects.count() == 1
        )
        one = f"{texts}{AnswerTemplate.objects.get().pk}/"
        self.tine.sends(one, fields | {"title": "Ocena"})
        assert AnswerTemplate.objects.get().title == "Ocena"
        self.rok.opens(one, status=404)
        self.nika.presses(f"{one}izbrisi/")
        assert not AnswerTemplate.objects.exists()
        assert list(AccessEvent.objects.filter(what__startswith="answer_text").values_list("what", "about")) == [
            ("answer_text_kept", "Pavšal"), ("answer_text_kept", "Ocena"), ("answer_text_deleted", "Ocena"),
        ]  # fmt: skip
        self.nika.opens(one, status=404)
