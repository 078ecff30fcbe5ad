"""Closing an account: thirty days to change one's mind, then erased, and erased again after a restored backup."""

import tempfile
from datetime import datetime, timedelta
from io import StringIO
from pathlib import Path
from unittest import mock

import time_machine
from django.apps import apps
from django.conf import settings
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import models
from django.utils import timezone

from mojplin.domain.accounts.closing import relations_to
from mojplin.domain.accounts.models import (
    AccessEvent,
    EmailProposal,
    ErasureRecord,
    Session,
    TermsAcceptance,
    TermsVersion,
    User,
)
from mojplin.domain.linking.models import Invitation, Link, LinkAttempt, LinkCode, LinkProposal, ProvenPayer
from mojplin.domain.metering.models import GaugeReading, ReadingPhoto, SubmittedReading
from mojplin.domain.orders.models import GasOrder, HandOver
from mojplin.domain.own_data import erasing
from mojplin.domain.own_data.chores import look_after_own_data
from mojplin.domain.support.models import Attachment, Enquiry
from mojplin.domain.support.office import add_note, answer
from mojplin.domain.support.operations import go_on
from mojplin.foundation import mail
from mojplin.foundation.mail import DemoMail
from tests.arranged import given_mandate
from tests.cast import Customer, PortalTestCase, Visitor, moment
from tests.deals import given_cylinder_order, given_renewal
from tests.mailbox import mails_to
from tests.moved import given_move
from tests.test_house import STAYS, named

NOON = moment(2026, 11, 24)
PAGE, KEEP = "/profil/zaprtje/", "/profil/obdrzi/"


