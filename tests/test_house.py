"""The house holds: the catalogue is complete, migrations are not missing, copies and erasing forget no table."""

import re
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db.models import CASCADE

from mojplin.domain.accounts.closing import relations_to
from mojplin.domain.accounts.models import User
from mojplin.domain.own_data.gathering import SECTIONS
from tools import catalogue

OFFICE = "somebody of the office, at their work"
MINUTES = "lives for minutes, to let somebody in"
ABOUT_A_PERSON = {
    "accounts.PendingLogin.user": MINUTES,
    "accounts.PasswordReset.user": MINUTES,
    "accounts.KnownDevice.user": "browsers",
    "accounts.DeniedSignIn.user": "denied_sign_ins",
    "accounts.Session.user": "devices",
    "accounts.KeptForm.user": "what they themselves typed, for a day",
    "accounts.PushDevice.user": "push_devices",
    "accounts.Passkey.user": "passkeys",
    "accounts.RecoveryCode.user": "hashes of codes they have printed",
    "accounts.AuthenticatorApp.user": OFFICE,
    "accounts.AccessEvent.whose": "access_log",
    "accounts.AccessEvent.by": "in the log of whose data it was",
    "accounts.NoticeChoice.user": "notices",
    "accounts.DataExport.user": "the copies themselves; asking is in the access log",
    "accounts.EmailProposal.user": "email_changes",
    "accounts.EmailProposal.proposed_by": OFFICE,
    "accounts.EmailProposal.decided_by": OFFICE,
    "accounts.EmailChange.user": "email_changes",
    "accounts.Registration.invited_by": OFFICE,
    "accounts.TermsVersion.published_by": OFFICE,
    "accounts.TermsDraft.saved_by": OFFICE,
    "accounts.TermsAcceptance.user": "terms",
    "metering.SubmittedReading.submitted_by": "submitted_readings",
    "metering.ReadingPhoto.added_by": "submitted_readings",
    "contracts.Renewal.agreed_by": "renewals",
    "metering.GaugeReading.submitted_by": "gauge_readings",
    "metering.ReadingDraft.user": "typed and not sent; in the readings once it is sent",
    "billing.PayerRequest.asked_by": "requests",
    "billing.DocumentArchive.asked_by": "copies of documents that are in the copy themselves, for a day",
    "notifications.CalendarAddress.user": "a hash of the private address of their calendar",
    "notifications.SentNotice.user": "messages",
    "notifications.Rhythm.user": "how often they want to be written to, beside which messages",
    "moving.MoveOut.given_by": "moves",
    "moving.MoveAnswer.answered_by": OFFICE,
    "orders.GasOrder.ordered_by": "orders",
    "orders.CylinderOrder.ordered_by": "cylinder_orders",
    "orders.HandOver.user": "web_forms",
    "publishing.CrisisNotice.published_by": OFFICE,
    "publishing.CrisisNotice.taken_back_by": OFFICE,
    "publishing.PageVersion.published_by": OFFICE,
    "publishing.PageDraft.saved_by": OFFICE,
    "publishing.InvoicePicture.published_by": OFFICE,
    "publishing.InvoicePicture.taken_back_by": OFFICE,
    "support.Enquiry.sent_by": "enquiries",
    "metering.ReadingJudgement.judged_by": OFFICE,
    "orders.OrderStep.answered_by": OFFICE,
    "contracts.RenewalAnswer.answered_by": OFFICE,
    "billing.RequestAnswer.answered_by": OFFICE,
    "support.Enquiry.assigned_to": OFFICE,
    "support.Entry.written_by": "enquiry_messages",
    "support.AnswerTemplate.saved_by": OFFICE,
    "supply.FeedRun.decided_by": OFFICE,
    "linking.PlaceGroup.user": "supply_points",
    "linking.Link.user": "supply_points",
    "linking.LinkAttempt.user": "link_attempts",
    "linking.ClosedPayer.reopened_by": OFFICE,
    "linking.ProvenPayer.user": MINUTES,
    "linking.LinkCode.printed_by": OFFICE,
    "linking.LinkCode.second_printed_by": OFFICE,
    "linking.LinkCode.used_by": "supply_points",
    "linking.LinkProposal.user": "the office's act is in the access log",
    "linking.LinkProposal.proposed_by": OFFICE,
    "linking.LinkProposal.decided_by": OFFICE,
}
"""Every column that points at a person: the section of the copy of their data that holds it, or why none does."""
STAYS = {
    "accounts.AccessEvent.whose": "emptied",
    "accounts.AccessEvent.by": "network address emptied",
    "accounts.EmailProposal.user": "emptied",
    "accounts.TermsAcceptance.user": "network address emptied",
    "metering.SubmittedReading.submitted_by": "a number of a meter, for the supplier",
    "metering.ReadingPhoto.added_by": "deleted with its file",
    "contracts.Renewal.agreed_by": "what was agreed about the payer's contract; of the person nothing",
    "metering.GaugeReading.submitted_by": "how full a tank was, for the supplier",
    "billing.PayerRequest.asked_by": "e-mail address and bank account emptied",
    "moving.MoveOut.given_by": "address of the last bill emptied",
    "orders.GasOrder.ordered_by": "phone and note emptied",
    "orders.CylinderOrder.ordered_by": "name, address, phone and note emptied",
    "orders.HandOver.user": "when, nothing else",
    "support.Enquiry.sent_by": "emptied",
    "support.Entry.written_by": "emptied",
    "linking.Link.user": "ended, its name emptied",
    "linking.LinkAttempt.user": "network address emptied",
    "linking.ProvenPayer.user": "when, nothing else",
    "linking.LinkCode.used_by": "when, nothing else",
    "linking.LinkProposal.user": "reason emptied",
}
"""Of the people outside the office: what is not deleted with the account, and what erasing does to it."""


def test_the_slovene_catalogue_is_complete():
    assert catalogue.problems() == []


@pytest.mark.django_db
def test_no_migration_is_missing():
    call_command("makemigrations", "--check", "--dry-run", stdout=StringIO())


def test_what_is_kept_of_a_person_is_in_their_copy_or_says_why_not():
    sections = {section.key for section in SECTIONS}
    assert sorted(map(named, relations_to(User))) == sorted(ABOUT_A_PERSON)
    assert {told for told in ABOUT_A_PERSON.values() if " " not in told} <= sections


def test_what_is_kept_of_a_person_goes_with_the_account_or_says_what_becomes_of_it():
    """Whoever adds a line lets `erase` see to it, and `given_traces` of tests/web/test_closing.py leave one of it."""
    kept = {named(relation) for relation in relations_to(User) if relation.on_delete is not CASCADE}
    assert kept - {name for name, told in ABOUT_A_PERSON.items() if told is OFFICE} == set(STAYS)


def named(relation):
    return f"{relation.related_model._meta.label}.{relation.field.name}"


def test_migrations_lean_on_nothing_that_changes_unseen():
    """A copy of a migrated database is known by the migrations and by the foundation (tests/migrated.py)."""
    written = [path.read_text("utf-8") for path in (Path(__file__).parent.parent / "mojplin").rglob("migrations/*.py")]
    leaned_on = {name for source in written for name in re.findall(r"(?:from|import) (mojplin\S*)", source)}
    assert leaned_on
    assert [name for name in leaned_on if not name.startswith("mojplin.foundation")] == []
