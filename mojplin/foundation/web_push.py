"""Web push: messages that a browser's own service brings to it, sealed for that browser alone (RFC 8030, 8291, 8292).

The address of a service comes from a browser, so it may be anything: only known services are written to, over TLS, at
public addresses of the network, and where they send us on to we do not go.
"""

import json
import socket
import ssl
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from ipaddress import ip_address
from typing import Any
from urllib.parse import SplitResult, urlsplit

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from django.conf import settings

from mojplin.foundation.outbox.delivery import Undeliverable

KEPT_FOR = timedelta(days=2)
"""For how long a push service keeps a message for a browser that is away; afterwards it is no news."""
SECONDS_TO_WAIT = 10
ENDPOINT_MAX = 1_000
PORT = 443
CURVE = ec.SECP256R1()


class Over(Exception):
    """The browser takes no messages at this address any more, and never will again."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where and for whom: as the browser told it, each key in base64url."""

    endpoint: str
    p256dh: str
    auth: str


def public_key() -> str:
    """Return the key that browsers are given, by which their service knows our messages; empty: push is not set up."""
    return _pair(settings.PUSH_KEY)[2] if settings.PUSH_KEY else ""


def private_key(text: str) -> ec.EllipticCurvePrivateKey:
    """Return the private key of its 32 bytes in base64url, as every tool for VAPID keys writes it.

    :raises ValueError: it is no such key.
    """
    number = urlsafe_b64decode(_padded(text))
    if len(number) != 32:
        raise ValueError("not 32 bytes")
    return ec.derive_private_key(int.from_bytes(number), CURVE)


def is_usable(address: Address) -> bool:
    """Return whether messages can be sealed for this address, and it is one of a push service that we know."""
    try:
        _known_service(address.endpoint)
        point, secret = (urlsafe_b64decode(_padded(each)) for each in (address.p256dh, address.auth))
        ec.EllipticCurvePublicKey.from_encoded_point(CURVE, point)
    except ValueError:
        return False
    return len(point) == 65 and len(secret) == 16


def send(address: Address, content: dict[str, Any], *, name: str) -> None:
    """Hand one message over to the push service of its browser; only deliverers call this.

    :param name: of at most 32 letters of base64url; a message of the same name that still waits there is replaced.
    :raises Over: the browser takes no messages there any more.
    :raises Undeliverable: the service refuses the message for good, or it is no push service.
    :raises Exception: the service is away or asks to try later.
    """
    try:
        service = _known_service(address.endpoint)
    except ValueError as fault:
        raise Undeliverable(str(fault)) from None
    sealed = _sealed(address, content)
    headers = sealed.headers | {"topic": name, "urgency": "normal", "content-type": "application/octet-stream"}
    path = f"{service.path or '/'}?{service.query}" if service.query else service.path or "/"
    connection = connection_to(service.hostname or "")
    try:
        connection.request("POST", path, sealed.encrypted, headers)
        status = connection.getresponse().status
    except HTTPException as fault:
        raise ConnectionError("the push service answers in no way we know") from fault
    finally:
        connection.close()
    if status in (404, 410):
        raise Over
    if status == 429 or status >= 500:
        raise ConnectionError(f"the push service asks to try later: {status}")
    if status >= 300:
        raise Undeliverable(f"refused by the push service: {status}")


def connection_to(host: str) -> HTTPConnection:
    """Return an open connection to one of the host's addresses, the one that was looked at.

    :raises Undeliverable: an address of it is not public.
    :raises OSError: the host is not known or does not answer.
    """
    known = socket.getaddrinfo(host, PORT, type=socket.SOCK_STREAM)
    addresses = list(dict.fromkeys(str(each[4][0]) for each in known))
    if not all(ip_address(each).is_global and not ip_address(each).is_multicast for each in addresses):
        raise Undeliverable("the push service is at an address that is not public")
    connection = HTTPSConnection(host, PORT, timeout=SECONDS_TO_WAIT)
    connection.sock = ssl.create_default_context().wrap_socket(_reached(addresses), server_hostname=host)
    return connection


def _reached(addresses: list[str]) -> socket.socket:
    for address in addresses[:-1]:
        try:
            return socket.create_connection((address, PORT), SECONDS_TO_WAIT)
        except OSError:
            continue
    return socket.create_connection((addresses[-1], PORT), SECONDS_TO_WAIT)


def _known_service(endpoint: str) -> SplitResult:
    """Return the parts of an address of a known push service.

    :raises ValueError: it is none.
    """
    parts = urlsplit(endpoint)
    host = parts.hostname or ""
    is_plain = endpoint.isascii() and endpoint.isprintable() and " " not in endpoint and len(endpoint) <= ENDPOINT_MAX
    is_tls = parts.scheme == "https" and parts.port in (None, PORT) and "@" not in parts.netloc and not parts.fragment
    if (
        not is_plain
        or not is_tls
        or not any(host == each or host.endswith(f".{each}") for each in settings.PUSH_SERVICES)
    ):
        raise ValueError("not an address of a known push service")
    return parts


def _sealed(address: Address, content: dict[str, Any]) -> Any:
    from webpush import WebPush, WebPushSubscription  # type: ignore[import-untyped]  # only the worker needs it

    private, public, _key = _pair(settings.PUSH_KEY)
    push = WebPush(private, public, subscriber=settings.PUSH_CONTACT, ttl=int(KEPT_FOR.total_seconds()))
    keys = {"auth": address.auth, "p256dh": address.p256dh}
    subscription = WebPushSubscription.model_validate({"endpoint": address.endpoint, "keys": keys})
    return push.get(json.dumps(content, ensure_ascii=False), subscription)


@lru_cache(maxsize=2)
def _pair(text: str) -> tuple[bytes, bytes, str]:
    """Return our keys as the library wants them, and the public one as browsers do."""
    key = private_key(text)
    public = key.public_key()
    point = public.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return (
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()),
        public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo),
        urlsafe_b64encode(point).rstrip(b"=").decode(),
    )


def _padded(text: str) -> str:
    return text + "=" * (-len(text) % 4)
