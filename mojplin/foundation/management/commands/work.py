"""The worker: runs queued tasks; every ten seconds it repairs what a crash left and looks whether all is well."""

import itertools
import logging
import os
import secrets
import threading
from typing import Any

import structlog
from django.core.management.base import BaseCommand
from django.db import InterfaceError, OperationalError, connection
from django.utils import timezone
from django_tasks_db.management.commands.db_worker import Worker

from mojplin.foundation.housekeeping import do_hourly_chores, do_watches
from mojplin.foundation.outbox.tasks import tick

TICK_SECONDS = 10
TICKS_PER_HOUR = 360
LOOK_SECONDS = 0.5
log = structlog.get_logger(__name__)


class Command(BaseCommand):
    help = "Deliver mails and messages to the ERP, until stopped."

    def handle(self, **options: Any) -> None:
        for noisy in ("django_tasks", "django_tasks_db"):
            logging.getLogger(noisy).setLevel(logging.ERROR)
        threading.Thread(target=tick_for_ever, daemon=True).start()
        worker = Worker(
            queue_names=["default"],
            excluded_queue_names=[],
            interval=LOOK_SECONDS,
            batch=False,
            backend_name="default",
            startup_delay=False,
            max_tasks=None,
            worker_id=f"{os.getpid()}-{secrets.token_hex(4)}",
        )
        worker.configure_signals()
        while worker.running:
            try:
                worker.run()
            except (OperationalError, InterfaceError):
                wait_for_database()


def tick_for_ever() -> None:
    pause = threading.Event()
    for count in itertools.count():
        try:
            tick(timezone.now())
            do_watches(timezone.now())
            if count % TICKS_PER_HOUR == 0:
                do_hourly_chores(timezone.now())
        except (OperationalError, InterfaceError):
            log.warning("tick_without_database")
            connection.close()
        pause.wait(TICK_SECONDS)


def wait_for_database() -> None:
    log.error("database_unreachable")
    connection.close()
    threading.Event().wait(2)
