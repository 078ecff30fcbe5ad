"""Several documents as one ZIP: asked for, made by the worker with progress, given out for a day.

What one may have is looked at when it is asked for, when it is made, and each time it is taken: whoever no longer sees
one of its documents gets none of it.
"""

import os
import zipfile
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import structlog
from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mojplin.domain.accounts.models import User
from mojplin.domain.billing.models import Document, DocumentArchive, DocumentQuerySet
from mojplin.domain.linking.access import Place, documents_at, payers_kept_back, places_of
from mojplin.domain.own_data.document_files import copy_pdf, copy_xml
from mojplin.domain.own_data.files import flat_name
from mojplin.foundation import formats, mail
from mojplin.foundation.errors import Refused
from mojplin.foundation.files import Damaged, opened
from mojplin.foundation.outbox.delivery import GIVE_UP_AFTER, deliverer
from mojplin.foundation.outbox.models import Message

TOPIC = "document_archive"
GOOD_FOR = timedelta(hours=24)
MOST_DOCUMENTS = 1000
TOLD_EVERY = 10
PIECE_BYTES = 64 * 1024
State = DocumentArchive.State
log = structlog.get_logger(__name__)


class NothingToDownload(Refused):
    message = gettext_lazy("There is no document here that you could download.")


class TooManyDocuments(Refused):
    message = gettext_lazy("At most 1,000 documents fit into one file. Choose a year first, or only some of them.")


def given_out(places: Sequence[Place]) -> DocumentQuerySet:
    """Return the documents whose files these places give out: where one may pay and has nothing to prove again."""
    kept_back = payers_kept_back(places)
    return documents_at(place for place in places if place.may_pay and place.payer_id not in kept_back)


def newest_archive(user: User) -> DocumentArchive | None:
    return DocumentArchive.objects.filter(asked_by=user).order_by("-asked_at", "-pk").first()


def is_open(archive: DocumentArchive, now: datetime) -> bool:
    """Return whether the file may be taken: in time, and every document in it still shown to who asked."""
    if archive.state != State.READY or archive.expires_at is None or archive.expires_at <= now:
        return False
    shown = given_out(places_of(archive.asked_by_id)).filter(pk__in=archive.document_ids).count()
    return shown == len(archive.document_ids) and file_of(archive).exists()


def ask_for_archive(*, documents: DocumentQuerySet, by: User, language: str, now: datetime) -> None:
    """Ask for these documents in one file; while another one is being made, nothing more is asked.

    :param documents: of `given_out`.
    :raises NothingToDownload, TooManyDocuments:
    """
    keys = list(documents.newest_first().values_list("pk", flat=True)[: MOST_DOCUMENTS + 1])
    if not keys:
        raise NothingToDownload
    if len(keys) > MOST_DOCUMENTS:
        raise TooManyDocuments
    try:
        with transaction.atomic():
            DocumentArchive.objects.filter(asked_by=by, state=State.READY).update(state=State.EXPIRED)
            archive = DocumentArchive.objects.create(asked_by=by, language=language, document_ids=keys, asked_at=now)
            Message.post(TOPIC, archive=archive.public_id)
    except IntegrityError:  # the constraint "one at a time" said no
        return


@deliverer(TOPIC)
def make_archive(message: Message) -> None:
    """Make the file, whole or not at all; a fault is tried again by the outbox."""
    waiting = DocumentArchive.objects.filter(public_id=message.payload["archive"], state=State.WAITING)
    archive = waiting.first()
    if archive is None:
        return
    path = file_of(archive)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    unfinished = path.with_suffix(".part")
    with translation.override(archive.language), unfinished.open("wb") as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as into:
            included = _fill(into, archive)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)
    _say_ready(archive, included, path.stat().st_size, timezone.now())


