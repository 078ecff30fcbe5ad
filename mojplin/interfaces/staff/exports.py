"""Exports of the ERP: what was taken in, which rows were set aside, and the held ones, which a person decides about."""

from collections.abc import Callable, Iterator
from typing import Any

from django.contrib import messages
from django.db.models import Count, OuterRef, Subquery
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from mojplin.domain.office.held_exports import accept_export, is_overtaken, reject_export
from mojplin.domain.supply.models import FeedRun, SetAsideRow
from mojplin.foundation.idempotency import once
from mojplin.foundation.requests import client_ip
from mojplin.foundation.spreadsheets import Column, csv_of
from mojplin.interfaces.staff.doors import Role, page, shown_recently, staff_only
from mojplin.interfaces.staff.reason_form import ReasonForm

SHOWN_RUNS = 60
SHOWN_ROWS = 500
ROW_COLUMNS = ("file", "line", "column", "value", "reason", "is_warning")
FILE_COLUMNS = [Column(header) for header in ("file", "line", "column", "value", "reason", "taken_in_all_the_same")]
"""Named as the contract names things, for whoever looks after the ERP."""


@staff_only(Role.READER)
@require_safe
def exports(request: HttpRequest) -> HttpResponse:
    return page(request, "staff/exports/exports.html", {"runs": newest_runs(SHOWN_RUNS)}, active="office")


@staff_only(Role.READER)
@require_safe
def export(request: HttpRequest, run: int) -> HttpResponse:
    found = run_of(run)
    rows = found.set_aside.order_by("is_warning", "file", "line", "pk")
    context = facts_of(found) | {
        "files": sorted(found.counts.items()),
        "rows": [told(each) for each in rows.values(*ROW_COLUMNS)[:SHOWN_ROWS]],
        "all_rows": rows.count(),
        "set_aside": sum(int(each.get("set_aside", 0)) for each in found.counts.values()),
    }
    return page(request, "staff/exports/export.html", context, active="office")


@staff_only(Role.READER)
@require_safe
def export_rows(request: HttpRequest, run: int) -> StreamingHttpResponse:
    """All rows that were set aside and all warnings as CSV, no cell of it a formula."""
    found = run_of(run)
    rows = found.set_aside.order_by("is_warning", "file", "line", "pk").values_list(*ROW_COLUMNS)
    response = StreamingHttpResponse(
        csv_of(FILE_COLUMNS, _as_cells(rows), decimal_comma=False), content_type="text/csv; charset=utf-8"
    )
    response.headers["Content-Disposition"] = f'attachment; filename="set-aside-{found.sequence or found.pk}.csv"'
    return response


@staff_only(Role.ADMIN)
@shown_recently
@require_http_methods(["GET", "HEAD", "POST"])
@once
def accept(request: HttpRequest, run: int) -> HttpResponse:
    done = _("The export is being taken in. This page says when it is done.")
    return _decided(request, run, accept_export, "staff/exports/accept.html", done)


@staff_only(Role.ADMIN)
@shown_recently
@require_http_methods(["GET", "HEAD", "POST"])
@once
def reject(request: HttpRequest, run: int) -> HttpResponse:
    return _decided(request, run, reject_export, "staff/exports/reject.html", _("The export is rejected."))


def _decided(request: HttpRequest, run: int, operation: Callable[..., None], template: str, done: str) -> HttpResponse:
    found, form = run_of(run), ReasonForm(request.POST or None)
    known = {"run": found, "by": request.user, "now": timezone.now(), "ip": client_ip(request)}
    if request.method == "POST" and form.carry_out(operation, **known):
        messages.success(request, done)
        return redirect("staff:export", run=found.pk)
    return page(request, template, facts_of(found) | {"form": form}, active="office")


def run_of(key: int) -> FeedRun:
    run = FeedRun.objects.select_related("decided_by").filter(pk=key).first()
    if run is None:
        raise Http404
    return run


def facts_of(run: FeedRun) -> dict[str, Any]:
    """Return what every page about one export says of it."""
    is_held = run.state == FeedRun.State.HELD
    return {
        "run": run,
        "seconds": seconds(run),
        "reason": _(run.reason) if run.reason else "",
        "different": differences(run),
        "payers": run.difference.get("payers", {}),
        "is_overtaken": is_held and is_overtaken(run),
    }


def told(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row that was set aside, its reason in the language of the page where the catalogue has it."""
    reason = row["reason"]
    return row | {"reason": _(reason)}


def differences(run: FeedRun) -> list[dict[str, Any]]:
    """Return the files of a held export with what it would change, first those for which it was held."""
    files = [{"name": name} | each for name, each in run.difference.get("files", {}).items()]
    return sorted(files, key=lambda each: (not each["is_too_few"], each["name"]))


def newest_runs(count: int) -> list[dict[str, Any]]:
    rows = SetAsideRow.objects.filter(run=OuterRef("pk")).order_by().values("run").annotate(count=Count("pk"))
    runs = FeedRun.objects.annotate(
        aside=Subquery(rows.filter(is_warning=False).values("count")),
        warnings=Subquery(rows.filter(is_warning=True).values("count")),
    ).order_by("-started_at", "-pk")[:count]
    return [
        {"run": run, "seconds": seconds(run), "aside": run.aside or 0, "warnings": run.warnings or 0} | totals(run)
        for run in runs
    ]


def totals(run: FeedRun) -> dict[str, int]:
    """Return the rows of all files together; of an export that was not taken in, what it would have brought."""
    would = {name: each | {"rows": each["now"]} for name, each in run.difference.get("files", {}).items()}
    files = (run.counts or would).values()
    return {name: sum(int(file.get(name, 0)) for file in files) for name in ("rows", "added", "changed")}


def seconds(run: FeedRun) -> int | None:
    return round((run.finished_at - run.started_at).total_seconds()) if run.finished_at else None


def _as_cells(rows: Any) -> Iterator[tuple[str | int, ...]]:
    for *cells, is_warning in rows.iterator():
        yield (*cells, "yes" if is_warning else "no")
