"""The whole way of an export: manifest, checks, staging, limits, and the swap by one transaction."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext_noop as _

from mojplin.domain.accounts.notices import there_may_be_news
from mojplin.domain.contracts.answers import take_answers
from mojplin.domain.contracts.models import Offer
from mojplin.domain.linking.ending import end_links_of_former_payers
from mojplin.domain.moving.answering import take_move_answers
from mojplin.domain.office.held_exports import tell_of_held
from mojplin.domain.orders.steps import take_steps
from mojplin.domain.supply.models import FeedRun
from mojplin.interfaces.erp.contract import CONTRACT_FOLDER, FILES, OPEN_ITEMS, PAYERS
from mojplin.interfaces.erp.feed import attachments, open_items, runs
from mojplin.interfaces.erp.feed.contract_files import stage_contract_files, tie_contract_files
from mojplin.interfaces.erp.feed.credits import note_credits
from mojplin.interfaces.erp.feed.findings import FeedRefused, Findings
from mojplin.interfaces.erp.feed.holding import difference_of, looked_into, reasons_to_hold
from mojplin.interfaces.erp.feed.manifest import Manifest, check_files, read_manifest
from mojplin.interfaces.erp.feed.no_slips import warn_of_missing_slips
from mojplin.interfaces.erp.feed.reading import Chunk, CsvFile
from mojplin.interfaces.erp.feed.staging import (
    Stage,
    apply_rules,
    drop_staging,
    is_postgresql,
    prepare_staging,
    reset_session,
    set_aside_doubles,
    with_tax_numbers_checked,
)
from mojplin.interfaces.erp.feed.swap import Counts, swap_in
from mojplin.interfaces.erp.feed.tables import OPEN_ITEMS_RULES, TABLE_OF, TABLES
from mojplin.interfaces.erp.feed.vat_sums import warn_of_vat_that_differs
from mojplin.interfaces.erp.feed.xml_rows import stage_documents_of_xml

Progress = Callable[..., Iterable[Any]]


def silent(things: Iterable[Any], **_facts: object) -> Iterable[Any]:
    return things


def take_in(
    folder: Path, *, now: Callable[[], datetime], even_if_smaller: bool = False, progress: Progress = silent
) -> tuple[FeedRun, Findings]:
    """Take in one export. Safe to run twice: rows are known by their numbers in the ERP.

    :param now: the clock of the door.
    :returns: the closed record of the run: taken in, held for a person, or refused (nothing was changed then).
    :raises FeedRefused: another run is at work; there is no record of this one.
    """
    with runs.alone():
        run = runs.begin(folder, now())
        return run, _carried_out(run, folder, now, even_if_smaller, progress)


def take_in_accepted(*, now: Callable[[], datetime], progress: Progress = silent) -> FeedRun | None:
    """Take in the oldest export that was held and that a person accepted; None: there is none.

    Killed in the middle it is begun again by the next call: the swap is one transaction.

    :returns: the closed record: taken in, or refused, also when the folder holds another export by now.
    :raises FeedRefused: another run is at work.
    """
    with runs.alone():
        run = runs.begin_accepted(now())
        if run:
            _carried_out(run, Path(run.folder), now, True, progress)
        return run


def _carried_out(
    run: FeedRun, folder: Path, now: Callable[[], datetime], even_if_smaller: bool, progress: Progress
) -> Findings:
    findings = Findings()
    try:
        _work(run, folder, findings, now, even_if_smaller, progress)
    except FeedRefused as refusal:
        runs.finish(run, FeedRun.State.REFUSED, findings, now=now(), reason=str(refusal))
    except Exception:
        runs.finish(run, FeedRun.State.REFUSED, findings, now=now(), reason="The run failed; see the log.")
        raise
    finally:
        drop_staging(FILES)
        reset_session()
    return findings


def _work(
    run: FeedRun,
    folder: Path,
    findings: Findings,
    now: Callable[[], datetime],
    even_if_smaller: bool,
    progress: Progress,
) -> None:
    manifest = read_manifest(folder)
    if run.manifest_sha256 not in ("", manifest.digest):
        raise FeedRefused(_("The folder holds another export by now than the one that was looked at."))
    run.sequence, run.made_at, run.manifest_sha256 = manifest.sequence, manifest.made_at, manifest.digest
    runs.check_sequence(manifest.sequence)
    check_files(manifest, lambda names: progress(names, desc="Checking", unit="file"))
    counts = _staged(manifest, findings, progress)
    made_on = manifest.made_at.date()
    difference = difference_of(manifest.rows, made_on)
    reasons = reasons_to_hold(difference)
    if reasons and not even_if_smaller:
        run.difference = looked_into(difference, made_on)
        with transaction.atomic():
            runs.finish(run, FeedRun.State.HELD, findings, now=now(), reason=" ".join(reasons))
            tell_of_held(run)
        return
    _swapped(run, manifest, findings, counts, now, progress)


def _staged(manifest: Manifest, findings: Findings, progress: Progress) -> dict[str, Counts]:
    prepare_staging(FILES)
    counts = {}
    for file in progress(FILES, desc="Reading", unit="file"):
        source = CsvFile(file, manifest.folder, manifest.encoding, findings)
        chunks: Iterator[Chunk] = source.chunks()
        if file is PAYERS:
            chunks = with_tax_numbers_checked(chunks, findings)
        Stage(file).write(chunks)
        if source.rows != manifest.rows[file.name]:
            raise FeedRefused(f"{file.name} has {source.rows} rows, the manifest says {manifest.rows[file.name]}.")
        counts[file.name] = Counts(rows=source.rows)
    found = attachments.stage_files(manifest, findings, lambda names: progress(names, desc="Documents", unit="file"))
    stage_contract_files(manifest, findings, lambda names: progress(names, desc="Contracts", unit="file"))
    for file in FILES:
        set_aside_doubles(file, findings)
    stage_documents_of_xml(found, findings)
    for file in FILES:
        apply_rules(file, OPEN_ITEMS_RULES if file is OPEN_ITEMS else TABLE_OF[file.name].rules, findings)
    warn_of_vat_that_differs(findings)
    return counts


def _swapped(
    run: FeedRun,
    manifest: Manifest,
    findings: Findings,
    counts: dict[str, Counts],
    now: Callable[[], datetime],
    progress: Progress,
) -> None:
    with transaction.atomic():
        if is_postgresql():
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL enable_nestloop = off")
                cursor.execute("SET LOCAL jit = off")
        for table in progress(TABLES, desc="Taking in", unit="table"):
            swap_in(table, findings, counts[table.file.name])
        open_items.settle(manifest.folder, manifest.encoding, findings, counts[OPEN_ITEMS.name])
        note_credits()
        warn_of_missing_slips(findings)
        _withdraw_offers(manifest)
        take_answers(now=now())
        take_steps(now=now())
        take_move_answers(now=now())
        attached = attachments.tie(findings) | {CONTRACT_FOLDER: tie_contract_files(findings)}
        end_links_of_former_payers(now=now())
        run.counts = {name: asdict(each) for name, each in (counts | attached).items()}
        runs.finish(run, FeedRun.State.TAKEN_IN, findings, now=now())
        there_may_be_news()


def _withdraw_offers(manifest: Manifest) -> None:
    """An offer that is no longer in the export is withdrawn, on the day the export was made."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {Offer._meta.db_table} SET withdrawn_on = %s WHERE withdrawn_on IS NULL"
            " AND number NOT IN (SELECT offer_number FROM feed_offers)",
            [manifest.made_at.date()],
        )
