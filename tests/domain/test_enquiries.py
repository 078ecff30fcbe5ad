"""What customer and office do with an enquiry, and which mails that makes."""

from datetime import date, timedelta

import pytest
import time_machine

from mojplin.domain.accounts.models import NoticeChoice
from mojplin.domain.notifications.models import Rhythm, SentNotice
from mojplin.domain.notifications.telling import tell_everyone
from mojplin.domain.support import office
from mojplin.domain.support.conversation import conversation
from mojplin.domain.support.models import AnswerTemplate, Enquiry, Entry
from mojplin.domain.support.operations import ClosedForGood, close_enquiry, go_on
from tests.cast import Customer, PortalTestCase, moment
from tests.mailbox import mails_to

MONDAY = moment(2026, 11, 23, 10)
TODAY = MONDAY.date()


class EnquiryCase(PortalTestCase):
    def setUp(self):
        self.clock = self.enterContext(time_machine.travel(MONDAY, tick=False))
        self.given_cast()
        self.nika, self.tine = Customer("Nika", role="clerk"), Customer("Tine", role="admin")
        self.done = {"by": self.nika.user, "now": MONDAY}
        self.enquiry = self.given_enquiry(self.ana, "Zakaj pavšalno?", sent_at=MONDAY, promised_on=date(2026, 11, 24))

    def again(self):
        self.enquiry.refresh_from_db()
        return self.enquiry

    def answers(self, text="Ker stanja nismo prejeli.", **more):
        return office.answer(enquiry=self.enquiry.pk, text=text, by=self.nika.user, now=MONDAY, **more)

    def customer_adds(self, text="Saj sem ga oddala.", now=MONDAY):
        known = {"by": self.ana.user, "now": now, "office_email": "podpora@example.si"}
        return go_on(enquiry=self.enquiry.pk, message=text, **known)


class AnswersTest(EnquiryCase):
    def test_whoever_answers_has_it_and_the_customer_reads_it_by_mail(self):
        self.answers()
        assert (self.again().state, self.enquiry.assigned_to) == ("answered", self.nika.user)
        (mail,) = mails_to("ana@example.si")
        assert mail.subject == f"Odgovor na vaše sporočilo {self.enquiry.number}"
        assert "Ker stanja nismo prejeli." in mail.text and "nad to črto" in mail.text

    def test_a_confidential_answer_and_one_with_a_bank_account_stay_in_the_portal(self):
        for text, more in (
            ("Vaše geslo", {"is_confidential": True}),
            ("Nakažite na SI56 0201 7001 4356 205.", {}),
            ("si56020170014356205", {}),
        ):
            with self.subTest(text):
                self.answers(text, **more)
                mail = mails_to("ana@example.si")[0]
                assert text not in mail.text + mail.html and "po prijavi" in mail.text

    def test_an_invoice_number_is_no_bank_account(self):
        self.answers("Glejte račun 26-OGR-104417 in OGR-2024/1184.")
        assert "26-OGR-104417" in mails_to("ana@example.si")[0].text

    def test_a_note_is_between_the_office_alone(self):
        office.add_note(enquiry=self.enquiry.pk, text="Pokliči skladišče", by=self.nika.user, now=MONDAY)
        assert self.again().state == "sent"
        assert [each.entry.text for each in conversation(self.enquiry)] == ["Zakaj pavšalno?"]
        assert len(conversation(self.enquiry, for_office=True)) == 2
        assert mails_to("ana@example.si") == []

    def test_an_answer_to_what_changed_meanwhile_is_held_back(self):
        seen = self.enquiry.entries.latest("pk").pk
        self.customer_adds()
        with pytest.raises(office.SaidMeanwhile):
            self.answers(last_seen=seen)
        assert self.again().state == "sent"
        self.answers(last_seen=self.enquiry.entries.latest("pk").pk)
        assert self.again().state == "answered"

    def test_an_empty_answer_is_refused(self):
        for act in (office.answer, office.add_note):
            with pytest.raises(office.NothingSaid):
                act(enquiry=self.enquiry.pk, text=" \n", by=self.nika.user, now=MONDAY)

    def test_a_customer_who_goes_on_waits_with_a_new_promise(self):
        self.answers()
        self.customer_adds(now=MONDAY + timedelta(days=3))
        assert (self.again().state, self.enquiry.promised_on) == ("sent", date(2026, 11, 27))
        assert self.enquiry.assigned_to == self.nika.user
        office_mail = mails_to("podpora@example.si")[0]
        assert office_mail.subject.startswith("Nadaljevanje P-") and "Saj sem ga oddala." in office_mail.text

    def test_going_on_while_waiting_keeps_the_promise(self):
        self.customer_adds(now=MONDAY + timedelta(days=1))
        assert self.again().promised_on == date(2026, 11, 24)

    def test_closing_and_opening_again(self):
        self.answers(closes=True)
        assert (self.again().state, self.enquiry.closed_at) == ("closed", MONDAY)
        assert "zaključena" in mails_to("ana@example.si")[0].text
        self.customer_adds(now=MONDAY + timedelta(days=90))
        assert (self.again().state, self.enquiry.closed_at) == ("sent", None)

    def test_what_was_closed_long_ago_stays_closed(self):
        close_enquiry(enquiry=self.enquiry.pk, by=self.ana.user, now=MONDAY)
        with pytest.raises(ClosedForGood):
            self.customer_adds(now=MONDAY + timedelta(days=91))

    def test_only_its_own_customer_closes_it_and_once(self):
        assert not close_enquiry(enquiry=self.enquiry.pk, by=self.bojan.user, now=MONDAY)
        assert close_enquiry(enquiry=self.enquiry.pk, by=self.ana.user, now=MONDAY)
        assert not close_enquiry(enquiry=self.enquiry.pk, by=self.ana.user, now=MONDAY)

    def test_the_office_closes_and_reopens_without_a_word(self):
        office.close(enquiry=self.enquiry.pk, **self.done)
        with pytest.raises(office.AlreadyClosed):
            office.close(enquiry=self.enquiry.pk, **self.done)
        office.reopen(enquiry=self.enquiry.pk, **self.done)
        assert (self.again().state, self.enquiry.closed_at) == ("sent", None)
        assert mails_to("ana@example.si") == []


