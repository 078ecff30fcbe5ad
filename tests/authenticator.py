"""A passkey in software: makes and signs what a phone would, so that pages can be tested without a browser."""

import base64
import hashlib
import json
import struct
from typing import Any

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

PRESENT_AND_VERIFIED, WITH_KEY = 0x05, 0x40


def text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


class Authenticator:
    def __init__(self, *, site: str = "127.0.0.1", origin: str = "http://127.0.0.1:8000") -> None:
        self.site, self.origin, self.count = site, origin, 0
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.credential_id = hashlib.sha256(str(id(self)).encode()).digest()

    def makes(self, options: dict[str, Any]) -> str:
        """Return the JSON of a new credential."""
        numbers = self.key.public_key().public_numbers()
        point = {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")}
        of_key = bytes(16) + struct.pack(">H", len(self.credential_id)) + self.credential_id + cbor2.dumps(point)
        data = self.authenticator_data(PRESENT_AND_VERIFIED | WITH_KEY) + of_key
        attestation = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        client = self.client_data("webauthn.create", options)
        return self.credential({"clientDataJSON": text(client), "attestationObject": text(attestation)})

    def signs(self, options: dict[str, Any]) -> str:
        """Return the JSON of an answer to a challenge."""
        self.count += 1
        data, client = self.authenticator_data(PRESENT_AND_VERIFIED), self.client_data("webauthn.get", options)
        signature = self.key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        return self.credential(
            {"clientDataJSON": text(client), "authenticatorData": text(data), "signature": text(signature)}
        )

    def authenticator_data(self, flags: int) -> bytes:
        return hashlib.sha256(self.site.encode()).digest() + bytes([flags]) + struct.pack(">I", self.count)

    def client_data(self, kind: str, options: dict[str, Any]) -> bytes:
        return json.dumps({"type": kind, "challenge": options["challenge"], "origin": self.origin}).encode()

    def credential(self, response: dict[str, str]) -> str:
        own_id = text(self.credential_id)
        return json.dumps({"id": own_id, "rawId": own_id, "type": "public-key", "response": response})
