"""What the portal starts with: the environment and the supplier's file; what is wrong in either is said at once."""

import os
import sys
from pathlib import Path

from mojplin.config.environment import PREFIX, Environment, WrongEnvironment, environment
from mojplin.config.supplier import Supplier
from mojplin.config.supplier_file import WrongSupplierFile, supplier_from
from mojplin.config.wrong import Wrong, shown

NAME = f"{PREFIX}SUPPLIER_FILE"


def read_settings() -> tuple[Environment, Supplier]:
    """Return both, or end the process with exit code 1 and a list of all that is wrong: name, value, reason."""
    faults: dict[str, list[Wrong]] = {}
    try:
        found = environment()
        path = found.supplier_file
    except WrongEnvironment as fault:
        faults["environment"] = fault.wrong
        path = Path(os.environ[NAME]) if os.environ.get(NAME) else None
    try:
        supplier = supplier_from(path)
    except WrongSupplierFile as fault:
        faults[str(fault.path)] = fault.wrong
    if faults:
        sys.exit(_told(faults))
    return found, supplier


def _told(faults: dict[str, list[Wrong]]) -> str:
    lines = ["The portal cannot start:"]
    for place, wrong in faults.items():
        lines += ["", f"in {place if place.isprintable() else shown(place)}:", *(f"  {each}" for each in wrong)]
    return "\n".join(lines)
