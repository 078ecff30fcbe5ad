"""Files people send: told by content, pictures drawn anew, bombs and polyglots refused."""

import contextlib
import io
import struct
import zlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from mojplin.foundation.errors import Refused
from mojplin.foundation.uploads import (
    FileTooLarge,
    NotAnAttachment,
    NotAPicture,
    PictureTooLarge,
    attachment,
    picture,
)

HEIC = (Path(__file__).parent / "phone.heic").read_bytes()
"""As a phone on its side takes it: 64 by 32 pixels, left half blue, right half red, with its owner's name (libheif)."""
PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


def sent(form: str = "JPEG", size: tuple[int, int] = (60, 40), mode: str = "RGB", **more: object) -> io.BytesIO:
    file = io.BytesIO()
    Image.new(mode, size, "red").save(file, form, **more)
    return file


def test_a_photo_leaves_upright_without_what_the_camera_wrote():
    exif = Image.Exif()
    exif[0x0112] = 6  # taken with the phone on its side
    exif[0x010F] = "Telefon Marjete"
    file = sent(size=(60, 40), exif=exif)
    assert b"Telefon Marjete" in file.getvalue()
    kept = picture(file)
    with Image.open(io.BytesIO(kept.content)) as image:
        assert (image.format, image.size, dict(image.getexif())) == ("JPEG", (40, 60), {})
    assert b"Telefon" not in kept.content and kept.suffix == ".jpg"


def test_a_heic_of_a_phone_is_read_and_leaves_as_an_upright_jpeg():
    assert b"Telefon Marjete" in HEIC
    kept = attachment(io.BytesIO(HEIC))
    assert (kept.media_type, kept.suffix, b"Telefon" in kept.content) == ("image/jpeg", ".jpg", False)
    with Image.open(io.BytesIO(kept.content)) as image:
        assert (image.format, image.size, dict(image.getexif())) == ("JPEG", (32, 64), {})
        (_red, _green, top_blue), (bottom_red, _green, _blue) = image.getpixel((16, 8)), image.getpixel((16, 56))
        assert top_blue > 200 and bottom_red > 200


def test_a_heic_that_says_it_is_huge_is_refused_without_drawing_it():
    size = HEIC.index(b"ispe") + 8
    bomb = HEIC[:size] + struct.pack(">II", 20_000, 20_000) + HEIC[size + 8 :]
    with pytest.raises(PictureTooLarge):
        picture(io.BytesIO(bomb.replace(b"clap", b"free")))


def test_a_program_behind_a_heic_is_lost_and_one_cut_off_is_refused():
    assert b"script" not in picture(io.BytesIO(HEIC + b"<script>alert(1)</script>PK\x03\x04")).content
    with pytest.raises(NotAPicture):
        picture(io.BytesIO(HEIC[:500]))


def test_a_png_with_transparency_stands_on_white():
    file = io.BytesIO()
    Image.new("RGBA", (8, 8), (0, 0, 0, 0)).save(file, "PNG")
    with Image.open(io.BytesIO(picture(file).content)) as image:
        assert image.getpixel((4, 4)) == (255, 255, 255)


def test_a_large_photo_leaves_smaller():
    with Image.open(io.BytesIO(picture(sent(size=(4000, 3000))).content)) as image:
        assert image.size == (2000, 1500)


def test_ten_thousand_pixels_a_side_are_refused_without_drawing_them():
    header = struct.pack(">IIBBBBB", 10_000, 10_000, 8, 2, 0, 0, 0)
    chunk = b"IHDR" + header
    bomb = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + chunk + struct.pack(">I", zlib.crc32(chunk))
    bomb += struct.pack(">I", 0) + b"IDAT" + struct.pack(">I", zlib.crc32(b"IDAT"))
    with pytest.raises(PictureTooLarge):
        picture(io.BytesIO(bomb))


@pytest.mark.parametrize("form", ["GIF", "BMP", "TIFF", "WEBP"])
def test_other_pictures_are_refused(form):
    with pytest.raises(NotAPicture):
        picture(sent(form))


@pytest.mark.parametrize("content", [b"", b"<svg onload=alert(1)>", b"MZ\x90\x00", PDF, sent().getvalue()[:200]])
def test_what_is_no_picture_is_refused(content):
    with pytest.raises(NotAPicture):
        picture(io.BytesIO(content))


def test_a_picture_with_a_program_behind_it_loses_the_program():
    polyglot = io.BytesIO(sent().getvalue() + b"<script>alert(1)</script>PK\x03\x04")
    assert b"script" not in picture(polyglot).content


def test_a_pdf_is_kept_as_it_came_and_a_picture_drawn_anew():
    assert attachment(io.BytesIO(PDF)).content == PDF
    assert attachment(sent("PNG")).media_type == "image/jpeg"


@pytest.mark.parametrize("content", [b"%PDF-1.7 cut off", b"MZ" + PDF, b"<html>" + PDF, b"GIF89a" + PDF])
def test_what_only_looks_like_a_pdf_is_refused(content):
    with pytest.raises(NotAnAttachment):
        attachment(io.BytesIO(content))


def test_more_than_ten_megabytes_are_refused():
    with pytest.raises(FileTooLarge):
        attachment(io.BytesIO(PDF + b" " * 10 * 1024 * 1024))


@given(
    st.binary(max_size=300),
    st.sampled_from([b"", PDF[:9], sent().getvalue()[:40], sent("PNG").getvalue()[:60], HEIC[:520]]),
)
def test_any_bytes_are_taken_or_refused_and_nothing_else(content, beginning):
    with contextlib.suppress(Refused):
        assert attachment(io.BytesIO(beginning + content)).suffix in (".jpg", ".pdf")
