"""Secrets of a demo: made at the first start and kept in its data folder, so that nobody must think of any."""

import hashlib
import secrets
from base64 import urlsafe_b64encode
from pathlib import Path


def demo_secret(data_dir: Path, name: str) -> str:
    """Return the secret kept in `data_dir/name`, made when it is not there yet."""
    data_dir.mkdir(parents=True, exist_ok=True)
    path = data_dir / name
    try:
        with path.open("x", encoding="ascii") as file:
            path.chmod(0o600)
            file.write(secrets.token_urlsafe(48))
    except FileExistsError:
        pass
    return path.read_text(encoding="ascii")


def demo_push_key(data_dir: Path) -> str:
    """Return a key for web push that follows from a secret of the demo, as `MOJPLIN_PUSH_KEY` has it."""
    digest = hashlib.sha256(demo_secret(data_dir, "push-secret").encode()).digest()
    return urlsafe_b64encode(digest).decode()