@transaction.atomic
def _say_ready(archive: DocumentArchive, included: list[int], size_bytes: int, now: datetime) -> None:
    """Say on the page and by mail that the file may be taken; it is never sent itself."""
    expires_at = now + GOOD_FOR
    done = DocumentArchive.objects.filter(pk=archive.pk, state=State.WAITING).update(
        state=State.READY,
        document_ids=included,
        documents_done=len(included),
        size_bytes=size_bytes,
        expires_at=expires_at,
    )
    if not done:  # erased or given up meanwhile
        file_of(archive).unlink(missing_ok=True)
    elif included:
        user = archive.asked_by
        language = formats.language_of(user.language)
        here = timezone.localtime(expires_at)
        until = {"day": formats.day_in_sentence(here, language), "time": formats.clock(here, language)}
        context = {"name": user.addressed_as, "count": len(included)} | until
        template = "own_data/mail/archive_ready"
        mail.post(to=user.email, template=template, context=context, language=language, expires_at=expires_at)


def _fill(into: zipfile.ZipFile, archive: DocumentArchive) -> list[int]:
    """Write the documents that are still shown, and return their keys."""
    shown = given_out(places_of(archive.asked_by_id)).filter(pk__in=archive.document_ids)
    included: list[int] = []
    missing: list[str] = []
    for document in shown.select_related("payer", "supply_point").newest_first():
        missing += _add(into, document, formats.language_of(archive.language))
        included.append(document.pk)
        if len(included) % TOLD_EVERY == 0:
            DocumentArchive.objects.filter(pk=archive.pk, state=State.WAITING).update(documents_done=len(included))
    if missing:
        words = _("These files could not be read and are not included. Please tell us:")
        name = _("missing")
        into.writestr(f"{name}.txt", "\n".join([words, "", *missing, ""]))
    return included


def _add(into: zipfile.ZipFile, document: Document, language: formats.Language) -> list[str]:
    """Add the PDF and the XML of a document, the supplier's or a copy; return the names of those that are damaged."""
    name = f"{document.issued_on.year}/{document.issued_on.isoformat()} {flat_name(document.number)}"
    mark = _("informative copy")
    damaged = []
    for suffix, path in (("pdf", document.pdf_path), ("xml", document.xml_path)):
        if path:
            try:
                with opened(path) as file:
                    _write(into, f"{name}.{suffix}", file.read())
            except (Damaged, FileNotFoundError):
                log.exception("kept_file_unreadable", path=path)
                damaged.append(f"{name}.{suffix}")
        elif content := copy_pdf(document, language) if suffix == "pdf" else copy_xml(document):
            _write(into, f"{name} - {mark}.{suffix}", content)
    return damaged


def _write(into: zipfile.ZipFile, name: str, content: bytes) -> None:
    """PDF hardly shrinks, so it is stored as it is."""
    packed = zipfile.ZIP_STORED if name.endswith(".pdf") else zipfile.ZIP_DEFLATED
    into.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), content, packed)


def pieces_of(archive: DocumentArchive) -> Iterator[bytes]:
    """Give the file piece by piece."""
    with file_of(archive).open("rb") as file:
        while piece := file.read(PIECE_BYTES):
            yield piece


def delete_old_archives(now: datetime) -> None:
    """Delete the files that are over or that nobody knows, and give up archives that could not be made."""
    DocumentArchive.objects.filter(state=State.READY, expires_at__lte=now).update(state=State.EXPIRED)
    DocumentArchive.objects.filter(state=State.WAITING, asked_at__lt=now - GIVE_UP_AFTER).update(state=State.FAILED)
    there = list(settings.ARCHIVE_DIR.glob("*"))  # looked at first: what comes meanwhile is not in the list
    alive = DocumentArchive.objects.filter(state__in=[State.READY, State.WAITING])
    wanted = set(alive.values_list("public_id", flat=True))
    for path in there:
        if path.stem not in wanted:
            path.unlink(missing_ok=True)


def file_of(archive: DocumentArchive) -> Path:
    return Path(settings.ARCHIVE_DIR) / f"{archive.public_id}.zip"
