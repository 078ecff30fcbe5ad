"""Twenty presses of one button at once, on a real database: every reading of the table is sent once."""

from datetime import date

from django.test import TransactionTestCase

from mojplin.domain.linking.access import places_of
from mojplin.domain.metering.bulk import Typed
from mojplin.domain.metering.drafts import Entry, save_drafts, send_drafts
from mojplin.domain.metering.models import SubmittedReading
from mojplin.foundation.outbox.models import Message
from tests.cast import Customer, Scenes, moment
from tests.web.test_sign_in_parallel import at_once

NOW = moment(2026, 11, 26, 18, 47)
TODAY = date(2026, 11, 26)


class ParallelSending(TransactionTestCase, Scenes):
    def test_every_reading_is_sent_once(self):
        bojan, firm = Customer("Bojan"), self.given_payer(serial=2)
        for number in (1, 2, 3):
            point = self.given_supply_point(firm, f"2000-{number}")
            self.given_meter(point)
            self.given_link(bojan, firm, point, name=f"Apartma {number}")
        points = [each.to_read for each in places_of(bojan.user.pk)]
        save_drafts([Entry(each, Typed("41"), "table") for each in points], by=bojan.user, today=TODAY, now=NOW)
        sent = at_once(lambda _n: send_drafts(points, by=bojan.user, today=TODAY, now=NOW))
        assert sum(each.taken for each in sent) == 3
        assert list(SubmittedReading.objects.values_list("version", flat=True)) == [1, 1, 1]
        assert Message.objects.filter(topic="erp.reading.submitted").count() == 3
        assert Message.objects.filter(topic="mail").count() == 1
