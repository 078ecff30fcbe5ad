"""The readings of a firm's supply points in Excel: the template out, the filled file in, and a look at it first."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from mojplin.domain.accounts.models import User
from mojplin.domain.metering.bulk import PointRow
from mojplin.domain.metering.drafts import save_drafts
from mojplin.domain.metering.points import PointToRead
from mojplin.domain.metering.reading_file import FilledIn, NotTheTemplate, read_file, template
from mojplin.foundation.file_fields import takes_files
from mojplin.foundation.idempotency import new_form_key
from mojplin.foundation.spreadsheets import XLSX_TYPE
from mojplin.interfaces.web.doors import OperationForm, page, today
from mojplin.interfaces.web.reading_table import places_to_read, table_of

FAULTS_SHOWN = 50


class ReadingFileForm(OperationForm):
    file = forms.Field(
        label=gettext_lazy("Filled template"),
        help_text=gettext_lazy("An Excel file (.xlsx) up to 5 MB. Nothing is submitted yet: you look at it first."),
        error_messages={"required": NotTheTemplate.message},
        widget=forms.FileInput(attrs={"accept": f".xlsx,{XLSX_TYPE}"}),
    )


@require_safe
def readings_template(request: HttpRequest) -> HttpResponse:
    places = places_to_read(request)
    book = template([each.to_read for each in places], [each.address for each in places], today())
    response = HttpResponse(book, content_type=XLSX_TYPE)
    response.headers["Content-Disposition"] = f'attachment; filename="stanja-{today():%Y-%m}.xlsx"'
    return response


@takes_files(most=1)
@require_http_methods(["GET", "HEAD", "POST"])
def readings_file(request: HttpRequest) -> HttpResponse:
    """Take the file's rows into the table as if they were typed there, and show what can be sent."""
    places = places_to_read(request)
    sent = request.method == "POST"
    form = ReadingFileForm(request.POST, request.FILES) if sent else ReadingFileForm()
    context: dict[str, Any] = {"form": form, "has_points": bool(places)}
    points = [each.to_read for each in places]
    known = {"points": points, "by": request.user}
    if sent and form.carry_out(keep_file, **known):
        filled, good, bad = form.result
        context |= {
            "read_in": filled,
            "good": good,
            "bad": bad[:FAULTS_SHOWN],
            "more_bad": max(0, len(bad) - FAULTS_SHOWN),
            "faults": filled.faults[:FAULTS_SHOWN],
            "more_faults": max(0, len(filled.faults) - FAULTS_SHOWN),
            "table": table_of(request, places),
            "form_key": new_form_key(),
        }
    return page(request, "web/readings/table_file.html", context, active="readings")


NumberedRow = tuple[int, PointRow]


def keep_file(
    *, file: Any, points: list[PointToRead], by: User
) -> tuple[FilledIn, list[NumberedRow], list[NumberedRow]]:
    """Keep the rows of a file as drafts; return what it says, and the good rows and those to look at with their line.

    :raises Refused: what `read_file` raises.
    """
    filled = read_file(file, points)
    rows = save_drafts(filled.entries, by=by, today=today(), now=timezone.now())
    numbered = list(zip(filled.lines, rows, strict=True))
    return filled, [each for each in numbered if each[1].is_good], [each for each in numbered if not each[1].is_good]
