"""Ids that may stand in an address: 128 random bits, never a running number."""

import secrets


def new_public_id() -> str:
    return secrets.token_urlsafe(16)
