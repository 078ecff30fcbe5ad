"""Everything the outside decides, read once from the environment; every wrong value is named with its variable."""

import os
import re
from base64 import urlsafe_b64decode
from email.utils import parseaddr, quote
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import SplitResult, unquote, urlsplit

from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from mojplin.config.wrong import Wrong, reason_of, shown

PREFIX = "MOJPLIN_"
PATH_PART = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
HOST = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+")
LEAST_SECRET = 32
PUSH_KEY_BYTES = 32


class Environment(BaseSettings):
    """Variables are named MOJPLIN_<NAME>; secrets may also be read from files named by systemd credentials.

    Each check looks at what stands above it, so that one wrong value never hides another.
    """

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_file=None, extra="ignore", validate_default=True)

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
    database_url: SecretStr = SecretStr("")
    trusted_proxies: Annotated[int, Field(ge=0, le=10)] = 0
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"

    smtp_host: str = ""
    smtp_port: Annotated[int, Field(ge=1, le=65535)] = 587
    smtp_user: str = ""
    smtp_password: SecretStr = SecretStr("")
    smtp_security: Literal["starttls", "tls", "none"] = "starttls"
    mail_from: str = "obvestila@moj.example.si"
    """An address, sent under the portal's name; or with another name, as in Obvestila <obvestila@moj.example.si>."""

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
    """The supplier's own file (see `supplier_file.py`); a demo without one shows the sample."""

    @field_validator("secret_key", "data_key")
    @classmethod
    def is_secret(cls, key: SecretStr, info: ValidationInfo) -> SecretStr:
        if info.data.get("demo"):
            return key
        if len(key.get_secret_value()) < LEAST_SECRET:
            raise ValueError(f"at least {LEAST_SECRET} characters are needed")
        if info.field_name == "data_key" and key == info.data.get("secret_key"):
            raise ValueError(f"it must differ from {PREFIX}SECRET_KEY")
        return key

    @field_validator("base_url")
    @classmethod
    def is_an_address(cls, url: str) -> str:
        parts = _split(url)
        if parts is None or parts.scheme not in ("http", "https") or not parts.hostname or parts.path.strip("/"):
            raise ValueError("give scheme and host, as in https://moj.example.si")
        return url

    @field_validator("office_url")
    @classmethod
    def office_can_be_found(cls, url: str, info: ValidationInfo) -> str:
        if url:
            office, portal = _split(url), _split(info.data.get("base_url", url))
            same_scheme = office is not None and (portal is None or office.scheme == portal.scheme)
            if office is None or not same_scheme or not office.hostname or office.path.strip("/"):
                raise ValueError(f"give scheme and host alone, with the scheme of {PREFIX}BASE_URL")
        return url

    @field_validator("office_path")
    @classmethod
    def is_one_part(cls, path: str) -> str:
        if path and not PATH_PART.fullmatch(path):
            raise ValueError("small letters, digits and hyphens")
        return path

    @field_validator("office_networks")
    @classmethod
    def are_networks(cls, networks: str) -> str:
        try:
            _networks(networks)
        except ValueError:
            raise ValueError("networks like 192.0.2.0/24, with commas between") from None
        return networks

    @field_validator("data_dir", "erp_outgoing_dir", mode="after")
    @classmethod
    def is_a_folder(cls, path: Path | None) -> Path | None:
        try:
            is_taken = path is not None and path.exists() and not path.is_dir()
        except OSError as fault:
            raise ValueError(f"no folder: {fault.strerror}") from None
        if is_taken:
            raise ValueError("there is a file of this name; a folder is needed")
        return path

    @field_validator("database_url")
    @classmethod
    def is_of_postgresql(cls, url: SecretStr) -> SecretStr:
        parts = _split(url.get_secret_value())
        is_postgresql = parts and parts.scheme in ("postgresql", "postgres") and parts.path.strip("/")
        if url.get_secret_value() and not is_postgresql:
            raise ValueError("postgresql://user:password@host:port/name, or empty for SQLite")
        return url

    @field_validator("mail_from")
    @classmethod
    def is_a_sender(cls, sender: str) -> str:
        _name, address = parseaddr(sender)
        if not re.fullmatch(r"[^@\s]+@[^@\s]+", address) or not sender.isprintable():
            raise ValueError("an address, or a sender as in Obvestila <obvestila@moj.example.si>")
        return sender

    @field_validator("answers_mailbox")
    @classmethod
    def mailbox_can_be_opened(cls, address: SecretStr) -> SecretStr:
        mailbox = _split(address.get_secret_value())
        is_imap = mailbox and mailbox.scheme == "imaps" and mailbox.hostname and mailbox.username and mailbox.password
        is_maildir = mailbox and mailbox.scheme == "maildir" and not mailbox.netloc and mailbox.path.startswith("/")
        if address.get_secret_value() and not is_imap and not is_maildir:
            raise ValueError("imaps://user:password@host/FOLDER or maildir:/path")
        return address

    @field_validator("supplier_file")
    @classmethod
    def is_named(cls, path: Path | None, info: ValidationInfo) -> Path | None:
        if path is None and not info.data.get("demo"):
            raise ValueError("name the supplier's file")
        return path

    @field_validator("push_key")
    @classmethod
    def is_of_web_push(cls, key: SecretStr) -> SecretStr:
        said = key.get_secret_value()
        try:
            is_key = not said or len(urlsafe_b64decode(said + "=" * (-len(said) % 4))) == PUSH_KEY_BYTES
        except ValueError:
            is_key = False
        if not is_key:
            raise ValueError("as `manage.py make_push_key` writes it")
        return key

    @field_validator("push_services")
    @classmethod
    def are_hosts(cls, services: str) -> str:
        if not all(HOST.fullmatch(each) for each in _listed(services)):
            raise ValueError("names of hosts, with commas between")
        return services

    def networks_of_office(self) -> list[IPv4Network | IPv6Network]:
        return _networks(self.office_networks)

    def hosts_of_push(self) -> list[str]:
        return _listed(self.push_services)

    def sender(self, portal_name: str) -> str:
        name, address = parseaddr(self.mail_from)
        return self.mail_from if name else f'"{quote(portal_name)}" <{address}>'

    @property
    def is_https(self) -> bool:
        return urlsplit(self.base_url).scheme == "https"

    @property
    def host(self) -> str:
        return urlsplit(self.base_url).hostname or "localhost"


