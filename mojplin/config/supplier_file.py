"""Reading the supplier's own file, a table of TOML for each part of the business; every wrong value is named at once.

What a file leaves out has the value of the sample beside this module, so a new setting never breaks an old file. Only
who the supplier is must stand in the file itself: an invented name or number must never stand for a real one.
"""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from mojplin.config.brand import SCHEMES, faults_of_contrast
from mojplin.config.supplier import Supplier
from mojplin.config.wrong import Wrong, reason_of, shown

SAMPLE = Path(__file__).with_name("supplier.toml")
LARGEST_BYTES = 1_000_000
OF_THE_SAMPLE_ALONE: dict[str, dict[str, Any]] = {
    "supplier": {"tax_number": "", "emergency_phone": ""},
    "brand": {"icon_ground": "#ffffff"},
    "payments": {"ibans": []},
    "direct_debit": {"creditor_id": ""},
    "orders": {"cylinder_form_url": "", "gas_purchase_form_url": ""},
    "support": {"reply_email": ""},
}
"""What another file means when it leaves these out."""
IN_EVERY_FILE = {
    "supplier": ("name", "portal_name", "address", "support_email", "support_phone"),
    "payments": ("payee_name",),
}


class WrongSupplierFile(Exception):
    """The file cannot be read or holds wrong values; `wrong` names each of them."""

    def __init__(self, path: Path, wrong: list[Wrong]) -> None:
        super().__init__("\n".join(map(str, wrong)))
        self.path, self.wrong = path, wrong


def supplier_from(path: Path | None) -> Supplier:
    """Return what the file says, over the sample.

    :raises WrongSupplierFile: no such file, not TOML, or values that are wrong.
    """
    said = _over_the_sample(_read(path)) if path else _read(SAMPLE)
    path = path or SAMPLE
    faults = list(_contrasts(said))
    try:
        supplier = Supplier.model_validate(said, context={"folder": path.parent})
    except ValidationError as wrong:
        faults = [_wrong(error) for error in wrong.errors(include_url=False)] + faults
    if faults:
        raise WrongSupplierFile(path, faults)
    return supplier


def _over_the_sample(theirs: dict[str, Any]) -> dict[str, Any]:
    said = _read(SAMPLE)
    for name, settings in OF_THE_SAMPLE_ALONE.items():
        said[name] |= settings
    for name, needed in IN_EVERY_FILE.items():
        said[name] = {each: value for each, value in said[name].items() if each not in needed}
    brand = theirs.get("brand")
    if isinstance(brand, dict) and any(scheme in brand for scheme in SCHEMES):
        said["brand"] = {name: value for name, value in said["brand"].items() if name not in SCHEMES}
    for name, table in theirs.items():
        said[name] = said.get(name, {}) | table if isinstance(table, dict) else table
    return said


def _read(path: Path) -> dict[str, Any]:
    try:
        content = path.read_bytes()
        if len(content) > LARGEST_BYTES:
            raise WrongSupplierFile(path, [Wrong("the file", f"it has more than {LARGEST_BYTES} bytes")])
        return tomllib.loads(content.decode("utf-8-sig"))
    except OSError as fault:
        raise WrongSupplierFile(path, [Wrong("the file", str(fault.strerror))]) from None
    except UnicodeDecodeError as fault:
        line = content.count(b"\n", 0, fault.start) + 1
        raise WrongSupplierFile(path, [Wrong("the file", f"it is not in UTF-8: line {line}")]) from None
    except RecursionError:
        raise WrongSupplierFile(path, [Wrong("the file", "it is nested too deeply")]) from None
    except ValueError as fault:  # TOML that is none, also a number of too many digits
        raise WrongSupplierFile(path, [Wrong("the file", f"it is no TOML: {shown(str(fault))}")]) from None


def _contrasts(said: dict[str, Any]) -> Iterator[Wrong]:
    brand = said["brand"] if isinstance(said["brand"], dict) else {}
    for scheme in SCHEMES:
        if isinstance(colours := brand.get(scheme), dict):
            yield from faults_of_contrast(colours, scheme)


def _wrong(error: Any) -> Wrong:
    """Say where and what, as in `readings.window_first_day = 40: Input should be less than or equal to 28`."""
    place = ".".join(shown(part)[1:-1] if isinstance(part, str) else str(part) for part in error["loc"])
    if error["type"] == "missing":
        return Wrong(place, "it is missing")
    if error["type"] == "extra_forbidden":
        return Wrong(place, "no such setting", shown(error["input"]))
    return Wrong(place, reason_of(error["msg"]), shown(error["input"]))
