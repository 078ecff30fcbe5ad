"""The address for machines that watch the portal, and the office's page of the same checks."""

import json
import shutil
from datetime import timedelta
from unittest.mock import patch

import time_machine
from django.db import OperationalError, connection

from mojplin.domain.supply.models import FeedRun
from mojplin.foundation.heartbeat import beat
from mojplin.foundation.outbox.models import Message
from tests.cast import Customer, PortalTestCase, Visitor, moment

NOW = moment(2026, 11, 26)


class HealthTests(PortalTestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        FeedRun.objects.create(folder="f", started_at=NOW, made_at=NOW - timedelta(hours=9), state="taken_in")
        beat(NOW - timedelta(minutes=5))
        beat(NOW - timedelta(seconds=7))

    def told(self, *, status: int = 200) -> dict[str, dict[str, object]]:
        with time_machine.travel(NOW, tick=False):
            answer = Visitor().opens("/zdravje/", status=status)
        told = json.loads(answer.content)
        assert told["ok"] == (status == 200)
        return told["checks"]

    def fails(self, name: str) -> object:
        checks = self.told(status=503)
        assert [each for each, check in checks.items() if not check["ok"]] == [name]
        return checks[name]["value"]

    def given_waiting(self, topic: str, since: timedelta) -> None:
        message = Message.post(topic)
        Message.objects.filter(pk=message.pk).update(created_at=NOW - since)

    def test_all_is_well_and_nothing_secret_is_told(self):
        checks = self.told()
        assert list(checks) == ["database", "worker", "sign_in_mail", "outbox", "disk", "export"]
        assert checks["worker"] == {"ok": True, "value": 7, "limit": 60, "unit": "s"}
        assert checks["export"] == {"ok": True, "value": 9 * 3600, "limit": 60 * 3600, "unit": "s"}
        assert checks["outbox"]["value"] is None

    def test_a_silent_worker_is_told(self):
        with patch("mojplin.domain.office.health.last_beat", return_value=NOW - timedelta(seconds=61)):
            assert self.fails("worker") == 61

    def test_what_waits_too_long_is_told(self):
        self.given_waiting("erp.reading.submitted", timedelta(minutes=30))
        self.told()
        self.given_waiting("erp.reading.submitted", timedelta(minutes=30, seconds=1))
        assert self.fails("outbox") == 1801

    def test_a_late_sign_in_mail_is_told_much_sooner(self):
        self.given_waiting("sign_in_mail", timedelta(seconds=61))
        assert self.fails("sign_in_mail") == 61

    def test_old_data_of_the_supplier_is_told(self):
        FeedRun.objects.update(made_at=NOW - timedelta(hours=60, seconds=1))
        assert self.fails("export") == 60 * 3600 + 1

    def test_a_full_disk_is_told(self):
        for free, is_ok in ((5, True), (4, False)):
            usage = shutil._ntuple_diskusage(total=1000, used=1000 - 10 * free, free=10 * free)
            with patch("shutil.disk_usage", return_value=usage):
                assert self.told() if is_ok else self.fails("disk") == 4

    def test_a_database_that_does_not_answer_is_told_and_not_a_broken_page(self):
        class Gone:
            def __enter__(self) -> None:
                raise OperationalError("could not connect to server at 10.0.0.7")

            def __exit__(self, *_fault: object) -> None: ...

        with patch.object(connection, "cursor", return_value=Gone()):
            checks = self.told(status=503)
        assert not checks["database"]["ok"] and list(checks) == ["database", "disk"]

    def test_it_takes_four_statements_also_in_english(self):
        with self.assertNumQueries(4), time_machine.travel(NOW, tick=False):
            Visitor().opens("/en/health/")

    def test_the_office_reads_the_same_in_words(self):
        with time_machine.travel(NOW, tick=False):
            nika = Customer("Nika", role="reader")
            page = nika.opens("/urad/zdravje/").content.decode()
            assert "Vse deluje." in page and "največ 60 ur" in page and "/zdravje/" in page
            self.given_waiting("sign_in_mail", timedelta(seconds=61))
            with self.assertNumQueries(5):
                page = nika.opens("/urad/zdravje/").content.decode()
            assert "Sporočila za prijavo zamujajo" in page and "61 s" in page
            assert "Sign-in messages are late" in nika.opens("/en/office/health/").content.decode()
