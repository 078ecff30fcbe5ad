"""Files kept by their content: the same bytes are one file, whose name is their SHA-256."""

import hashlib
from pathlib import PurePosixPath

from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage


def kept_path(content: bytes, *, folder: str, suffix: str) -> str:
    """Keep the content in the document storage and return its path; one that a crash left half written is mended.

    :param folder: for example "annexes".
    :param suffix: with its dot, for example ".pdf".
    """
    path = path_of(hashlib.sha256(content).hexdigest(), folder=folder, suffix=suffix)
    if default_storage.exists(path):
        if default_storage.size(path) == len(content):
            return path
        default_storage.delete(path)
    return default_storage.save(path, ContentFile(content))


def path_of(digest: str, *, folder: str, suffix: str) -> str:
    """Return where a file with that SHA-256 (in hex) lies."""
    return f"{folder}/{digest[:2]}/{digest}{suffix}"


class Damaged(Exception):
    """The file's bytes are no longer those that were kept."""


def opened(path: str) -> File[bytes]:
    """Open a kept file for reading, after checking its bytes against the SHA-256 in its name.

    :raises FileNotFoundError: there is none.
    :raises Damaged: never is a changed file given out as the one that was kept.
    """
    if not path:
        raise FileNotFoundError
    file = default_storage.open(path)
    digest = hashlib.file_digest(file, "sha256").hexdigest()
    if digest != PurePosixPath(path).stem:
        file.close()
        raise Damaged(path)
    file.seek(0)
    return file
