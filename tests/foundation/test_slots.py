"""So many at once on a machine: across threads and processes, and a crash frees its place."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from mojplin.foundation.slots import NoFreeSlot, slot

ROOT = Path(__file__).resolve().parents[2]
HOLDER = """
import os, sys, time
from django.conf import settings
settings.configure(DATA_DIR=sys.argv[1])
from mojplin.foundation.slots import slot
with slot("work", count=1, wait_seconds=0):
    print("held", flush=True)
    time.sleep(600)
"""


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    return tmp_path


def test_beyond_the_count_nobody_gets_in_until_somebody_leaves():
    with slot("work", count=2, wait_seconds=0):
        with slot("work", count=2, wait_seconds=0):
            with pytest.raises(NoFreeSlot), slot("work", count=2, wait_seconds=0.05):
                pass
            with slot("other", count=1, wait_seconds=0):
                pass
        with slot("work", count=2, wait_seconds=0):
            pass


def test_a_fault_inside_gives_the_slot_back():
    with pytest.raises(ValueError, match="inside"), slot("work", count=1, wait_seconds=0):
        raise ValueError("inside")
    with slot("work", count=1, wait_seconds=0):
        pass


def test_another_process_counts_and_its_crash_frees_the_slot(own_folder):
    command = [sys.executable, "-c", HOLDER, str(own_folder)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as holder:
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(NoFreeSlot), slot("work", count=1, wait_seconds=0):
            pass
        os.kill(holder.pid, signal.SIGKILL)
    with slot("work", count=1, wait_seconds=60):
        pass
