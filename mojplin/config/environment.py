"""Everything the outside decides, read once from the environment; a wrong value is named with its variable."""

import re
from base64 import urlsafe_b64decode
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Any, Literal
from urllib.parse import unquote, urlsplit

from pydantic import SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

PATH_PART = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
HOST = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+")


class Environment(BaseSettings):
    """Variables are named MOJPLIN_<NAME>; secrets may also be read from files named by systemd credentials."""

    model_config = SettingsConfigDict(env_prefix="MOJPLIN_", env_file=None, extra="ignore")

    demo: bool = False
    secret_key: SecretStr = SecretStr("")
    data_key: SecretStr = SecretStr("")
    """Key for what is encrypted or hashed at rest (tax numbers); 32 bytes or more, other than `secret_key`."""
    base_url: str = "http://127.0.0.1:8000"
    office_url: str = ""
    """Where the office is, as in https://urad.example.si; empty: at the portal's own address."""
    office_path: str = ""
    """Its first part there, as in "notranje"; empty: `urad`, in English `office`."""
    office_networks: str = ""
    """Networks from which alone the office can be reached, with commas between; empty: from anywhere."""
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

    answers_mailbox: SecretStr = SecretStr("")
    """Where `take_mail --mailbox` finds customers' answers: `imaps://user:password@host/FOLDER` or `maildir:/path`."""

    erp_outgoing_dir: Path | None = None
    """Folder where messages for the ERP are dropped, one JSON file each; `<data_dir>/erp-outgoing` by default."""

    weather_api_key: SecretStr = SecretStr("")
    """Key for the source of temperatures, where it wants one."""

    push_key: SecretStr = SecretStr("")
    """Private key of web push (VAPID), as `manage.py make_push_key` writes it; empty: no notifications."""
    push_services: str = "fcm.googleapis.com, push.services.mozilla.com, notify.windows.com, push.apple.com"
    """The push services of browsers that are written to, each with the hosts under it; with commas between."""

    supplier_file: Path | None = None
    """The supplier's own file (see `supplier.py`); a demo without one shows the sample."""

    @model_validator(mode="after")
    def secrets_are_set(self) -> "Environment":
        if self.demo:
            return self
        weak = [name for name in ("secret_key", "data_key") if len(getattr(self, name).get_secret_value()) < 32]
        if weak:
            names = ", ".join(f"MOJPLIN_{name.upper()}" for name in weak)
            raise ValueError(f"{names}: at least 32 characters are needed")
        if self.supplier_file is None:
            raise ValueError("MOJPLIN_SUPPLIER_FILE: name the supplier's file")
        if self.secret_key.get_secret_value() == self.data_key.get_secret_value():
            raise ValueError("MOJPLIN_DATA_KEY must differ from MOJPLIN_SECRET_KEY")
        return self

    @model_validator(mode="after")
    def office_can_be_found(self) -> "Environment":
        if self.office_url:
            office, portal = urlsplit(self.office_url), urlsplit(self.base_url)
            if office.scheme != portal.scheme or not office.hostname or office.path.strip("/"):
                raise ValueError("MOJPLIN_OFFICE_URL: give scheme and host alone, with the scheme of MOJPLIN_BASE_URL")
        if self.office_path and not PATH_PART.fullmatch(self.office_path):
            raise ValueError("MOJPLIN_OFFICE_PATH: small letters, digits and hyphens")
        try:
            self.networks_of_office()
        except ValueError:
            raise ValueError("MOJPLIN_OFFICE_NETWORKS: networks like 192.0.2.0/24, with commas between") from None
        return self

    @model_validator(mode="after")
    def push_can_be_sent(self) -> "Environment":
        key = self.push_key.get_secret_value()
        try:
            is_key = not key or len(urlsafe_b64decode(key + "=" * (-len(key) % 4))) == 32
        except ValueError:
            is_key = False
        if not is_key:
            raise ValueError("MOJPLIN_PUSH_KEY: as `manage.py make_push_key` writes it")
        if not all(HOST.fullmatch(each) for each in self.hosts_of_push()):
            raise ValueError("MOJPLIN_PUSH_SERVICES: names of hosts, with commas between")
        return self

    @model_validator(mode="after")
    def mailbox_can_be_opened(self) -> "Environment":
        mailbox = urlsplit(self.answers_mailbox.get_secret_value())
        is_imap = mailbox.scheme == "imaps" and mailbox.hostname and mailbox.username and mailbox.password
        is_maildir = mailbox.scheme == "maildir" and not mailbox.netloc and mailbox.path.startswith("/")
        if mailbox.geturl() and not is_imap and not is_maildir:
            raise ValueError("MOJPLIN_ANSWERS_MAILBOX: imaps://user:password@host/FOLDER or maildir:/path")
        return self

    def networks_of_office(self) -> list[IPv4Network | IPv6Network]:
        return [ip_network(each.strip()) for each in self.office_networks.split(",") if each.strip()]

    def hosts_of_push(self) -> list[str]:
        return [each.strip() for each in self.push_services.split(",") if each.strip()]

    @property
    def is_https(self) -> bool:
        return urlsplit(self.base_url).scheme == "https"

    @property
    def host(self) -> str:
        return urlsplit(self.base_url).hostname or "localhost"


POSTGRESQL = ("statement_timeout=10000", "lock_timeout=2000", "plan_cache_mode=force_generic_plan", "jit=off")
"""What each connection asks of the server: statements are planned once, not for every value (decisions/0016)."""


class WrongEnvironment(Exception):
    """A variable has a wrong value; the text names each of them on a line of its own."""


def environment() -> Environment:
    """Read the environment.

    :raises WrongEnvironment: values that are wrong, or secrets that are missing.
    """
    try:
        return Environment()
    except ValidationError as wrong:
        raise WrongEnvironment("\n".join(map(_sentence, wrong.errors(include_input=False)))) from None


def _sentence(error: Any) -> str:
    """Say which variable and what; never its value, which may be a secret."""
    variable = "_".join(str(part).upper() for part in error["loc"])
    said = error["msg"].removeprefix("Value error, ")
    return f"MOJPLIN_{variable}: {said}" if variable else said


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
            "options": " ".join(f"-c {setting}" for setting in POSTGRESQL),
            "server_side_binding": True,
            "prepare_threshold": None,
        },
    }
