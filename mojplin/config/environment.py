"""Everything the outside decides, read once from the environment; a wrong value is named with its variable."""

from pathlib import Path
from typing import Any, Literal
from urllib.parse import unquote, urlsplit

from pydantic import SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


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
