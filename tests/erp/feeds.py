"""Small exports for tests: one row in each file, as in the contract's examples, to be bent at will."""

import csv
import hashlib
import io
import json
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import models

from mojplin.domain.supply.models import FeedRun, SetAsideRow
from mojplin.interfaces.erp.contract import FILES, MANIFEST

ERP_OWNED = (
    "supply.Payer", "supply.SupplyPoint", "supply.PayerPeriod", "supply.Meter", "supply.Delivery",
    "billing.Document", "billing.DocumentLine", "billing.DocumentVat",
    "billing.UnallocatedPayment", "billing.Payment", "billing.Settlement",
    "billing.RequestAnswer", "metering.BilledReading",
    "contracts.Contract", "contracts.ContractFile", "contracts.Offer", "contracts.RenewalAnswer", "contracts.Price",
    "orders.Article", "orders.OrderStep", "moving.MoveAnswer",
)  # fmt: skip
NOT_IN_EVERY_ROW = {
    "payer_periods.csv": {"ends_on": ""}, "supply_points.csv": {"closed_on": ""}, "documents.csv": {"collected_on": ""},
    "document_vat.csv": {"reason": ""},
}  # fmt: skip


ABOUT_WHAT_CUSTOMERS_DID = ("renewal_answers.csv", "order_steps.csv", "move_answers.csv")
"""Empty unless a test says otherwise: a row would be about something the portal does not have."""


class Feed:
    """An export under construction: `rows` by file, `attached` by path in the folder."""

    def __init__(self) -> None:
        self.rows: dict[str, list[dict[str, str]]] = {
            file.name: [{column.name: column.example for column in file.columns} | NOT_IN_EVERY_ROW.get(file.name, {})]
            for file in FILES
        }
        for name in ABOUT_WHAT_CUSTOMERS_DID:
            self.rows[name] = []
        self.attached: dict[str, bytes] = {}

    def add(self, file: str, /, **values: str) -> None:
        """Add a row like the first one but for these values; like the contract's examples when there is none."""
        examples = {column.name: column.example for each in FILES if each.name == file for column in each.columns}
        self.rows[file].append((self.rows[file] or [examples])[0] | values)

    def change(self, file: str, /, **values: str) -> None:
        self.rows[file][0] |= values

    def csv(self, name: str) -> str:
        file = next(file for file in FILES if file.name == name)
        text = io.StringIO(newline="")
        writer = csv.DictWriter(text, [column.name for column in file.columns])
        writer.writeheader()
        writer.writerows(self.rows[name])
        return text.getvalue()

    def write(
        self, folder: Path, *, sequence: int = 1, encoding: str = "utf-8", bom: bool = False, **contents: bytes
    ) -> Path:
        """Write the folder; `contents` replaces whole files (payers=b"..."), its rows are counted as they were."""
        files: dict[str, dict[str, Any]] = {}
        folder.mkdir(parents=True, exist_ok=True)
        for name, rows in self.rows.items():
            content = contents.get(name.removesuffix(".csv"), self.csv(name).encode(encoding))
            content = (b"\xef\xbb\xbf" if bom else b"") + content
            files[name] = self._written(folder, name, content) | {"rows": len(rows)}
        for name, content in self.attached.items():
            files[name] = self._written(folder, name, content)
        write_manifest(folder, files, sequence=sequence, encoding=encoding)
        return folder

    def _written(self, folder: Path, name: str, content: bytes) -> dict[str, str]:
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(content)
        return {"sha256": hashlib.sha256(content).hexdigest()}


def write_manifest(folder: Path, files: Mapping[str, Any], **facts: Any) -> None:
    manifest = {"format": 1, "sequence": 1, "made_at": "2026-11-23T03:00:00+01:00", "encoding": "utf-8"} | facts
    (folder / MANIFEST).write_text(json.dumps(manifest | {"files": files}), encoding="utf-8")


def exit_code_of(folder: Path, *options: str) -> int:
    """Take the folder in by the command and return its exit code."""
    try:
        call_command("take_in", str(folder), *options)
    except CommandError as error:
        return error.returncode
    return 0


def last_run() -> FeedRun:
    return FeedRun.objects.latest("pk")


def found() -> list[tuple[str, int, str, str]]:
    """What the last run says is wrong: file, line, column, reason."""
    rows = SetAsideRow.objects.filter(run=last_run()).order_by("pk")
    return list(rows.values_list("file", "line", "column", "reason"))


def everything() -> dict[str, int]:
    """Return a checksum of every row of every table the feed writes."""
    sums = {}
    for label in ERP_OWNED:
        model: type[models.Model] = apps.get_model(label)
        rows = repr(list(model._default_manager.order_by("pk").values_list()))
        sums[label] = zlib.crc32(rows.encode())
    return sums
