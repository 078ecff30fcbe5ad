"""Files that people send: their kind is told by their content, pictures are drawn anew, and nothing else gets in.

A picture leaves as JPEG of at most 2,000 pixels a side, without what the camera wrote into it (place, time, owner). A
PDF leaves as it came and is only ever handed out as a download. Keep both in the storage, outside the web root.
"""

import io
import warnings
from dataclasses import dataclass
from typing import IO

import pi_heif  # type: ignore[import-untyped]
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps

from mojplin.foundation.errors import Refused

LARGEST_BYTES = 10 * 1024 * 1024
LARGEST_PIXELS = 50_000_000
LONGEST_SIDE_PIXELS = 2_000
JPEG_QUALITY = 82
PICTURE_FORMATS = ("JPEG", "PNG", "HEIF")
PDF_BEGINS, PDF_ENDS = b"%PDF-", b"%%EOF"
ENDS_WITHIN_BYTES = 1024

pi_heif.register_heif_opener()


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file as it came: `name` is whatever its sender called it."""

    name: str
    content: IO[bytes]


@dataclass(frozen=True)
class Upload:
    """What is kept of a file somebody sent."""

    content: bytes
    media_type: str
    suffix: str
    """`.jpg` or `.pdf`: never what the sender called it."""


class FileTooLarge(Refused):
    field = "file"
    message = _("The file is larger than 10 MB. Send a smaller one.")


class NotAPicture(Refused):
    field = "file"
    message = _("We cannot read this file as a picture. Send a photo as JPEG, PNG or HEIC.")


class NotAnAttachment(Refused):
    field = "file"
    message = _("We cannot read this file. Send a PDF or a photo as JPEG, PNG or HEIC.")


class PictureTooLarge(Refused):
    field = "file"
    message = _("The picture has too many pixels. Send a smaller one.")


def picture(file: IO[bytes]) -> Upload:
    """Return the picture drawn anew.

    :raises FileTooLarge: more than 10 MB.
    :raises NotAPicture: not JPEG, PNG or HEIC by its content, or damaged.
    :raises PictureTooLarge: more than 50 million pixels, whatever its bytes.
    """
    return Upload(_drawn_anew(_content_of(file)), "image/jpeg", ".jpg")


def attachment(file: IO[bytes]) -> Upload:
    """Return a PDF as it is, or a picture drawn anew.

    :raises NotAnAttachment: neither of them by its content.
    :raises FileTooLarge: more than 10 MB.
    :raises PictureTooLarge: more than 50 million pixels, whatever its bytes.
    """
    content = _content_of(file)
    if content.startswith(PDF_BEGINS):
        if PDF_ENDS not in content[-ENDS_WITHIN_BYTES:]:
            raise NotAnAttachment
        return Upload(content, "application/pdf", ".pdf")
    try:
        return Upload(_drawn_anew(content), "image/jpeg", ".jpg")
    except NotAPicture as refusal:
        raise NotAnAttachment from refusal


def _content_of(file: IO[bytes]) -> bytes:
    file.seek(0)
    content = file.read(LARGEST_BYTES + 1)
    if len(content) > LARGEST_BYTES:
        raise FileTooLarge
    return content


def _drawn_anew(content: bytes) -> bytes:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow warns of what is refused or dropped here anyway
            with Image.open(io.BytesIO(content), formats=PICTURE_FORMATS) as sent:
                if sent.width * sent.height > LARGEST_PIXELS:
                    raise PictureTooLarge
                sent.draft("RGB", (LONGEST_SIDE_PIXELS, LONGEST_SIDE_PIXELS))
                upright = ImageOps.exif_transpose(sent)
                upright.thumbnail((LONGEST_SIDE_PIXELS, LONGEST_SIDE_PIXELS))
                return _as_jpeg(upright)
    except Refused:
        raise
    except Image.DecompressionBombError as fault:
        raise PictureTooLarge from fault
    except Exception as fault:  # a damaged file makes its decoder raise anything; to the sender all of it is one thing
        raise NotAPicture from fault


def _as_jpeg(image: Image.Image) -> bytes:
    """Put a transparent picture on white; leave out everything that is not pixels."""
    if image.mode in ("RGBA", "LA", "P", "PA"):
        seen_through = image.convert("RGBA")
        image = Image.new("RGB", image.size, "white")
        image.paste(seen_through, mask=seen_through.getchannel("A"))
    written = io.BytesIO()
    image.convert("RGB").save(written, "JPEG", quality=JPEG_QUALITY, optimize=True)
    return written.getvalue()