POSTGRESQL = ("statement_timeout=10000", "lock_timeout=2000", "plan_cache_mode=force_generic_plan", "jit=off")
"""What each connection asks of the server: statements are planned once, not for every value (decisions/0016)."""


class WrongEnvironment(Exception):
    """Variables have wrong values; `wrong` names each of them."""

    def __init__(self, wrong: list[Wrong]) -> None:
        super().__init__("\n".join(map(str, wrong)))
        self.wrong = wrong


def environment() -> Environment:
    """Read the environment.

    :raises WrongEnvironment: values that are wrong, secrets that are missing, variables that mean nothing.
    """
    known = {f"{PREFIX}{name.upper()}" for name in Environment.model_fields}
    strange = sorted(name for name in os.environ if name.startswith(PREFIX) and name not in known)
    faults = [Wrong(shown(name)[1:-1], "no such setting") for name in strange]
    try:
        read = Environment()
    except ValidationError as wrong:
        faults = [_wrong(error) for error in wrong.errors(include_url=False)] + faults
    if faults:
        raise WrongEnvironment(faults)
    return read


def _wrong(error: Any) -> Wrong:
    """Say which variable and what; of a secret never the value."""
    field = str(error["loc"][0])
    said = os.environ.get(f"{PREFIX}{field.upper()}", "")
    if said and Environment.model_fields[field].annotation is SecretStr:
        value = f"(hidden, {len(said)} characters)"
    else:
        value = shown(said) if said else ""
    return Wrong(f"{PREFIX}{field.upper()}", reason_of(error["msg"]), value)


def _split(url: str) -> SplitResult | None:
    """Return the parts of an address, or None where it is none."""
    try:
        parts = urlsplit(url)
        return parts if parts.port != 0 else None
    except ValueError:
        return None


def _networks(networks: str) -> list[IPv4Network | IPv6Network]:
    return [ip_network(each) for each in _listed(networks)]


def _listed(text: str) -> list[str]:
    return [each.strip() for each in text.split(",") if each.strip()]


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
