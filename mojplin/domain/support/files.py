"""Files that come with what somebody writes: let in by their content, kept apart from what their sender called them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mojplin.domain.support.models import Attachment, Entry
from mojplin.foundation import stored_files
from mojplin.foundation.errors import Refused
from mojplin.foundation.housekeeping import hourly
from mojplin.foundation.mail import UNSEEN
from mojplin.foundation.sign_forms import in_one_form
from mojplin.foundation.uploads import SentFile, Upload, attachment

MOST_FILES = 3
FOLDER = "enquiries"
KEEP_CLOSED = timedelta(days=730)
"""How long the files of a closed enquiry are kept."""
LONGEST_NAME = 80
NO_NAME = re.compile(r'[\\/:*?"<>|]+')


class TooManyFiles(Refused):
    field = "file"
    message = _("Send at most three files with one message.")


class WrongFile(Refused):
    field = "file"
    message = _("%(name)s: %(reason)s Choose the files again, we have kept your text.")


@dataclass(frozen=True, slots=True)
class CheckedFile:
    name: str
    upload: Upload


def checked(files: Sequence[SentFile]) -> list[CheckedFile]:
    """Return what is kept of the files; nothing is written yet.

    :raises TooManyFiles: more than three.
    :raises WrongFile: one that is too large, or neither a PDF nor a picture by its content.
    """
    if len(files) > MOST_FILES:
        raise TooManyFiles
    return [_checked(file) for file in files]


def _checked(file: SentFile) -> CheckedFile:
    try:
        upload = attachment(file.content)
    except Refused as refusal:
        raise WrongFile(name=clean_name(file.name, ""), reason=refusal) from refusal
    return CheckedFile(clean_name(file.name, upload.suffix), upload)


def clean_name(name: str, suffix: str) -> str:
    """Return what a sender called a file, fit to be shown and saved under, with the suffix of what it is."""
    told = in_one_form(name.encode("utf-8", "replace").decode(), "NFC")
    told = " ".join(NO_NAME.sub(" ", UNSEEN.sub("", told)).split()).strip(". ")
    if not suffix:
        return told[:LONGEST_NAME]
    stem = told.rpartition(".")[0] or told
    return (stem[:LONGEST_NAME].strip(". ") or "priloga") + suffix


def keep(files: Sequence[CheckedFile], *, entry: Entry) -> None:
    """Store the files and write their rows into the caller's transaction.

    Should that fail afterwards, the sweep of the next days takes the stored files away.
    """
    day = timezone.localdate(entry.written_at)
    for file in files:
        path = stored_files.store(file.upload, folder=FOLDER, day=day)
        Attachment.objects.create(
            entry=entry, name=file.name, path=path, media_type=file.upload.media_type,
            size_bytes=len(file.upload.content),
        )  # fmt: skip


def forget(attachments: "QuerySet[Attachment]") -> None:
    """Delete the rows, and the stored files once that is committed."""
    paths = list(attachments.values_list("path", flat=True))
    attachments.delete()
    stored_files.delete_once_committed(paths)


@hourly
def forget_old_files(now: datetime) -> None:
    """Delete the files of enquiries that were closed long ago, and yesterday's files that no entry has."""
    with transaction.atomic():
        forget(Attachment.objects.filter(entry__enquiry__closed_at__lt=now - KEEP_CLOSED))
    yesterday = timezone.localdate(now) - timedelta(days=1)
    known = Attachment.objects.all()
    stored_files.sweep(FOLDER, yesterday, lambda paths: known.filter(path__in=paths).values_list("path", flat=True))
