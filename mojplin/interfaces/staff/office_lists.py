"""What leaves the office: a day's deliveries on paper, and lists as a table. Each with its reason, which is logged."""

from datetime import date, timedelta

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from mojplin.domain.accounts.models import LookReason
from mojplin.domain.office.looking import look_at_stops
from mojplin.domain.office.taking_out import LISTS, MOST_ROWS, NoSuchList, take_out
from mojplin.domain.orders.day_sheet import day_sheet, stops_on
from mojplin.foundation import formats
from mojplin.foundation.idempotency import once
from mojplin.foundation.requests import client_ip
from mojplin.foundation.spreadsheets import XLSX_TYPE, csv_of, xlsx_of
from mojplin.interfaces.staff.customers import LookForm
from mojplin.interfaces.staff.days import day_field
from mojplin.interfaces.staff.doors import Role, page, shown_recently, staff_only

NEXT_DAYS = 7


class TakeOutForm(LookForm):
    """Which list of which time, and why it is needed."""

    what = forms.ChoiceField(
        label=gettext_lazy("What"),
        choices=lambda: [(name, each.title) for name, each in LISTS.items()],
        error_messages={"required": NoSuchList.message, "invalid_choice": NoSuchList.message},
    )
    since = day_field(gettext_lazy("Sent from"), required=True)
    until = day_field(gettext_lazy("Sent until"), required=True)

    field_order = ("what", "since", "until", "why", "words")


@staff_only(Role.CLERK)
@shown_recently
@require_http_methods(["GET", "HEAD", "POST"])
@once
def take_out_list(request: HttpRequest) -> HttpResponse:
    """Give a list out as Excel or CSV."""
    now = timezone.now()
    today = timezone.localdate(now)
    form = TakeOutForm(request.POST or None, initial={"since": today.replace(day=1), "until": today})
    if request.method == "POST" and form.carry_out(take_out, by=request.user, now=now, ip=client_ip(request)):
        taken = form.result
        name = f"{taken.name}-{today.isoformat()}"
        if request.POST.get("file") == "csv":
            comma = formats.active_language() == "sl"
            return file_of("".join(csv_of(taken.columns, taken.rows, decimal_comma=comma)), "text/csv", f"{name}.csv")
        return file_of(xlsx_of(taken.title, taken.columns, taken.rows), XLSX_TYPE, f"{name}.xlsx")
    context = {"form": form, "most": MOST_ROWS}
    return page(request, "staff/asked/take_out.html", context, active="asked")


@staff_only(Role.CLERK)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def deliveries(request: HttpRequest) -> HttpResponse:
    """Show how many deliveries a day has and where; with a reason, give the sheet for the driver out."""
    now = timezone.now()
    today = timezone.localdate(now)
    day = day_asked(request.GET.get("day", ""), today)
    stops = stops_on(day)
    form = LookForm(request.POST or None, initial={"why": LookReason.ORDER})
    known = {"stops": stops, "day": day, "by": request.user, "now": now, "ip": client_ip(request)}
    if request.method == "POST" and form.carry_out(look_at_stops, **known):
        language = formats.active_language()
        sheet = day_sheet(stops, day=day, supplier=settings.SUPPLIER["name"], language=language)
        return file_of(sheet, "application/pdf", f"{day.isoformat()}.pdf")
    context = {
        "form": form,
        "day": day,
        "days": [today + timedelta(days=number) for number in range(NEXT_DAYS)],
        "stops": stops,
    }
    return page(request, "staff/asked/deliveries.html", context, active="asked")


def day_asked(text: str, today: date) -> date:
    """Return the day that was asked for; anything else is today."""
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return today


def file_of(content: bytes | str, kind: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=f"{kind}; charset=utf-8" if kind.startswith("text/") else kind)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