class PromisesTest(EnquiryCase):
    def test_a_later_day_is_told_and_an_earlier_one_is_not(self):
        office.promise(enquiry=self.enquiry.pk, promised_on=date(2026, 11, 23), today=TODAY, **self.done)
        assert mails_to("ana@example.si") == []
        office.promise(enquiry=self.enquiry.pk, promised_on=date(2026, 11, 27), today=TODAY, **self.done)
        (mail,) = mails_to("ana@example.si")
        assert "petka, 27.\xa0novembra" in mail.text

    def test_a_day_that_is_past_cannot_be_promised(self):
        with pytest.raises(office.DayIsPast):
            office.promise(enquiry=self.enquiry.pk, promised_on=date(2026, 11, 22), today=TODAY, **self.done)

    def test_an_answer_given_meanwhile_makes_the_mail_of_a_later_day_needless(self):
        office.promise(enquiry=self.enquiry.pk, promised_on=date(2026, 11, 27), today=TODAY, **self.done)
        self.answers()
        assert [mail.subject[:7] for mail in mails_to("ana@example.si")] == ["Odgovor"]

    def test_a_reader_or_a_customer_cannot_be_given_one(self):
        for member in (Customer("Rok", role="reader").user, self.bojan.user):
            with pytest.raises(office.NotOfOffice):
                office.assign(enquiry=self.enquiry.pk, member=member, **self.done)
        office.assign(enquiry=self.enquiry.pk, member=self.tine.user, **self.done)
        assert self.again().assigned_to == self.tine.user
        office.assign(enquiry=self.enquiry.pk, member=None, **self.done)
        assert self.again().assigned_to is None

    def test_the_list_begins_with_what_is_overdue_and_counts_in_one_statement(self):
        late = self.given_enquiry(self.bojan, promised_on=date(2026, 11, 20))
        done = self.given_enquiry(self.bojan, state="answered", promised_on=date(2026, 11, 1))
        order = list(Enquiry.objects.due_first().values_list("pk", flat=True))
        assert order == [late.pk, self.enquiry.pk, done.pk]
        assert list(Enquiry.objects.overdue(TODAY)) == [late]
        with self.assertNumQueries(1):
            counted = office.figures(TODAY)
        assert (counted.waiting, counted.overdue, counted.unassigned, counted.answered) == (2, 1, 2, 1)

    def test_texts_kept_ready_are_in_the_customers_language_and_named_once(self):
        known = {"text_sl": "Spoštovani {name}, glede {number} ...", "text_en": "Dear {name}", "now": MONDAY}
        saved = office.save_template(template=None, title="Pavšal", topic="reading", by=self.nika.user, **known)
        assert office.filled_in(saved, self.enquiry) == f"Spoštovani Ana, glede {self.enquiry.number} ..."
        with pytest.raises(office.TitleTaken):
            office.save_template(template=None, title="Pavšal", topic="", by=self.nika.user, **known)
        office.save_template(template=saved.pk, title="Pavšal", topic="", by=self.nika.user, **known)
        other = office.save_template(template=None, title="Drugo", topic="billing", by=self.nika.user, **known)
        assert [each.title for each in office.answer_templates("billing")] == ["Drugo", "Pavšal"]
        office.delete_template(template=other.pk, **self.done)
        assert AnswerTemplate.objects.count() == 1


