"""Numbers by which both sides call what a customer sent: letters, year and a running number, as in Z-2026-000123."""

from datetime import datetime
from typing import Any

from django.utils.timezone import localdate


def give_number(row: Any, letters: str, *, now: datetime) -> None:
    """Write the row's number, which follows from its key; until then it was saved with any other one.

    The year is that of Ljubljana, also in the first hour of a new one.
    """
    row.number = f"{letters}-{localdate(now).year}-{row.pk:06d}"
    row.save(update_fields=["number"])
