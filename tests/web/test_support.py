"""Writing to support: what about, with which promise, who may read it."""

from datetime import date

import time_machine

from mojplin.domain.linking.models import Link
from mojplin.domain.metering.models import SubmittedReading
from mojplin.domain.support.models import Enquiry
from mojplin.domain.support.operations import MOST_IN_A_DAY
from mojplin.foundation.mail import written
from mojplin.foundation.outbox.models import Message
from tests.cast import PortalTestCase, moment
from tests.mailbox import mails_to


class SupportTest(PortalTestCase):
    def setUp(self):
        self.given_cast()

    def writes(self, who, **fields):
        given = {"topic": "billing", "place": self.anas_house.public_id, "message": "Zakaj pavšalno?"} | fields
        return who.sends("/podpora/", given)

    def test_a_message_is_kept_told_and_confirmed(self):
        with time_machine.travel(moment(2026, 11, 23, 10), tick=False):
            html = self.ana.follows(self.writes(self.ana)).content.decode()
        enquiry = Enquiry.objects.get()
        assert enquiry.number in html and "Zakaj pavšalno?" in html and "Čaka na odgovor" in html
        assert "Odgovorimo do torka, 24.\xa0novembra." in html and "naša podpora" in html
        assert enquiry.supply_point == self.anas_house
        told = Message.objects.get(topic="erp.enquiry.received").payload
        assert (told["id"], told["number"], told["supply_point"]) == (enquiry.public_id, enquiry.number, "1042-7731")
        assert (told["answer_by"], told["kind"]) == ("2026-11-24", "question")
        assert len(mails_to("podpora@example.si")) == len(mails_to("ana@example.si")) == 1

    def test_the_confirmation_names_the_place_as_the_customer_does_and_the_office_reads_its_number(self):
        Link.objects.filter(user=self.ana.user).update(name="Hiša pri Zvončku")
        self.writes(self.ana)
        office, mine = mails_to("podpora@example.si")[0], mails_to("ana@example.si")[0]
        assert "Odjemno mesto: Hiša pri Zvončku" in mine.text and "Odjemno mesto: Hiša pri Zvončku" in mine.html
        assert "1042-7731" in office.text and "Zvončku" not in office.text + office.html + office.subject
        self.writes(self.ana, place="")
        assert "Odjemno mesto:" not in mails_to("ana@example.si")[0].text

    def test_the_number_names_the_year_and_is_never_given_twice(self):
        self.writes(self.ana)
        self.writes(self.ana, message="Še nekaj.")
        numbers = list(Enquiry.objects.values_list("number", flat=True))
        assert len(set(numbers)) == 2
        assert all(number.startswith("P-20") and len(number) == 13 for number in numbers)

    def test_the_smell_of_gas_comes_first(self):
        html = self.ana.opens("/podpora/").content.decode()
        assert html.index("Ne pišite. Zaprite ventil") < html.index("O čem pišete?")
        assert 'href="tel:112"' in html

    def test_a_link_fills_in_topic_place_and_subject(self):
        html = self.ana.opens("/podpora/", topic="contract", about="OGR-2024/1184").content.decode()
        assert '<option value="contract" selected>' in html
        assert "Glede OGR-2024/1184:" in html

    def test_what_a_link_fills_in_is_text_and_short(self):
        html = self.ana.opens("/podpora/", topic="<x>", about="<script>" + "a" * 500, place="x").content.decode()
        assert "<script>a" not in html
        message = html.partition("<textarea")[2].partition("</textarea>")[0]
        assert "&lt;script&gt;aaa" in message and "a" * 61 not in message

    def test_what_was_written_before_stands_beside_with_its_state(self):
        self.writes(self.ana)
        Enquiry.objects.update(state="answered")
        self.writes(self.ana, topic="portal", place="")
        html = self.ana.opens("/podpora/").content.decode()
        assert "odgovorjeno" in html and "odgovor do" in html

    def test_a_bad_message_is_refused_with_a_sentence_and_kept(self):
        table = [
            ({"message": ""}, "Napišite sporočilo."),
            ({"message": "   \n "}, "Napišite sporočilo."),
            ({"message": "a" * 5001}, "Sporočilo je predolgo: največ 5000 znakov, zdaj jih je 5001."),
            ({"topic": ""}, "Izberite temo."),
            ({"topic": "other'; --"}, "Izberite"),
            ({"place": self.bojans_points[0].public_id}, "Izberite"),
        ]
        for fields, sentence in table:
            with self.subTest(sentence=sentence):
                assert sentence in self.writes(self.ana, **fields).content.decode()
        assert not Enquiry.objects.exists()

    def test_markup_and_control_characters_are_text(self):
        html = self.ana.follows(self.writes(self.ana, message="<b>Pozor</b>\x00\x07 č š ž 😀")).content.decode()
        assert "&lt;b&gt;Pozor&lt;/b&gt; č š ž 😀" in html

    def test_the_same_form_sent_twice_is_one_message(self):
        first, second = self.writes(self.ana, form_key="k"), self.writes(self.ana, form_key="k")
        assert first["Location"] == second["Location"]
        assert Enquiry.objects.count() == 1

    def test_somebody_without_a_place_may_write_too(self):
        assert "Ne gre za odjemno mesto" in self.cilka.opens("/podpora/").content.decode()
        self.cilka.follows(self.writes(self.cilka, place="", topic="portal"))
        assert Enquiry.objects.get().supply_point is None

    def test_too_many_messages_in_a_day_are_refused(self):
        for number in range(MOST_IN_A_DAY):
            self.writes(self.ana, message=f"Sporočilo {number}")
        assert "Danes ste poslali veliko sporočil" in self.writes(self.ana, message="Še eno").content.decode()
        assert Enquiry.objects.count() == MOST_IN_A_DAY

    def test_a_stranger_cannot_read_anothers_message(self):
        location = self.writes(self.ana)["Location"]
        self.bojan.opens(location, status=404)
        self.bojan.opens(f"/podpora/{'A' * 22}/", status=404)

    def test_in_english(self):
        html = self.ana.opens("/en/support/").content.decode()
        assert "What are you writing about?" in html
        answer = self.ana.sends("/en/support/", {"topic": "other", "place": "", "message": "Hello"})
        assert "We have your message" in self.ana.follows(answer).content.decode()


