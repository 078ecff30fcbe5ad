"""Many at once on a real database: one draft is begun, one version published, one agreement kept."""

from datetime import date

from django.test import TransactionTestCase
from django.utils import timezone

from mojplin.domain.accounts.consent import accept_terms
from mojplin.domain.accounts.models import Acceptors, TermsAcceptance, TermsDraft, TermsVersion
from mojplin.domain.accounts.publishing import DraftChanged, publish_draft, publish_first_terms, save_draft
from mojplin.foundation.outbox.models import Message
from tests.cast import Customer
from tests.web.test_sign_in_parallel import AT_ONCE, at_once

TODAY = date(2026, 11, 24)
WHOLE = {
    "text_sl": "A", "text_en": "B", "summary_sl": "C", "summary_en": "D", "effective_on": date(2027, 2, 1),
    "acceptors": Acceptors.EVERYONE,
}  # fmt: skip


class ParallelTerms(TransactionTestCase):
    def setUp(self) -> None:
        self.first = publish_first_terms(today=TODAY, now=timezone.now())
        self.ada = Customer("Ada", role="admin").user

    def test_of_twenty_who_save_or_publish_at_once_one_does(self):
        begun = at_once(lambda _n: save_draft(revision=0, by=self.ada, now=timezone.now(), **WHOLE).version)
        self.assertEqual(sorted(map(str, begun)), sorted(["2", *[str(DraftChanged)] * (AT_ONCE - 1)]))
        saved = at_once(lambda _n: save_draft(revision=1, by=self.ada, now=timezone.now(), **WHOLE).revision)
        self.assertEqual(saved.count(2), 1)
        at_once(lambda _n: publish_draft(revision=2, by=self.ada, today=TODAY, now=timezone.now()))
        self.assertEqual(TermsVersion.objects.count(), 2)
        self.assertFalse(TermsDraft.objects.exists())
        self.assertEqual(Message.objects.filter(topic="notices_news").count(), 1)

    def test_agreeing_twenty_times_at_once_is_agreeing_once(self):
        given = {"label": "Da", "language": "sl", "ip": None, "now": timezone.now()}
        at_once(lambda _n: accept_terms(user=self.ada, terms=self.first, **given).pk)
        self.assertEqual(TermsAcceptance.objects.count(), 1)
        self.assertEqual(Message.objects.filter(topic="terms_copy").count(), 1)
