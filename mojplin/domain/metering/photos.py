"""The picture of the meter beside a reading: added, replaced and taken away by customers, gone after two years."""

from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import IO

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mojplin.domain.accounts.models import User
from mojplin.domain.metering.models import ReadingPhoto, SubmittedReading
from mojplin.foundation import limits, stored_files
from mojplin.foundation.errors import Refused
from mojplin.foundation.housekeeping import hourly
from mojplin.foundation.outbox.models import Message
from mojplin.foundation.uploads import picture

FOLDER = "meters"
KEEP = timedelta(days=730)
"""How long a picture is kept: as long as a bill made from its reading is likely to be questioned."""


MOST_IN_A_DAY = 200
"""Of one person: more than anybody takes, and less than keeps a server busy with reading pictures."""


class PhotoTooLate(Refused):
    field = "file"
    message = _("A photo can be added until the end of the month of the reading. Send it to support instead.")


class TooManyPhotos(Refused):
    field = "file"
    message = _("You have sent many photos today. Send this one tomorrow.")


@transaction.atomic
def add_photo(*, reading: SubmittedReading, file: IO[bytes], by: User, today: date, now: datetime) -> ReadingPhoto:
    """Keep the picture beside the reading and tell the ERP of it; an earlier one of the same reading goes.

    :raises PhotoTooLate: the month is over.
    :raises TooManyPhotos: the person has sent as many today as anybody may.
    :raises FileTooLarge, NotAPicture, PictureTooLarge: see `foundation/uploads.py`.
    """
    if not takes_photo(reading, today):
        raise PhotoTooLate
    if limits.hit(f"photo:{by.pk}", window=timedelta(days=1), now=now) > MOST_IN_A_DAY:
        raise TooManyPhotos
    drawn = picture(file)
    # The row of the reading is held until the commit, so that two senders leave one picture.
    SubmittedReading.objects.select_for_update().get(pk=reading.pk)
    forget(ReadingPhoto.objects.filter(reading=reading))
    path = stored_files.store(drawn, folder=FOLDER, day=timezone.localdate(now))
    _tell_erp(reading, drawn.content)
    return ReadingPhoto.objects.create(
        reading=reading, path=path, size_bytes=len(drawn.content), added_by=by, added_at=now
    )


def _tell_erp(reading: SubmittedReading, content: bytes | None) -> None:
    """Say which picture there is now; None: none any longer. The picture itself stays here, for the office to open."""
    Message.post(
        "erp.reading.photographed",
        reading=reading.public_id,
        sha256="" if content is None else sha256(content).hexdigest(),
        type="" if content is None else "image/jpeg",
        size_bytes=0 if content is None else len(content),
        removed=content is None,
    )


def takes_photo(reading: SubmittedReading, today: date) -> bool:
    """Return whether a picture may still be added: until the month of the reading is over."""
    return today.replace(day=1) <= reading.month


@transaction.atomic
def remove_photo(*, reading: SubmittedReading, by: User) -> bool:
    """Delete the reading's picture if `by` added it, and tell the ERP; return whether there was one."""
    was_there = forget(ReadingPhoto.objects.filter(reading=reading, added_by=by))
    if was_there:
        _tell_erp(reading, None)
    return was_there


def forget(photos: "QuerySet[ReadingPhoto]") -> bool:
    """Delete the rows, and the stored files once that is committed; return whether there were any."""
    paths = list(photos.values_list("path", flat=True))
    photos.delete()
    stored_files.delete_once_committed(paths)
    return bool(paths)


@hourly
def forget_old_photos(now: datetime) -> None:
    """Delete pictures after two years, and yesterday's files that no reading has."""
    with transaction.atomic():
        forget(ReadingPhoto.objects.filter(added_at__lt=now - KEEP))
    known = ReadingPhoto.objects.all()
    yesterday = timezone.localdate(now) - timedelta(days=1)
    stored_files.sweep(FOLDER, yesterday, lambda paths: known.filter(path__in=paths).values_list("path", flat=True))
