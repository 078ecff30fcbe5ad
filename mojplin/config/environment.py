"""Everything the outside decides, read once from the environment; a wrong value is named with its variable."""

from pathlib import Path
from typing import Literal
from urllib.parse import unquote, urlsplit

from pydantic import SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from mojplin.domain.billing.slip_text import LONGEST_NAME, slip_text


class Environment(BaseSettings):
    """Variables are named MOJPLIN_<NAME>; secrets may also be read from files named by systemd credentials."""

    model_config = SettingsConfigDict(env_prefix="MOJPLIN_", env_file=None, extra="ignore")

    demo: bool = False
    secret_key: SecretStr = SecretStr("")
    data_key: SecretStr = SecretStr("")
    """Key for what is encrypted or hashed at rest (tax numbers); 32 bytes or more, other than `secret_key`."""
    base_url: str = "http://127.0.0.1:8000"
    data_dir: Path = Path("var")
    database_url: str = ""
    trusted_proxies: int = 0
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"

    smtp_host: str = ""
    smtp_port: int = 587
    smtp_user: str = ""
    smtp_password: SecretStr = SecretStr("")
    smtp_security: Literal["starttls", "tls", "none"] = "starttls"
    mail_from: str = "Moj Butan plin <obvestila@moj.example.si>"

    erp_outgoing_dir: Path | None = None
    """Folder where messages for the ERP are dropped, one JSON file each; `<data_dir>/erp-outgoing` by default."""

    supplier_name: str = "Vzorčni plin, d. d."
    supplier_address: str = "Zgledna ulica 1, 1000 Ljubljana"
    """Street, a comma, post code and town: also on payment slips."""
    payee_name: str = "Vzorčni plin, d. d."
    """The holder of the account exactly as the bank knows it: banks compare it with the payment slip."""
    support_email: str = "podpora@example.si"
    support_phone: str = "080 00 00"
    cylinder_form_url: str = "https://obrazci.example.si/jeklenke"
    gas_purchase_form_url: str = "https://obrazci.example.si/plin"

    reading_window_first_day: int = 25
    """Day of the month on which readings open; the window ends with the month."""
    order_least_l: int = 500
    """The smallest tank refill that can be ordered, in litres."""
    link_policy: Literal["three", "three_fresh", "three_plus_code"] = "three"
    """What links: three numbers; besides, a code unless the document is of the last 95 days; or always a code."""
    link_probation_hours: int = 0
    """How long a link by numbers alone may not order, renew, change contact data or invite; 0 is off, 72 is advised."""

    feed_max_shrink_percent: int = 5
    """A file with this much fewer rows than last time is held for a person."""
    feed_max_ended_payers_percent: int = 2

    @model_validator(mode="after")
    def secrets_are_set(self) -> "Environment":
        if self.demo:
            return self
        weak = [name for name in ("secret_key", "data_key") if len(getattr(self, name).get_secret_value()) < 32]
        if weak:
            names = ", ".join(f"MOJPLIN_{name.upper()}" for name in weak)
            raise ValueError(f"{names}: at least 32 characters are needed")
        if self.secret_key.get_secret_value() == self.data_key.get_secret_value():
            raise ValueError("MOJPLIN_DATA_KEY must differ from MOJPLIN_SECRET_KEY")
        return self

    @model_validator(mode="after")
    def payee_fits_the_payment_slip(self) -> "Environment":
        street, _comma, town = self.supplier_address.rpartition(", ")
        for name, text in {
            "PAYEE_NAME": self.payee_name,
            "SUPPLIER_ADDRESS": street,
            "SUPPLIER_ADDRESS ": town,
        }.items():
            if not text or text != slip_text(text):
                raise ValueError(
                    f"MOJPLIN_{name.strip()}: {text!r} does not fit a payment slip "
                    f"(1 to {LONGEST_NAME} characters of ISO 8859-2; the address as 'street, post code town')"
                )
        return self

    @property
    def is_https(self) -> bool:
        return urlsplit(self.base_url).scheme == "https"

    @property
    def host(self) -> str:
        return urlsplit(self.base_url).hostname or "localhost"


def database_settings(url: str, data_dir: Path) -> dict[str, object]:
    """Return Django's DATABASES entry for `postgresql://user:password@host:port/name` or, with no URL, for SQLite.

    A host in the query (`?host=/run/postgresql`) names a Unix socket folder.
    """
    if not url:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": data_dir / "portal.sqlite3",
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
            },
        }
    parts = urlsplit(url)
    query = dict(pair.split("=", 1) for pair in parts.query.split("&") if "=" in pair)
    return {
        "ENGINE": "mojplin.foundation.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(query.get("host", parts.hostname or "")),
        "PORT": str(parts.port or query.get("port", "")),
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            "connect_timeout": 2,
            "options": "-c statement_timeout=10000 -c lock_timeout=2000",
            "server_side_binding": True,
            "prepare_threshold": 2,
        },
    }
