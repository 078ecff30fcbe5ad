"""The day and reading of a hand-over, asked of both sides by the same fields, and what is asked when they are odd."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mojplin.domain.metering.gauge import GaugeQuestion, NotAPercent
from mojplin.domain.metering.on_a_day import meter_on
from mojplin.domain.metering.plausibility import ReadingQuestion, TwoMeanings
from mojplin.domain.metering.reading_parser import NotANumber, TooManyDigits
from mojplin.domain.moving.figures import UnusualReading
from mojplin.domain.supply.models import SupplyPoint
from mojplin.interfaces.web.doors import OperationForm, today
from mojplin.interfaces.web.readings import drawing

DAY_FORMATS = ("%Y-%m-%d", "%d.%m.%Y", "%d. %m. %Y")
LONGEST_READING = 60


class DayAndReading(OperationForm):
    """A day and one field to type in; a button names the exact counter, or says that an odd one is right."""

    moves_on = forms.DateField(
        label=_("Day of the hand-over"),
        input_formats=DAY_FORMATS,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "required": _("Choose the day of the hand-over."),
            "invalid": _("Enter a day like 31. 12. 2026."),
        },
    )
    typed = forms.CharField(
        error_messages={"required": NotANumber.message},
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off", "maxlength": LONGEST_READING}),
    )
    exact_m3 = forms.DecimalField(required=False, max_digits=12, decimal_places=3, widget=forms.HiddenInput)
    confirmed = forms.DecimalField(required=False, max_digits=12, decimal_places=3, widget=forms.HiddenInput)

    def __init__(self, *args: Any, point: SupplyPoint, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.point = point
        self.meter = meter_on(point.pk, today()) if point.has_meter else None
        if point.kind == SupplyPoint.Kind.RENTAL:
            del self.fields["typed"]
        elif point.kind == SupplyPoint.Kind.BULK:
            self.fields["typed"].error_messages["required"] = NotAPercent.message
            self.fields["typed"].label = _("What did the gauge of the tank show that day, in percent?")
        elif self.meter and self.meter.decimals:
            self.fields["typed"].label = _("What did the meter show that day? Its decimals follow a comma.")
        else:
            self.fields["typed"].label = _("What did the meter show that day? The black digits alone.")

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        confirmed, exact = given.pop("confirmed", None), given.pop("exact_m3", None)
        if confirmed is not None:
            return given | {"typed": f"{confirmed:f}", "exact_m3": confirmed, "is_confirmed": True}
        return given | {"typed": given.get("typed", ""), "exact_m3": exact, "is_confirmed": False}


def reading_context(form: DayAndReading, point: SupplyPoint) -> dict[str, Any]:
    """Return what the page asks with: how the counter is drawn, and the question about what was typed, if any."""
    drawn = drawing(form.meter) if form.meter else {"cells": 0, "red_cells": 0}
    refusal = form.refusal
    if not isinstance(refusal, ReadingQuestion | GaugeQuestion | TooManyDigits | UnusualReading):
        return drawn | {"meter": form.meter, "point": point, "question": None}
    asked = {"slip": None, "likely_m3": None, "value_m3": None, "other_m3": None, "percent": None}
    may_confirm = getattr(refusal, "may_confirm", isinstance(refusal, GaugeQuestion))
    return drawn | {
        "meter": form.meter,
        "point": point,
        "question": asked | dict(refusal.places),
        "has_two_meanings": isinstance(refusal, TwoMeanings),
        "may_confirm": may_confirm,
    }
