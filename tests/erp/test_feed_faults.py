"""Whatever is done to an export or to the run: the old data or the new, never a mix."""

import os
import random
import tempfile
import time
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from mojplin.domain.supply.models import FeedRun, Payer
from mojplin.interfaces.erp.contract import FILES
from tests.erp.feeds import Feed, everything, exit_code_of, last_run
from tests.warmed import Warmed

ROOT = Path(__file__).resolve().parents[2]
KILLS = 20
TAKE_IN, FEED = "django.core.management:call_command", "mojplin.interfaces.erp.management.commands.take_in"
NAMES = [file.name.removesuffix(".csv") for file in FILES]


def environment_of_this_database(store: Path) -> dict[str, str]:
    """Return the environment in which `manage.py` works on the database of the test."""
    facts = connection.settings_dict
    return os.environ | {
        "DJANGO_SETTINGS_MODULE": "tests.erp.kill_settings",
        "KILL_DATABASE_NAME": str(facts["NAME"]),
        "KILL_STORE": str(store),
        "MOJPLIN_DATA_DIR": str(settings.DATA_DIR),
    }


def two_exports(tmp_path: Path) -> list[Path]:
    feed = Feed()
    for number in range(3000):
        feed.add("documents.csv", document_number=f"26-{number}")
        feed.add("payers.csv", payer_number=f"3{number}")
    folders = []
    for name in ("Ana Novak", "Bojan Novak"):
        for row in feed.rows["payers.csv"]:
            row["name"] = name
        for row in feed.rows["documents.csv"]:
            row["purpose"] = name
        folders.append(feed.write(tmp_path / name.split()[0]))
    return folders


@pytest.mark.django_db(transaction=True)
def test_a_run_killed_at_any_moment_leaves_the_old_data_or_the_new(tmp_path, own_document_store):
    old, new = ([TAKE_IN, "take_in", str(folder)] for folder in two_exports(tmp_path))
    with Warmed(environment_of_this_database(own_document_store), [FEED]) as runs:
        assert runs.run(*new) == 0
        after = everything()
        started = time.monotonic()
        assert runs.run(*old) == 0
        whole_run = time.monotonic() - started
        before = everything()
        assert before != after
        seen = set()
        moments = random.Random(26)

        for _kill in range(KILLS):
            runs.start(*new)
            if runs.ended(within_seconds=moments.uniform(0, 1.05) * whole_run) is None:
                runs.kill()
                runs.ended()
            now = everything()
            assert now in (before, after)
            seen.add(now == after)
            if now == after:
                assert runs.run(*old) == 0

        assert runs.run(*new) == 0
    assert everything() == after
    assert not FeedRun.objects.filter(state=FeedRun.State.RUNNING).exists()
    assert False in seen


@pytest.mark.django_db
@hypothesis_settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(
    name=st.sampled_from(NAMES),
    cut=st.floats(0, 1),
    removed=st.integers(0, 12),
    put=st.one_of(st.binary(max_size=12), st.text(max_size=8).map(lambda text: text.encode("utf-8", "replace"))),
)
def test_no_mangled_file_crashes_a_run_or_goes_in_by_half(own_document_store, name, cut, removed, put):
    content = Feed().csv(f"{name}.csv").encode()
    place = int(cut * len(content))
    mangled = content[:place] + put + content[place + removed :]
    before = everything()
    with tempfile.TemporaryDirectory() as folder:
        code = exit_code_of(Feed().write(Path(folder), **{name: mangled}), "--even-if-smaller")

    assert code in (0, 1, 2)
    assert last_run().state == (FeedRun.State.REFUSED if code == 1 else FeedRun.State.TAKEN_IN)
    if code == 1:
        assert everything() == before


@pytest.mark.django_db
def test_a_fault_in_the_middle_of_the_swap_undoes_all_of_it(tmp_path, monkeypatch):
    exit_code_of(Feed().write(tmp_path))
    before = everything()
    feed = Feed()
    feed.change("payers.csv", name="Nekdo Drug")

    def broken(**_facts: object) -> int:
        raise RuntimeError("the disk is full")

    monkeypatch.setattr("mojplin.interfaces.erp.feed.intake.end_links_of_former_payers", broken)
    with pytest.raises(RuntimeError):
        exit_code_of(feed.write(tmp_path, sequence=2))

    assert everything() == before
    assert Payer.objects.get().name == "Marjeta Hribar"
    assert last_run().state == FeedRun.State.REFUSED
