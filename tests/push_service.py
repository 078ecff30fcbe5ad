"""A push service on loopback and the browser behind it: it opens what was sealed for it and checks who sent it."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from unittest.mock import patch

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from mojplin.foundation import web_push

CURVE = ec.SECP256R1()
SERVICE = "https://fcm.googleapis.com"


def encoded(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def decoded(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


class PushBrowser:
    """A browser that asked for messages: it alone has the key that opens them (RFC 8188, RFC 8291)."""

    def __init__(self, name: str = "phone", *, key: ec.EllipticCurvePrivateKey | None = None, auth: bytes = b"a" * 16):
        self.key, self.auth = key or ec.generate_private_key(CURVE), auth
        self.point = self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        self.path = f"/fcm/send/{name}"
        self.address = web_push.Address(SERVICE + self.path, encoded(self.point), encoded(self.auth))
        self.fields = {name: getattr(self.address, name) for name in ("endpoint", "p256dh", "auth")}

    def opened(self, sealed: bytes) -> bytes:
        salt, length = sealed[:16], sealed[20]
        sender, record = sealed[21 : 21 + length], sealed[21 + length :]
        assert int.from_bytes(sealed[16:20]) >= len(record) + 1, "more than one record"
        shared = self.key.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(CURVE, sender))
        secret = HKDF(SHA256(), 32, self.auth, b"WebPush: info\0" + self.point + sender).derive(shared)
        key = HKDF(SHA256(), 16, salt, b"Content-Encoding: aes128gcm\0").derive(secret)
        nonce = HKDF(SHA256(), 12, salt, b"Content-Encoding: nonce\0").derive(secret)
        text, _end, padding = AESGCM(key).decrypt(nonce, record, None).rpartition(b"\x02")
        assert not padding.strip(b"\0")
        return text


class PushService:
    """What was handed over, oldest first; `status` is what it answers."""

    def __init__(self) -> None:
        self.status = 201
        self.received: list[tuple[str, dict[str, str], bytes]] = []

    def messages(self, browser: PushBrowser) -> list[dict[str, str]]:
        """Return what the browser shows, and check that its service may take each from us."""
        found = [(headers, body) for path, headers, body in self.received if path == browser.path]
        for headers, _body in found:
            assert headers["content-encoding"] == "aes128gcm" and int(headers["ttl"]) > 0
            assert claims_of(headers["authorization"])["aud"] == SERVICE
        return [json.loads(browser.opened(body)) for _headers, body in found]


def claims_of(authorization: str) -> dict[str, str]:
    """Return what the sender claims, signed with the key that browsers were given (RFC 8292)."""
    scheme, _space, rest = authorization.partition(" ")
    parts = dict(each.strip().split("=", 1) for each in rest.split(","))
    assert scheme == "vapid" and parts["k"] == web_push.public_key()
    signed, _dot, signature = parts["t"].rpartition(".")
    raw = decoded(signature)
    key = ec.EllipticCurvePublicKey.from_encoded_point(CURVE, decoded(parts["k"]))
    pair = encode_dss_signature(int.from_bytes(raw[:32]), int.from_bytes(raw[32:]))
    key.verify(pair, signed.encode(), ec.ECDSA(SHA256()))
    claims: dict[str, str] = json.loads(decoded(signed.split(".")[1]))
    return claims


@contextmanager
def push_service() -> Iterator[PushService]:
    """Let the far end of the network be a server on loopback: every known service leads there."""
    service = PushService()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            service.received.append((self.path, {name.lower(): value for name, value in self.headers.items()}, body))
            self.send_response(service.status)
            self.send_header("Location", "/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_said: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        port = server.server_address[1]
        try:
            with patch.object(web_push, "connection_to", lambda _host: HTTPConnection("127.0.0.1", port, timeout=60)):
                yield service
        finally:
            server.shutdown()
            thread.join()