class Closing(PortalTestCase):
    def setUp(self) -> None:
        clock = time_machine.travel(NOON, tick=False)
        self.clock = clock.start()
        self.addCleanup(clock.stop)
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.enterContext(
            self.settings(EXPORT_DIR=Path(folder.name) / "exports", ERASURE_LOG=Path(folder.name) / "erasures.jsonl")
        )
        self.given_cast()
        self.nika = Customer("Nika", role="clerk")

    def closes(self, customer: Customer) -> None:
        customer.follows(customer.sends(PAGE, {"is_sure": "on"}, status=302))

    def days_pass(self, days: int) -> None:
        """Let the days go by with the worker doing its chores every twelve hours."""
        for _each in range(days * 2):
            self.clock.shift(timedelta(hours=12))
            look_after_own_data(timezone.now())

    def as_before_the_day(self) -> User:
        return User.objects.get(pk=self.ana.user.pk)

    def test_the_page_says_what_goes_what_stays_and_until_when(self):
        page = self.ana.opens(PAGE)
        for words in ("davčni zakonodaji", "24. decembra 2026", "30 dni si lahko premislite", "/profil/moji-podatki/"):
            self.assertContains(page, words.replace("24. decembra", "24.\xa0decembra"))

    def test_it_is_not_closed_without_the_tick(self):
        self.assertContains(self.ana.sends(PAGE, status=200), "Označite polje")
        self.assertIsNone(self.as_before_the_day().closing_asked_at)

    def test_closing_signs_out_everywhere_and_says_so_by_mail(self):
        second = Customer.__new__(Customer)
        Visitor.__init__(second)
        second.user = self.ana.user
        second.is_signed_in()
        self.closes(self.ana)
        self.assertFalse(Session.objects.filter(user=self.ana.user).exists())
        second.opens("/profil/", status=302)
        (letter,) = mails_to("ana@example.si")
        self.assertIn("24. decembra", letter.text.replace("\xa0", " "))
        self.assertIn("obdrž", letter.subject.casefold())

    def test_signing_in_leads_to_keeping_it_and_then_all_is_as_it_was(self):
        self.closes(self.ana)
        self.days_pass(29)
        self.ana.is_signed_in()
        for path in ("/", "/racuni/", "/profil/"):
            self.assertEqual(self.ana.opens(path, status=302)["Location"], KEEP)
        self.ana.sends("/profil/", {"language": "en"}, status=302)
        self.assertEqual(self.as_before_the_day().language, "sl")
        self.ana.opens("/profil/moji-podatki/")
        self.ana.sends("/potrdite-da-ste-to-vi/izziv/", status=200)
        self.ana.opens("/seja/ostani/")
        self.assertContains(self.ana.opens(KEEP), "24.\xa0decembra 2026")
        self.ana.sends(KEEP, status=302)
        self.days_pass(10)
        self.ana.is_signed_in()
        self.assertContains(self.ana.opens("/"), "Dom")
        whats = AccessEvent.objects.filter(whose=self.ana.user).order_by("pk").values_list("what", flat=True)
        self.assertEqual(list(whats), ["closing_asked", "closing_cancelled"])

    def test_one_is_reminded_three_days_before_and_erased_on_the_thirtieth_day_and_not_before(self):
        self.closes(self.ana)
        self.days_pass(26)
        self.assertEqual(len(mails_to("ana@example.si")), 1)
        self.days_pass(1)
        reminder, _first = mails_to("ana@example.si")
        self.assertIn("izbrisan 24. decembra", reminder.subject.replace("\xa0", " "))
        self.days_pass(2)
        self.assertIsNone(self.as_before_the_day().erased_at)
        self.days_pass(1)
        self.assertEqual(self.as_before_the_day().erased_at, moment(2026, 12, 24))

    def test_nothing_that_tells_who_it_was_is_left_in_any_table(self):
        self.given_traces()
        mails_to("")
        path = Attachment.objects.get().path
        self.assertTrue(default_storage.exists(path))
        self.closes(self.ana)
        with self.captureOnCommitCallbacks(execute=True):
            self.days_pass(30)
        mails_to("")
        self.assertEqual(self.left_of_kanarcek(), [])
        self.assertFalse(User.objects.filter(username_key="ana").exists())
        self.assertFalse(default_storage.exists(path))

    @staticmethod
    def left_of_kanarcek() -> list[str]:
        return [
            f"{model._meta.label}.{field.name}: {value}"
            for model in apps.get_models()
            for field in model._meta.concrete_fields
            if isinstance(field, models.CharField | models.TextField | models.JSONField | models.GenericIPAddressField)
            for value in model._default_manager.values_list(field.name, flat=True)
            if any(trace in str(value).casefold() for trace in ("kanarcek", "ana@example.si", "192.0.2.77"))
        ]

    def given_traces(self) -> None:
        """Leave something in every table that stays when the account goes; the rest goes with it."""
        user, now = self.ana.user, timezone.now()
        User.objects.filter(pk=user.pk).update(name="Kanarcek", contact_phone="kanarcek")
        Link.objects.filter(user=user).update(name="Kanarcek")
        AccessEvent.objects.create(whose=user, by=user, what="point_linked", about="Kanarcek", ip="192.0.2.77", at=now)
        Invitation.objects.create(
            link=Link.objects.get(user=user), email="kanarcek@example.si", role="see", token_hash="a", invited_at=now,
            expires_at=now,
        )  # fmt: skip
        by_office = {"user": user, "reason": "Kanarcek je klical.", "proposed_by": self.cilka.user, "proposed_at": now}
        LinkProposal.objects.create(payer=self.anas_payer, supply_point=self.anas_house, **by_office)
        EmailProposal.objects.create(old_email="ana@example.si", new_email="kanarcek@example.si", **by_office)
        self.given_traces_of_linking(user, now)
        self.given_traces_of_support(user, now)
        given_mandate(
            self.anas_payer, user, email="kanarcek@example.si", holder="Kanarcek", iban_last4="kana", bic="KANARCEKXXX"
        )
        GasOrder.objects.create(
            number="N-1", supply_point=self.anas_house, payer=self.anas_payer, ordered_by=user, ordered_at=now,
            gauge_percent=20, phone="kanarcek", note="kanarcek",
        )  # fmt: skip
        given_renewal(self.given_contract(self.anas_payer, self.anas_house), user)
        given_cylinder_order(user, name="Kanarcek", address="kanarcek", phone="kanarcek", note="kanarcek")
        given_move(self.anas_payer, self.anas_house, user, bill_address="kanarcek", state="agreed", agreed_at=now)
        given_move(
            self.bojans_firm, self.bojans_points[0], self.bojan.user, taker_email="ana@example.si",
            taker_name="Kanarcek", taker_phone="kanarcek",
        )  # fmt: skip
        HandOver.objects.create(user=user, form="cylinder", handed_over_at=now, data_encrypted="kanarcek")
        reading = SubmittedReading.objects.create(
            supply_point=self.anas_house, payer=self.anas_payer, meter=self.anas_meter, month=NOON.date(), version=1,
            value_m3=77, read_on=NOON.date(), submitted_by=user, submitted_at=now,
        )  # fmt: skip
        ReadingPhoto.objects.create(reading=reading, path="kanarcek.jpg", size_bytes=4, added_by=user, added_at=now)
        GaugeReading.objects.create(
            supply_point=self.anas_house, payer=self.anas_payer, read_on=NOON.date(), version=1, percent=45,
            submitted_by=user, submitted_at=now,
        )  # fmt: skip
        call_command("publish_terms", verbosity=0)
        User.objects.update(terms_version=1)
        terms = TermsVersion.objects.get()
        TermsAcceptance.objects.create(
            user=user, terms=terms, text_hash=terms.text_hash, label="Se strinjam.", accepted_at=now, ip="192.0.2.77"
        )

    def given_traces_of_linking(self, user: User, now: datetime) -> None:
        numbers = {name: name for name in ("tax_number_hash", "payer_number_hash")}
        LinkAttempt.objects.create(user=user, tried_at=now, ip="192.0.2.77", outcome="linked", **numbers)
        session = Session.objects.filter(user=user).first()
        ProvenPayer.objects.create(
            user=user, session=session, payer=self.anas_payer, proven_by="numbers", proven_at=now
        )
        LinkCode.objects.create(
            payer=self.anas_payer, way="mail", asked_at=now, expires_at=now, used_at=now, used_by=user
        )

    def given_traces_of_support(self, user: User, now: datetime) -> None:
        """A real message with a file, which the office reads by mail, answers and makes a note of."""
        photo = SimpleUploadedFile("kanarcek.pdf", b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n")
        self.ana.sends("/podpora/", {"topic": "other", "message": "Kanarcek", "place": "", "file": photo}, status=302)
        enquiry = Enquiry.objects.get(sent_by=user)
        Enquiry.objects.filter(pk=enquiry.pk).update(call_phone="kanarcek", about_name="kanarcek")
        answer(enquiry=enquiry.pk, text="Spoštovani g. Kanarcek", by=self.nika.user, now=now)
        add_note(enquiry=enquiry.pk, text="Kanarcek je jezen.", by=self.nika.user, now=now)

    def test_every_table_that_stays_was_given_a_trace(self):
        self.given_traces()
        for relation in relations_to(User):
            if relation.on_delete is not models.CASCADE and named(relation) in STAYS:
                mine = relation.related_model._default_manager.filter(**{relation.field.name: self.ana.user.pk})
                self.assertTrue(mine.exists(), named(relation))

    def test_words_that_came_by_mail_in_the_last_days_go_as_well(self):
        """Whoever closes their account may still answer a mail of the office."""
        self.given_traces()
        self.closes(self.ana)
        self.days_pass(29)
        enquiry = Enquiry.objects.get(sent_by=self.ana.user)
        told = {
            "office_email": "pisarna@example.si",
            "way": "mail",
            "came_from": "kanarcek@example.si",
            "mail_hash": "a",
        }
        go_on(enquiry=enquiry.pk, message="Kanarcek še enkrat", by=self.ana.user, now=timezone.now(), **told)
        mails_to("")
        self.assertTrue(DemoMail.objects.filter(text__contains="Kanarcek še enkrat").exists())
        self.days_pass(1)
        self.assertEqual(self.left_of_kanarcek(), [])

    def test_what_the_supplier_needs_stays_and_points_at_nobody(self):
        self.given_traces()
        self.closes(self.ana)
        self.days_pass(30)
        stub = self.as_before_the_day()
        self.assertEqual((stub.username, stub.email, stub.is_active), (f"#{stub.pk}", f"#{stub.pk}", False))
        self.assertEqual(SubmittedReading.objects.get().submitted_by, stub)
        self.assertEqual(GasOrder.objects.get().ordered_by, stub)
        link = Link.objects.get(user=stub)
        self.assertIsNotNone(link.ended_at)
        self.assertEqual(TermsAcceptance.objects.filter(ip__isnull=False).count(), 0)

    def test_the_name_and_the_address_are_free_again(self):
        self.closes(self.ana)
        self.days_pass(30)
        again = Customer("Ana")
        self.assertNotEqual(again.user.pk, self.ana.user.pk)
        again.opens("/")

    def test_somebody_elses_account_is_untouched(self):
        self.closes(self.ana)
        self.days_pass(31)
        self.bojan.user.refresh_from_db()
        self.assertEqual((self.bojan.user.username, self.bojan.user.erased_at), ("Bojan", None))
        self.assertEqual(Link.objects.filter(user=self.bojan.user, ended_at=None).count(), 2)

    def test_a_restored_backup_is_erased_again_and_a_new_account_of_the_same_name_is_not(self):
        backup = User.objects.filter(pk=self.ana.user.pk).values().get()
        self.closes(self.ana)
        self.days_pass(30)
        mails_to("")  # the worker writes the erasure down
        ErasureRecord.objects.all().delete()
        User.objects.filter(pk=self.ana.user.pk).update(**backup)
        Link.objects.filter(user=self.ana.user).update(ended_at=None, name="Dom")
        self.assertIn("1 accounts erased again", self.replays())
        self.assertEqual(self.as_before_the_day().email, f"#{self.ana.user.pk}")
        self.assertFalse(Link.objects.filter(user=self.ana.user, ended_at=None).exists())
        again = Customer("Ana")
        self.assertIn("0 accounts erased again", self.replays())
        again.opens("/")

    def replays(self) -> str:
        said = StringIO()
        call_command("replay_erasures", settings.ERASURE_LOG, stdout=said)
        return said.getvalue()

    def test_without_the_list_the_replay_says_so(self):
        with self.assertRaisesMessage(CommandError, "nobody knows who was erased"):
            call_command("replay_erasures", settings.ERASURE_LOG)

    def test_one_erasing_that_fails_stops_no_other_and_leaves_nothing_half_done(self):
        self.closes(self.ana)
        self.closes(self.bojan)
        self.days_pass(29)
        whole = erasing.erase_account

        def fails_for_ana(user: User, **more: object) -> bool:
            done = whole(user, **more)
            if user.pk == self.ana.user.pk:
                raise OSError("disk full")
            return done

        with mock.patch.object(erasing, "erase_account", fails_for_ana):
            self.days_pass(1)
        self.assertEqual(self.as_before_the_day().email, "ana@example.si")
        self.assertIsNotNone(User.objects.get(pk=self.bojan.user.pk).erased_at)
        self.days_pass(1)
        self.assertIsNotNone(self.as_before_the_day().erased_at)

    def test_while_the_mail_is_down_closing_works_and_the_mail_follows(self):
        with mock.patch.object(mail, "_keep_for_demo", side_effect=ConnectionRefusedError):
            self.closes(self.ana)
            self.assertEqual(mails_to("ana@example.si"), [])
        self.clock.shift(timedelta(minutes=5))
        self.assertEqual(len(mails_to("ana@example.si")), 1)

    def test_staff_do_not_close_their_own_account_here(self):
        self.assertContains(self.nika.sends(PAGE, {"is_sure": "on"}, status=200), "zapre skrbnik")

    def test_it_is_asked_once_more_who_it_is(self):
        self.clock.shift(timedelta(minutes=11))
        self.assertIn("next=", self.ana.opens(PAGE, status=302)["Location"])
