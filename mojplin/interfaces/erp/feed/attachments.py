"""XML and PDF files of the export: stored by their content, tied to their documents, read where no CSV row is."""

from collections.abc import Callable, Iterable
from pathlib import PurePosixPath

from django.db import connection
from django.utils.translation import gettext_noop as _

from mojplin.domain.billing.models import Document
from mojplin.foundation.files import kept_path, path_of
from mojplin.interfaces.erp.contract import PDF_FOLDER, XML_FOLDER
from mojplin.interfaces.erp.feed.findings import Findings
from mojplin.interfaces.erp.feed.manifest import Manifest
from mojplin.interfaces.erp.feed.swap import Counts
from mojplin.interfaces.erp.feed.xml_document import Unreadable, XmlDocument
from mojplin.interfaces.erp.feed.xml_reader import read_xml

LARGEST_PDF_BYTES = 20_000_000
DOCUMENT = Document._meta.db_table


def stage_files(
    manifest: Manifest, findings: Findings, progress: Callable[[Iterable[str]], Iterable[str]] = iter
) -> dict[str, XmlDocument]:
    """Store the new files and note their documents; files that are tied already are passed over.

    :returns: the documents of the new XML files, by the name of the file in the export.
    """
    tied = set(Document.objects.exclude(xml_path="").values_list("xml_path", flat=True))
    tied |= set(Document.objects.exclude(pdf_path="").values_list("pdf_path", flat=True))
    found: dict[str, XmlDocument] = {}
    staged: list[tuple[str, str, str, str]] = []
    for name in progress([*manifest.attached(XML_FOLDER), *manifest.attached(PDF_FOLDER)]):
        kind = name.partition("/")[0]
        path = path_of(manifest.sha256[name], folder=kind, suffix=f".{kind}")
        if path in tied:
            continue
        content = (manifest.folder / name).read_bytes()
        if name.startswith(f"{PDF_FOLDER}/"):
            if is_good_pdf(name, content, findings):
                staged.append((PurePosixPath(name).stem, "", "", path))
                kept_path(content, folder=kind, suffix=f".{kind}")
            continue
        document = _read(name, content, findings)
        if document:
            found[name] = document
            state = Document.XmlState.VALID if document.is_valid else Document.XmlState.INVALID
            staged.append((document.number, path, state, ""))
            kept_path(content, folder=kind, suffix=f".{kind}")
            if document.pdf and f"{PDF_FOLDER}/{document.number}.pdf" not in manifest.sha256:
                staged += _inner_pdf(name, document, findings)
    with connection.cursor() as cursor:
        cursor.executemany("INSERT INTO feed_attached VALUES (%s, %s, %s, %s)", staged)
    return found


def tie(findings: Findings) -> dict[str, Counts]:
    """Tie the staged files to their documents; a PDF without a document is set aside."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {DOCUMENT} SET xml_path = a.xml_path, xml_state = a.xml_state FROM feed_attached a"
            " WHERE a.document_number = number AND a.xml_path <> ''"
        )
        xml = max(cursor.rowcount, 0)
        cursor.execute(
            f"UPDATE {DOCUMENT} SET pdf_path = a.pdf_path FROM feed_attached a"
            " WHERE a.document_number = number AND a.pdf_path <> ''"
        )
        pdf = max(cursor.rowcount, 0)
        cursor.execute(
            f"SELECT a.document_number FROM feed_attached a LEFT JOIN {DOCUMENT} d"
            " ON d.number = a.document_number WHERE a.pdf_path <> '' AND d.id IS NULL"
        )
        for (number,) in cursor.fetchall():
            findings.put_aside(f"{PDF_FOLDER}/{number}.pdf", 0, "", "", _("There is no such document."))
    return {XML_FOLDER: Counts(added=xml), PDF_FOLDER: Counts(added=pdf)}


def is_good_pdf(name: str, content: bytes, findings: Findings) -> bool:
    """Return whether the file may be kept; one that may not is set aside."""
    if not content.startswith(b"%PDF-"):
        findings.put_aside(name, 0, "", "", _("The file is no PDF."))
        return False
    if len(content) > LARGEST_PDF_BYTES:
        findings.put_aside(name, 0, "", "", _("The PDF is too big."))
        return False
    return True


def _inner_pdf(name: str, document: XmlDocument, findings: Findings) -> list[tuple[str, str, str, str]]:
    """Keep the PDF that an XML carries inside, where the export brings no other for the document."""
    if not is_good_pdf(name, document.pdf, findings):
        return []
    return [(document.number, "", "", kept_path(document.pdf, folder=PDF_FOLDER, suffix=f".{PDF_FOLDER}"))]


def _read(name: str, content: bytes, findings: Findings) -> XmlDocument | None:
    try:
        document = read_xml(content)
    except Unreadable as error:
        findings.put_aside(name, 0, "", "", str(error))
        return None
    if not document.number:
        findings.put_aside(name, 0, "", "", _("The XML names no document."))
        return None
    if not document.is_valid:
        lacking = f" Missing: {', '.join(document.missing)}." if document.missing else ""
        findings.warn(name, 0, "", document.number, f"The XML breaks the rules of {document.format}.{lacking}")
    for fault in document.faults:
        findings.warn(name, 0, "", document.number, f"The sums do not add up: {fault}")
    return document