class SubjectTest(PortalTestCase):
    """What it is about: a document, a reading or an order of the customer's own."""

    def setUp(self):
        self.given_cast()
        self.invoice = self.given_document(self.anas_payer, self.anas_house, "26-OGR-104417")

    def writes(self, **fields):
        given = {"topic": "billing", "place": "", "about": "", "message": "Zakaj?"} | fields
        return self.ana.sends("/podpora/", given)

    def test_the_page_of_an_invoice_leads_here_and_the_answer_leads_back(self):
        page = self.ana.opens(f"/racuni/{self.invoice.public_id}/").content.decode()
        assert f"/podpora/?topic=billing&amp;document={self.invoice.public_id}" in page
        form = self.ana.opens("/podpora/", topic="billing", document=self.invoice.public_id).content.decode()
        assert f'<option value="document:{self.invoice.public_id}" selected>Račun 26-OGR-104417' in form
        html = self.ana.follows(self.writes(about=f"document:{self.invoice.public_id}")).content.decode()
        assert f'<a href="/racuni/{self.invoice.public_id}/">26-OGR-104417</a>' in html
        enquiry = Enquiry.objects.get()
        assert (enquiry.supply_point, enquiry.payer) == (self.anas_house, self.anas_payer)

    def test_a_thing_knows_its_place_better_than_the_field_beside_it(self):
        cottage = self.given_supply_point(self.anas_payer, "1000-9", street="Log 7")
        self.given_link(self.ana, self.anas_payer, cottage, "Vikend")
        self.writes(place=cottage.public_id, about=f"document:{self.invoice.public_id}")
        assert Enquiry.objects.get().supply_point == self.anas_house

    def test_an_older_document_is_chosen_by_its_link_only(self):
        for number in range(12):
            self.given_document(self.anas_payer, self.anas_house, f"27-{number}", issued_on=date(2027, 1, number + 1))
        assert "26-OGR-104417" not in self.ana.opens("/podpora/").content.decode()
        assert "26-OGR-104417" in self.ana.opens("/podpora/", document=self.invoice.public_id).content.decode()
        self.ana.follows(self.writes(about=f"document:{self.invoice.public_id}"))
        assert Enquiry.objects.get().about_name == "26-OGR-104417"

    def test_a_reading_is_called_by_its_counter_and_day(self):
        reading = SubmittedReading.objects.create(
            supply_point=self.anas_house, payer=self.anas_payer, meter=self.anas_meter, month=date(2026, 11, 1),
            version=1, value_m3=1260, read_on=date(2026, 11, 20), submitted_by=self.ana.user,
            submitted_at=moment(2026, 11, 20),
        )  # fmt: skip
        assert f"reading={reading.public_id}" in self.ana.opens(f"/stanje/{reading.public_id}/").content.decode()
        self.writes(topic="reading", about=f"reading:{reading.public_id}")
        assert Enquiry.objects.get().about_name.replace("\xa0", " ") == "1260 m³, 20. 11. 2026"

    def test_of_several_places_each_thing_says_where_it_belongs(self):
        choice = "26-OGR-104417, 12.\xa011.\xa02026"
        assert f"{choice}</option>" in self.ana.opens("/podpora/").content.decode()
        cottage = self.given_supply_point(self.anas_payer, "1042-9000")
        self.given_link(self.ana, self.anas_payer, cottage, "Vikend")
        assert f"{choice}, Dom</option>" in self.ana.opens("/podpora/").content.decode()

    def test_anothers_document_cannot_be_named_and_looks_like_one_that_never_was(self):
        foreign = self.given_document(self.bojans_firm, self.bojans_points[0], "26-BOJAN")
        shown = self.ana.opens("/podpora/", document=foreign.public_id).content.decode()
        assert "26-BOJAN" not in shown
        assert "Izberite" in self.writes(about=f"document:{foreign.public_id}").content.decode()
        assert not Enquiry.objects.exists()

    def test_a_complaint_names_an_invoice_and_has_its_own_days(self):
        assert "Izberite račun, ki mu ugovarjate." in self.writes(topic="complaint").content.decode()
        with time_machine.travel(moment(2026, 12, 23, 10), tick=False):
            self.ana.is_signed_in()
            page = self.ana.follows(self.writes(topic="complaint", about=f"document:{self.invoice.public_id}"))
        enquiry = Enquiry.objects.get()
        assert (enquiry.kind, enquiry.topic) == ("complaint", "billing")
        assert enquiry.promised_on == date(2026, 12, 31)  # Christmas and the day after are free, and a weekend
        assert "<h1>Ugovor računu</h1>" in page.content.decode()

    def test_whoever_only_sees_a_place_cannot_write_in_its_name(self):
        self.given_share(self.cilka, Link.objects.get(user=self.ana.user), "see")
        html = self.cilka.opens("/podpora/", document=self.invoice.public_id).content.decode()
        assert "26-OGR-104417" not in html and self.anas_house.public_id not in html.partition("<form")[2]
        page = self.cilka.opens(f"/racuni/{self.invoice.public_id}/").content.decode()
        assert "Ugovarjajte mu" not in page

    def test_the_page_costs_the_same_for_any_number_of_things(self):
        with self.assertNumQueries(6):
            self.ana.opens("/podpora/")
        for number in range(9):
            self.given_document(self.anas_payer, self.anas_house, f"27-{number}")
            self.given_enquiry(self.ana)
        with self.assertNumQueries(6):
            self.ana.opens("/podpora/")


def test_the_mails_carry_the_words_and_never_markup():
    context = {
        "number": "P-2026-000001", "topic": "billing", "message": "<b>Zakaj</b>\npavšalno?",
        "supply_point": "1042-7731", "sender": "Ana", "sender_email": "ana@example.si",
        "place": "Dom", "kind": "question", "about": "", "promised": "torka", "files": 0, "is_new": True,
        "may_reply": True, "is_mail": False, "came_from": "", "action_url": "https://example.si/urad/",
    }  # fmt: skip
    for template in ("support/mail/to_office", "support/mail/enquiry_received"):
        for language in ("sl", "en"):
            letter = written(template=template, context=context, language=language)
            assert "P-2026-000001" in letter.subject
            assert "<b>Zakaj</b>\npavšalno?" in letter.text
            assert "&lt;b&gt;Zakaj" in letter.html and "<b>Zakaj" not in letter.html
