"""Files that people sent, in the document storage outside the web root: one folder a day, names drawn by lot.

Whoever keeps one writes its path into a row of the same transaction; should that fail, `sweep` takes the file away.
"""

from collections.abc import Callable, Collection, Iterable
from datetime import date
from functools import partial

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from mojplin.foundation.public_ids import new_public_id
from mojplin.foundation.uploads import Upload


def store(upload: Upload, *, folder: str, day: date) -> str:
    """Keep the file and return its path.

    :param folder: of the room, for example "enquiries".
    """
    path = f"{_of_day(folder, day)}/{new_public_id()}{upload.suffix}"
    return default_storage.save(path, ContentFile(upload.content))


def delete_once_committed(paths: Iterable[str]) -> None:
    """Delete the files when the caller's transaction, which deletes their rows, is through."""
    for path in paths:
        transaction.on_commit(partial(default_storage.delete, path))


def sweep(folder: str, day: date, known: Callable[[Collection[str]], Iterable[str]]) -> None:
    """Delete the files of a day that no row has.

    :param known: returns those of the paths that a row has.
    """
    of_day = _of_day(folder, day)
    if not default_storage.exists(of_day):
        return
    paths = {f"{of_day}/{name}" for name in default_storage.listdir(of_day)[1]}
    for path in paths.difference(known(paths)):
        default_storage.delete(path)


def _of_day(folder: str, day: date) -> str:
    return f"{folder}/{day:%Y-%m-%d}"
