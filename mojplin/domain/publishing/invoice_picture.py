"""The picture that shows where the three numbers for linking stand: of the supplier's own invoice, or the drawn one."""

from datetime import datetime
from typing import IO

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mojplin.domain.accounts import access_log
from mojplin.domain.accounts.models import AccessEvent, User
from mojplin.domain.publishing.models import InvoicePicture
from mojplin.foundation import stored_files
from mojplin.foundation.errors import Refused
from mojplin.foundation.uploads import picture

FOLDER = "pictures"


class PictureUndescribed(Refused):
    field = "description_sl"
    message = _("Say in both languages where on the picture the three numbers stand: not everybody sees it.")


def published_picture() -> InvoicePicture | None:
    """Return the picture that is shown; None: the portal draws one."""
    return InvoicePicture.objects.filter(taken_back_at=None).order_by("-pk").first()


@transaction.atomic
def publish_picture(
    *, file: IO[bytes], description_sl: str, description_en: str, by: User, now: datetime, ip: str | None
) -> InvoicePicture:
    """Show this picture from now on, in the place of an earlier one.

    :raises PictureUndescribed: whoever does not see it would learn nothing.
    :raises FileTooLarge, NotAPicture, PictureTooLarge: see `foundation/uploads.py`.
    """
    if not description_sl.strip() or not description_en.strip():
        raise PictureUndescribed
    drawn = picture(file)
    InvoicePicture.objects.filter(taken_back_at=None).update(taken_back_at=now, taken_back_by=by)
    path = stored_files.store(drawn, folder=FOLDER, day=timezone.localdate(now))
    what = AccessEvent.What.INVOICE_PICTURE_PUBLISHED
    access_log.record(whose=None, what=what, by=by, ip=ip, now=now)
    return InvoicePicture.objects.create(
        path=path, description_sl=description_sl.strip(), description_en=description_en.strip(), published_at=now,
        published_by=by,
    )  # fmt: skip


@transaction.atomic
def take_picture_back(*, by: User, now: datetime, ip: str | None) -> bool:
    """Show the drawn one again; return whether another was shown."""
    shown = InvoicePicture.objects.filter(taken_back_at=None)
    if not shown.update(taken_back_at=now, taken_back_by=by):
        return False
    what = AccessEvent.What.INVOICE_PICTURE_TAKEN_BACK
    access_log.record(whose=None, what=what, by=by, ip=ip, now=now)
    return True
