"""Sealed files: authenticated encryption in chunks, so that memory stays small and every change to a file is noticed.

Each file has a key of its own, derived (HKDF-SHA256) from BACKUP_KEY and a random salt. A chunk is sealed with ChaCha20-Poly1305;
its nonce is its number and whether it is the last, so that a chunk that was changed, moved, repeated or taken from another file
does not open, and neither does a file without its end. This is the construction STREAM of Hoang, Reyhanitabar, Rogaway and Vizár
(https://eprint.iacr.org/2015/189), with the nonces that age uses (https://c2sp.org/age).

Layout: MARK, salt (16 bytes), check (16 bytes, derived with the key: says whether BACKUP_KEY is the right one), chunks.
"""

from __future__ import annotations

import base64
import hmac
import io
import os
from typing import IO, TYPE_CHECKING

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from clinic.backup.refusals import BackupRefused

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer, WriteableBuffer

MARK = b"clinic backup 1\n"
SALT = 16
CHECK = 16
HEAD = len(MARK) + SALT + CHECK
CHUNK = 64 * 1024
TAG = 16


class Sealer(io.RawIOBase):
    """Seals what is written to it into a file; only `finish` writes the end, without which the file is refused."""

    def __init__(self, file: IO[bytes], key: str) -> None:
        salt = os.urandom(SALT)
        self.cipher, check = _derived(key, salt)
        self.file = file
        self.number = 0
        self.waiting = bytearray()
        file.write(MARK + salt + check)

    def writable(self) -> bool:
        """Say so."""
        return True

    def write(self, data: ReadableBuffer, /) -> int:
        """Seal all full chunks but the last one, which may be the end."""
        self.waiting += data
        while len(self.waiting) > CHUNK:
            self._seal(bytes(self.waiting[:CHUNK]), last=False)
            del self.waiting[:CHUNK]
        return memoryview(data).nbytes

    def finish(self) -> None:
        """Write the end."""
        self._seal(bytes(self.waiting), last=True)

    def _seal(self, data: bytes, *, last: bool) -> None:
        self.file.write(self.cipher.encrypt(_nonce(self.number, last=last), data, None))
        self.number += 1


class Opener(io.RawIOBase):
    """Opens a sealed file chunk by chunk; what it hands out is what was sealed.

    Raises:
        BackupRefused: this is no backup, the key is another one, or the file was changed or cut.
    """

    def __init__(self, file: IO[bytes], key: str) -> None:
        head = file.read(HEAD)
        if not head.startswith(MARK) or len(head) < HEAD:
            raise BackupRefused("This file is no backup of this site, or its first bytes were changed.")
        self.cipher, check = _derived(key, head[len(MARK) : -CHECK])
        if not hmac.compare_digest(check, head[-CHECK:]):
            raise BackupRefused(
                "The file was sealed with another key than the one in BACKUP_KEY, or its first bytes were changed."
            )
        self.file = file
        self.number = 0
        self.opened = b""
        self.next = file.read(CHUNK + TAG)
        self.ended = False

    def readable(self) -> bool:
        """Say so."""
        return True

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        """Hand out some of what was sealed, 0 bytes at the end."""
        while not self.opened and not self.ended:
            self._open()
        view = memoryview(buffer).cast("B")
        size = min(len(view), len(self.opened))
        view[:size] = self.opened[:size]
        self.opened = self.opened[size:]
        return size

    def _open(self) -> None:
        sealed, self.next = self.next, self.file.read(CHUNK + TAG)
        self.ended = not self.next
        try:
            self.opened = self.cipher.decrypt(_nonce(self.number, last=self.ended), sealed, None)
        except InvalidTag:
            raise BackupRefused(self._why(sealed)) from None
        self.number += 1

    def _why(self, sealed: bytes) -> str:
        if self.ended:
            try:
                self.cipher.decrypt(_nonce(self.number, last=False), sealed, None)
            except InvalidTag:
                pass
            else:
                return "The file was cut: its end is missing."
        first = HEAD + self.number * (CHUNK + TAG)
        return (
            f"The file is damaged: bytes {first} to {first + len(sealed)} were changed, cut, or stand where others should. "
            "Take another copy of this backup, or an older one."
        )


def _derived(key: str, salt: bytes) -> tuple[ChaCha20Poly1305, bytes]:
    """Return the cipher of a file and its check."""
    both = HKDF(SHA256(), 32 + CHECK, salt, MARK).derive(base64.urlsafe_b64decode(key))
    return ChaCha20Poly1305(both[:32]), both[32:]


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11) + bytes([last])
