"""Readings: those the ERP billed (the feed writes) and those customers send (operations write). Cubic metres."""

from mojplin.domain.metering.models.alike import HomesAlike
from mojplin.domain.metering.models.billed import BilledReading
from mojplin.domain.metering.models.draft import ReadingDraft
from mojplin.domain.metering.models.gauge import GaugeReading
from mojplin.domain.metering.models.photo import ReadingPhoto
from mojplin.domain.metering.models.submitted import ReadingJudgement, ReportedExchange, SubmittedReading
from mojplin.domain.metering.models.weather import DayTemperature, TownWeather

__all__ = [
    "BilledReading",
    "DayTemperature",
    "GaugeReading",
    "HomesAlike",
    "ReadingDraft",
    "ReadingJudgement",
    "ReadingPhoto",
    "ReportedExchange",
    "SubmittedReading",
    "TownWeather",
]
