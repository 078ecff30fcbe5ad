"""Texts folded for finding: small letters without their marks, so that "cop" finds "Čop".

The database folds what it keeps (a generated column), Python folds what somebody types; both by the same table.
"""

import re
from typing import Any

from django.db.models import F, Func, TextField

PLAIN = {
    "č": "c", "ć": "c", "š": "s", "ž": "z", "đ": "d", "Č": "c", "Ć": "c", "Š": "s", "Ž": "z", "Đ": "d",
    "á": "a", "ä": "a", "é": "e", "í": "i", "ó": "o", "ö": "o", "ú": "u", "ü": "u", "ß": "s", "Ö": "o", "Ü": "u",
    "-": " ", ".": " ", "@": " ", "/": " ", "(": " ",
}  # fmt: skip
"""Letters of Slovene, then of its neighbours, then what may stand before a word.

There are no more because SQLite nests one call for each and takes 28. A generated column follows this table as it was
when its migration ran: to change it, a migration makes the column anew.
"""
_TABLE = str.maketrans(PLAIN)
_NO_WORD = re.compile(r"[\s,;:!?\"')+&_]+")


def folded_words(text: str) -> list[str]:
    """Return the words of a text as they are looked for: `"Čop-Žagar"` gives `["cop", "zagar"]`."""
    return [word for word in _NO_WORD.split(text.translate(_TABLE).lower().translate(_TABLE)) if word]


class Folded(Func):
    """The texts of some columns, each after a space, as the database folds them: in them `'% cop%'` finds a word."""

    output_field = TextField()

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        sql, parameters = self._small(compiler)
        return f"TRANSLATE({sql}, {_quoted(''.join(PLAIN))}, {_quoted(''.join(PLAIN.values()))})", parameters

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        sql, parameters = self._small(compiler)  # small letters of ASCII alone
        for mark, plain in PLAIN.items():
            sql = f"REPLACE({sql}, {_quoted(mark)}, {_quoted(plain)})"
        return sql, parameters

    def _small(self, compiler: Any) -> tuple[str, list[Any]]:
        compiled = [compiler.compile(source) for source in self.source_expressions]
        texts = " || ".join(f"' ' || {sql}" for sql, _parameters in compiled)
        return f"LOWER({texts})", [each for _sql, parameters in compiled for each in parameters]


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def folded_text(*fields: str) -> Folded:
    """Return the expression of a generated column `search_text`; the fields are texts that are never NULL."""
    return Folded(*map(F, fields))
