"""PDF files of contracts: stored by their content, tied to the rows of contract_files.csv by their names."""

from collections.abc import Callable, Iterable
from pathlib import PurePosixPath

from django.db import connection
from django.utils.translation import gettext_noop as _

from mojplin.domain.contracts.models import ContractFile
from mojplin.foundation.files import kept_path, path_of
from mojplin.interfaces.erp.contract import CONTRACT_FOLDER
from mojplin.interfaces.erp.feed.attachments import is_good_pdf
from mojplin.interfaces.erp.feed.findings import Findings
from mojplin.interfaces.erp.feed.manifest import Manifest
from mojplin.interfaces.erp.feed.swap import Counts

TABLE = ContractFile._meta.db_table


def stage_contract_files(
    manifest: Manifest, findings: Findings, progress: Callable[[Iterable[str]], Iterable[str]] = iter
) -> None:
    """Store the new files and note their names; files that are tied already are passed over."""
    tied = set(ContractFile.objects.exclude(path="").values_list("file_name", "path"))
    staged: list[tuple[str, str]] = []
    for name in progress(manifest.attached(CONTRACT_FOLDER)):
        file_name = PurePosixPath(name).name
        path = path_of(manifest.sha256[name], folder=CONTRACT_FOLDER, suffix=".pdf")
        if (file_name, path) in tied:
            continue
        content = (manifest.folder / name).read_bytes()
        if is_good_pdf(name, content, findings):
            staged.append((file_name, kept_path(content, folder=CONTRACT_FOLDER, suffix=".pdf")))
    with connection.cursor() as cursor:
        cursor.executemany("INSERT INTO feed_contract_attached VALUES (%s, %s)", staged)


def tie_contract_files(findings: Findings) -> Counts:
    """Tie the staged files to their rows; a file without a row is set aside, a row waits for its file."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {TABLE} SET path = a.path FROM feed_contract_attached a WHERE a.file_name = {TABLE}.file_name"
        )
        tied = max(cursor.rowcount, 0)
        cursor.execute(
            f"SELECT a.file_name FROM feed_contract_attached a LEFT JOIN {TABLE} f ON f.file_name = a.file_name"
            " WHERE f.id IS NULL"
        )
        for (file_name,) in cursor.fetchall():
            findings.put_aside(f"{CONTRACT_FOLDER}/{file_name}", 0, "", "", _("No row of contract_files.csv names it."))
    return Counts(added=tied)
