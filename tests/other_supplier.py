"""The second example of a supplier's file in tests: its settings as the start reads them, and what is of the first."""

import os
import re
import runpy
from pathlib import Path
from typing import Any
from unittest.mock import patch

from django.conf import settings
from django.test import override_settings

THEIRS = Path(__file__).resolve().parent.parent / "docs/examples/gorski-plin/supplier.toml"
SETTINGS = THEIRS.parents[3] / "mojplin/config/settings.py"


def said_at_start(**environment: str) -> dict[str, Any]:
    """Return the settings as the portal reads them when it starts so."""
    with patch.dict(os.environ, environment):
        read = runpy.run_path(str(SETTINGS))
    return {name: value for name, value in read.items() if name.isupper() and name != "ENVIRONMENT"}


FIRST, SECOND = said_at_start(), said_at_start(MOJPLIN_SUPPLIER_FILE=str(THEIRS))
OTHER = {name: value for name, value in SECOND.items() if value != FIRST[name]}


def known_by(said: dict[str, Any]) -> set[str]:
    """Return every text by which a supplier could be recognised: names, numbers, addresses, accounts, colours."""
    texts = {
        *said["SUPPLIER"].values(),
        said["PAYEE"]["name"],
        said["PAYEE"]["street"],
        *said["PAYEE_IBANS"],
        said["SUPPORT_REPLY_EMAIL"],
    }
    texts |= {url for _way, url in said["SUPPLIER_FORMS"].values()} | {said["DIRECT_DEBIT_CREDITOR_ID"]}
    texts |= {colour for scheme in said["BRAND"].values() for colour in scheme.values()}
    return {text for text in texts if text and text.casefold() not in ("#ffffff",)}


STRANGE = re.compile("|".join(map(re.escape, known_by(FIRST) - known_by(SECOND))), re.IGNORECASE)


def of_the_first(text: str) -> set[str]:
    return set(STRANGE.findall(text))


def is_the_portal() -> override_settings:
    """Let the portal be the second supplier's; its templates are compiled anew."""
    return override_settings(**OTHER, TEMPLATES=list(settings.TEMPLATES))