class ToldByTheLedgerTest(EnquiryCase):
    """Answers are told as all news are: once, not at night, to whoever wants them by mail."""

    def test_it_stands_in_what_was_sent(self):
        self.answers()
        mails_to("ana@example.si")
        html = self.ana.opens("/profil/sporocila/poslana/").content.decode()
        assert "Odgovori podpore" in html and self.enquiry.number in html

    def test_whoever_wants_none_by_mail_reads_it_in_the_portal(self):
        NoticeChoice.objects.create(user=self.ana.user, topic="enquiry_answer", is_wanted=False)
        self.answers()
        assert mails_to("ana@example.si") == [] and not SentNotice.objects.exists()
        page = self.ana.opens(f"/podpora/{self.enquiry.public_id}/").content.decode()
        assert "Ker stanja nismo prejeli." in page

    def test_it_is_never_gathered_and_reaches_whoever_is_leaving(self):
        Rhythm.objects.create(user=self.ana.user, often="weekly", told_on=TODAY, week_told_on=TODAY)
        self.ana.user.closing_asked_at = MONDAY
        self.ana.user.save()
        self.answers()
        self.answers("In še to.")
        assert [mail.subject[:7] for mail in mails_to("ana@example.si")] == ["Odgovor", "Odgovor"]

    def test_what_is_answered_at_night_is_told_in_the_morning(self):
        night = moment(2026, 11, 23, 23)
        self.clock.move_to(night)
        office.answer(enquiry=self.enquiry.pk, text="Ponoči.", by=self.nika.user, now=night)
        assert mails_to("ana@example.si") == []
        self.clock.move_to(moment(2026, 11, 24, 8))
        tell_everyone(moment(2026, 11, 24, 8))
        assert len(mails_to("ana@example.si")) == 1

    def test_put_off_twice_is_told_twice_and_a_day_that_comes_nearer_to_nobody(self):
        for day in (27, 27, 30, 26):
            office.promise(enquiry=self.enquiry.pk, promised_on=date(2026, 11, day), today=TODAY, **self.done)
            mails_to("ana@example.si")
        told = SentNotice.objects.order_by("pk").values_list("thing", flat=True)
        assert [thing.rsplit(":", 1)[1] for thing in told] == ["2026-11-27", "2026-11-30"]


class ErasedTest(EnquiryCase):
    def test_an_erased_customer_is_told_nothing_more(self):
        self.answers()
        self.ana.user.is_active = False
        self.ana.user.save()
        assert mails_to("ana@example.si") == []

    def test_a_mail_twice_is_one_entry_by_the_databases_own_rule(self):
        assert {each.name for each in Entry._meta.constraints} >= {"entry_once_of_a_mail"}
