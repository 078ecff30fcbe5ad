"""The copy of a person's data: asked for, made by the worker, taken once, deleted after 24 hours.

"Once" counts when the whole file has been sent: a download that broke on a train may be begun again. Until then the
file lies outside of what the web server serves, under a random name, and only its owner gets it. Whoever loses a place
loses the copy made before with it.
"""

import os
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone, translation

from mojplin.domain.accounts import access_log
from mojplin.domain.accounts.models import AccessEvent, DataExport, User
from mojplin.domain.linking.models import Link, Role
from mojplin.domain.own_data.archive import write_archive
from mojplin.foundation import formats, mail
from mojplin.foundation.outbox.delivery import GIVE_UP_AFTER, deliverer
from mojplin.foundation.outbox.models import Message

TOPIC = "data_export"
GOOD_FOR = timedelta(hours=24)
PIECE_BYTES = 64 * 1024
State = DataExport.State


def newest_export(user: User) -> DataExport | None:
    return DataExport.objects.filter(user=user).order_by("-asked_at", "-pk").first()


def is_open(export: DataExport, now: datetime) -> bool:
    """Return whether the file can be taken at `now`."""
    return export.state == State.READY and not _over(now).filter(pk=export.pk).exists()


def _over(now: datetime) -> "QuerySet[DataExport]":
    """Return the files whose 24 hours are over, whose person holds a place no more that may be in it, or whose account
    somebody else may hold since."""
    lost = Link.objects.filter(user=OuterRef("user"), role=Role.HOLDER, ended_at__gte=OuterRef("asked_at"))
    in_doubt = Q(user__prove_again_since__gte=F("asked_at"))
    return DataExport.objects.filter(Q(expires_at__lte=now) | Exists(lost) | in_doubt, state=State.READY)


def ask_for_export(*, by: User, language: str, now: datetime, ip: str | None) -> None:
    """Ask for a copy; while one is being made or waits to be taken, nothing more is asked."""
    _over(now).filter(user=by).update(state=State.EXPIRED)
    try:
        with transaction.atomic():
            export = DataExport.objects.create(user=by, language=language, asked_at=now)
            Message.post(TOPIC, export=export.public_id)
            access_log.record(whose=by, what=AccessEvent.What.EXPORT_ASKED, by=by, now=now, ip=ip)
    except IntegrityError:  # the constraint "one at a time" said no
        return


@deliverer(TOPIC)
def make_export(message: Message) -> None:
    """Make the file, whole or not at all, then say it is ready; a fault is tried again by the outbox."""
    waiting = DataExport.objects.select_related("user")
    export = waiting.filter(public_id=message.payload["export"], state=State.WAITING).first()
    if export is None:
        return
    path = file_of(export)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    unfinished = path.with_suffix(".part")
    with translation.override(export.language), unfinished.open("wb") as file:
        told = partial(_tell_progress, export)
        write_archive(file, user=export.user, now=timezone.now(), told=told)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)
    _say_ready(export, path.stat().st_size, timezone.now())


def _tell_progress(export: DataExport, done: int, of: int) -> None:
    DataExport.objects.filter(pk=export.pk, state=State.WAITING).update(steps_done=done, steps_all=of)


@transaction.atomic
def _say_ready(export: DataExport, size_bytes: int, now: datetime) -> None:
    expires_at = now + GOOD_FOR
    ready = DataExport.objects.filter(pk=export.pk, state=State.WAITING)
    if not ready.update(state=State.READY, size_bytes=size_bytes, ready_at=now, expires_at=expires_at):
        delete_file(export)  # erased or given up meanwhile
        return
    user = export.user
    language = formats.language_of(user.language)
    here = timezone.localtime(expires_at)
    until = {"day": formats.day_in_sentence(here, language), "time": formats.clock(here, language)}
    context = {"name": user.addressed_as} | until
    mail.post(
        to=user.email, template="own_data/mail/export_ready", context=context, language=language, expires_at=expires_at
    )


def pieces_of(export: DataExport, *, by: User, ip: str | None) -> Iterator[bytes]:
    """Give the file piece by piece; when all of it has been taken, it is gone.

    :raises FileNotFoundError: it was taken or deleted a moment ago.
    """
    file = file_of(export).open("rb")

    def pieces() -> Iterator[bytes]:
        with file:
            while piece := file.read(PIECE_BYTES):
                yield piece
        _say_taken(export, by, timezone.now(), ip)

    return pieces()


def _say_taken(export: DataExport, by: User, now: datetime, ip: str | None) -> None:
    with transaction.atomic():
        if DataExport.objects.filter(pk=export.pk, state=State.READY).update(state=State.TAKEN, taken_at=now):
            access_log.record(whose=export.user, what=AccessEvent.What.EXPORT_DOWNLOADED, by=by, now=now, ip=ip)
    delete_file(export)


def delete_expired(now: datetime) -> None:
    """Delete the files that are over or that nobody knows, and give up copies that could not be made."""
    _over(now).update(state=State.EXPIRED)
    DataExport.objects.filter(state=State.WAITING, asked_at__lt=now - GIVE_UP_AFTER).update(state=State.FAILED)
    there = list(settings.EXPORT_DIR.glob("*"))  # looked at first: what comes meanwhile is not in the list
    wanted = set(DataExport.objects.filter(state__in=[State.READY, State.WAITING]).values_list("public_id", flat=True))
    for path in there:
        if path.stem not in wanted:
            path.unlink(missing_ok=True)


def file_of(export: DataExport) -> Path:
    return Path(settings.EXPORT_DIR) / f"{export.public_id}.zip"


def delete_file(export: DataExport) -> None:
    file_of(export).unlink(missing_ok=True)
