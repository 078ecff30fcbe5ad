"""A held export that a person accepted is really taken in: once, as it was looked at, and also after a crash."""

import subprocess
import time
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.core.management import call_command
from django.utils import timezone

from mojplin.domain.accounts.models import AccessEvent
from mojplin.domain.office.held_exports import AlreadyDecided, Overtaken, accept_export, reject_export
from mojplin.domain.supply.models import FeedRun, Payer, SetAsideRow
from mojplin.foundation.mail import DemoMail
from mojplin.interfaces.erp import accepted
from mojplin.interfaces.erp.feed import intake, runs
from tests.cast import Customer, moment
from tests.erp.feeds import Feed, everything, exit_code_of, last_run
from tests.erp.test_feed_faults import ROOT, environment_of_this_database
from tests.mailbox import mails_to

NOON = moment(2026, 11, 26)


def held(tmp_path: Path, *, many: int = 20) -> FeedRun:
    """An export is taken in, and the next one, without some of its payers and with another name, is held."""
    feed = Feed()
    for number in range(many):
        feed.add("payers.csv", payer_number=f"3{number}")
    assert exit_code_of(feed.write(tmp_path / "first")) == 0
    del feed.rows["payers.csv"][-max(3, many // 10) :]
    feed.change("payers.csv", name="Nekdo Drug")
    feed.add("payers.csv", payer_number="999", tax_number="1")
    assert exit_code_of(feed.write(tmp_path / "second", sequence=2)) == 3
    return last_run()


def accept(run: FeedRun) -> None:
    dora = Customer("Dora", role="admin", signed_in=False)
    accept_export(run=run, reason="Res je manj plačnikov.", by=dora.user, now=NOON, ip=None)


@pytest.mark.django_db
class TestTelling:
    @time_machine.travel(NOON, tick=False)
    def test_each_administrator_is_told_once_what_is_different_and_where_to_decide(self, tmp_path):
        for name, role in (("Dora", "admin"), ("Erik", "admin"), ("Nika", "clerk"), ("Ana", "customer")):
            Customer(name, role=role, signed_in=False)
        run = held(tmp_path)
        (mail,) = mails_to("dora@example.si")
        assert mail.subject == "Izvoz čaka na vašo odločitev"
        assert "V datoteki payers.csv je vrstic 19, zadnjič jih je bilo 21." in mail.text
        assert "documents.csv" not in mail.text and f"/urad/izvozi/{run.pk}/" in mail.text

        assert exit_code_of(tmp_path / "second") == 3  # the ERP's scheduler sends it once more
        mails_to("")
        assert sorted(DemoMail.objects.values_list("to", flat=True)) == ["dora@example.si", "erik@example.si"]

    @time_machine.travel(NOON, tick=False)
    def test_an_export_held_again_after_it_was_rejected_is_told_anew(self, tmp_path):
        dora = Customer("Dora", role="admin", signed_in=False)
        reject_export(run=held(tmp_path), reason="Preverimo.", by=dora.user, now=NOON, ip=None)
        assert exit_code_of(tmp_path / "second") == 3
        assert len(mails_to("dora@example.si")) == 2


@pytest.mark.django_db
class TestDifference:
    def test_who_decides_sees_what_would_change_in_each_file(self, tmp_path):
        difference = held(tmp_path).difference
        payers = {"before": 21, "now": 19, "is_too_few": True, "added": 0, "changed": 1}
        assert difference["files"]["payers.csv"] == payers
        assert difference["files"]["documents.csv"] == {
            "before": 1, "now": 1, "is_too_few": False, "added": 0, "changed": 0,
        }  # fmt: skip
        assert difference["payers"] == {"paying": 1, "ended": 0, "is_too_many": False, "numbers": []}

    def test_who_decides_sees_which_payers_would_end(self, tmp_path):
        feed = Feed()
        exit_code_of(feed.write(tmp_path))
        feed.change("payer_periods.csv", ends_on="2026-11-01")
        assert exit_code_of(feed.write(tmp_path, sequence=2)) == 3
        number = feed.rows["payers.csv"][0]["payer_number"]
        assert last_run().difference["payers"] == {
            "paying": 1, "ended": 1, "is_too_many": True, "numbers": [number],
        }  # fmt: skip


@pytest.mark.django_db
class TestAccepted:
    def test_it_is_taken_in_under_its_own_record_with_what_was_set_aside_once(self, tmp_path):
        run = held(tmp_path)
        assert SetAsideRow.objects.filter(run=run).count() == 1
        accept(run)
        call_command("take_in_accepted")
        run.refresh_from_db()
        assert (run.state, run.attempts, run.counts["payers.csv"]["changed"]) == ("taken_in", 1, 1)
        assert Payer.objects.filter(name="Nekdo Drug").count() == 1
        assert SetAsideRow.objects.filter(run=run).count() == 1
        assert FeedRun.objects.count() == 2

    def test_nothing_is_taken_in_before_or_twice(self, tmp_path):
        run = held(tmp_path)
        assert intake.take_in_accepted(now=timezone.now) is None
        accept(run)
        assert intake.take_in_accepted(now=timezone.now) == run
        before = everything()
        assert intake.take_in_accepted(now=timezone.now) is None
        assert everything() == before

    def test_another_export_in_the_same_folder_is_not_what_was_looked_at(self, tmp_path):
        run, before = held(tmp_path), everything()
        accept(run)
        feed = Feed()
        feed.change("payers.csv", name="Čisto Tretji")
        feed.write(tmp_path / "second", sequence=2)
        intake.take_in_accepted(now=timezone.now)
        run.refresh_from_db()
        assert run.state == "refused" and "another export" in run.reason
        assert everything() == before

    def test_a_folder_that_is_gone_is_said(self, tmp_path):
        run = held(tmp_path)
        accept(run)
        (tmp_path / "second").rename(tmp_path / "elsewhere")
        intake.take_in_accepted(now=timezone.now)
        run.refresh_from_db()
        assert run.state == "refused" and "missing" in run.reason

    def test_what_was_cut_off_is_begun_again_but_not_for_ever(self, tmp_path):
        run = held(tmp_path)
        accept(run)
        for attempt in range(1, runs.MOST_ATTEMPTS + 1):
            begun = runs.begin_accepted(NOON)
            assert begun is not None and (begun.pk, begun.attempts, begun.state) == (run.pk, attempt, "running")
        assert runs.begin_accepted(NOON) is None
        run.refresh_from_db()
        assert run.state == "refused" and "three times" in run.reason

    def test_the_nightly_run_leaves_it_to_be_begun_again(self, tmp_path):
        run = held(tmp_path)
        accept(run)
        runs.begin_accepted(NOON)
        exit_code_of(Feed().write(tmp_path / "bad", payers=b""))
        run.refresh_from_db()
        assert run.state == "accepted"


@pytest.mark.django_db
class TestDecision:
    def test_it_is_made_once_and_stands_in_the_log(self, tmp_path):
        run = held(tmp_path)
        accept(run)
        eva = Customer("Eva", role="admin", signed_in=False).user
        with pytest.raises(AlreadyDecided):
            reject_export(run=run, reason="Ne.", by=eva, now=NOON, ip=None)
        event = AccessEvent.objects.get(what="export_accepted")
        assert (event.by.username, event.about, event.reason) == ("Dora", "2", "Res je manj plačnikov.")
        assert event.whose is None

    def test_one_that_was_overtaken_can_only_be_rejected(self, tmp_path):
        run = held(tmp_path)
        exit_code_of(Feed().write(tmp_path / "third", sequence=3), "--even-if-smaller")
        with pytest.raises(Overtaken):
            accept(run)
        eva = Customer("Eva", role="admin", signed_in=False).user
        reject_export(run=run, reason="Prestar.", by=eva, now=NOON, ip=None)
        run.refresh_from_db()
        assert (run.state, run.decided_by, run.decision_reason) == ("rejected", eva, "Prestar.")


@pytest.mark.django_db
class TestWorker:
    @pytest.fixture
    def started(self, monkeypatch):
        begun = []

        class Process:
            def __init__(self, command: list[str], **_facts: object) -> None:
                self.code: int | None = None
                begun.append(self)

            def poll(self) -> int | None:
                return self.code

        monkeypatch.setattr(accepted.subprocess, "Popen", Process)
        monkeypatch.setattr(accepted, "_at_work", [])
        return begun

    def test_it_begins_at_once_and_only_one(self, started, tmp_path):
        run = held(tmp_path)
        accepted.take_in_what_was_accepted(NOON)
        assert started == []
        accept(run)
        for second in range(3):
            accepted.take_in_what_was_accepted(NOON + timedelta(seconds=10 * second))
        assert len(started) == 1

    def test_what_a_crash_left_running_is_begun_again(self, started, tmp_path):
        run = held(tmp_path)
        accept(run)
        accepted.take_in_what_was_accepted(NOON)
        runs.begin_accepted(NOON)
        started[0].code = -9
        accepted.take_in_what_was_accepted(NOON + timedelta(seconds=10))
        assert len(started) == 2


@pytest.mark.django_db(transaction=True)
def test_killed_in_the_middle_it_is_the_old_data_or_the_new_and_then_the_new(tmp_path, own_document_store):
    run = held(tmp_path, many=400)
    before = everything()
    accept(run)

    child = subprocess.Popen(
        accepted.COMMAND, cwd=ROOT, env=environment_of_this_database(own_document_store), stdout=subprocess.DEVNULL
    )
    end = time.monotonic() + 60
    while time.monotonic() < end and not FeedRun.objects.filter(pk=run.pk, state="running").exists():
        time.sleep(0.01)
    child.kill()
    child.wait()
    run.refresh_from_db()
    assert run.state == "taken_in" or everything() == before
    call_command("take_in_accepted")
    run.refresh_from_db()
    assert run.state == "taken_in" and Payer.objects.filter(name="Nekdo Drug").count() == 1
