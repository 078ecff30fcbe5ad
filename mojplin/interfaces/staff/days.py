"""A day of the calendar as the office types it, in forms that ask for what is kept of a time."""

from datetime import date
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy

WRONG_DAY = gettext_lazy("Enter a day like 31. 12. 2026.")
KNOWN_DAYS = [MinValueValidator(date(2000, 1, 1), WRONG_DAY), MaxValueValidator(date(2999, 12, 31), WRONG_DAY)]
"""At the ends of the calendar a day has no midnight in UTC."""


def day_field(label: Any, *, required: bool = False) -> forms.DateField:
    return forms.DateField(
        label=label, required=required, input_formats=("%Y-%m-%d", "%d.%m.%Y", "%d. %m. %Y"), validators=KNOWN_DAYS,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": WRONG_DAY, "required": WRONG_DAY},
    )  # fmt: skip
