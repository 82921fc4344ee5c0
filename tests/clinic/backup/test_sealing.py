"""Sealed files: whatever is done to one is noticed, and said in words."""

from __future__ import annotations

import io
import itertools
import tracemalloc
from collections.abc import Callable

import pytest

from clinic.backup.refusals import BackupRefused
from clinic.backup.sealing import CHUNK, HEAD, TAG, Opener, Sealer

KEY = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="
OTHER = "YmFja3VwLWtleS1mb3ItdGVzdHMtb25seS0xMjM0NTY="
WHOLE = CHUNK + TAG
# Three chunks, the last of them not full.
TEXT = bytes(range(256)) * (CHUNK // 256 * 2) + b"the end"
CUT = "The file was cut: its end is missing."
NO_BACKUP = "This file is no backup of this site, or its first bytes were changed."
OTHER_KEY = "The file was sealed with another key than the one in BACKUP_KEY, or its first bytes were changed."


def seal(data: bytes, key: str = KEY) -> bytes:
    file = io.BytesIO()
    sealer = Sealer(file, key)
    sealer.write(data)
    sealer.finish()
    return file.getvalue()


def open_(sealed: bytes, key: str = KEY) -> bytes:
    return Opener(io.BytesIO(sealed), key).readall()


def damaged(first: int, last: int) -> str:
    return (
        f"The file is damaged: bytes {first} to {last} were changed, cut, or stand where others should. "
        "Take another copy of this backup, or an older one."
    )


def flipped(sealed: bytes, at: int) -> bytes:
    return sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1 :]


def chunks(sealed: bytes) -> tuple[bytes, bytes, bytes, bytes]:
    one, two = HEAD + WHOLE, HEAD + 2 * WHOLE
    return sealed[:HEAD], sealed[HEAD:one], sealed[one:two], sealed[two:]


def test_what_was_sealed_is_what_is_opened_whatever_its_length() -> None:
    texts = [b"", b"a", TEXT[: CHUNK - 1], TEXT[:CHUNK], TEXT[: CHUNK + 1], TEXT[: 2 * CHUNK], TEXT]

    assert [open_(seal(text)) for text in texts] == texts


def test_nothing_can_be_read_in_the_file_and_no_two_are_alike() -> None:
    one, two = seal(b"Ada Visitor" * 1000), seal(b"Ada Visitor" * 1000)

    assert b"Ada" not in one
    assert one[HEAD:] != two[HEAD:]


SEALED = seal(TEXT)
HEADER, ONE, TWO, THREE = chunks(SEALED)
LATER = damaged(HEAD + WHOLE, HEAD + 2 * WHOLE)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        (flipped(SEALED, 0), NO_BACKUP),
        (b"", NO_BACKUP),
        (SEALED[: HEAD - 1], NO_BACKUP),
        (flipped(SEALED, 20), OTHER_KEY),
        (flipped(SEALED, HEAD - 1), OTHER_KEY),
        (flipped(SEALED, HEAD), damaged(HEAD, HEAD + WHOLE)),
        (flipped(SEALED, HEAD + WHOLE + 100), LATER),
        (flipped(SEALED, len(SEALED) - 1), damaged(HEAD + 2 * WHOLE, len(SEALED))),
        (HEADER, damaged(HEAD, HEAD)),
        (HEADER + ONE, CUT),
        (HEADER + ONE + TWO, CUT),
        (HEADER + ONE + TWO[:-1], damaged(HEAD + WHOLE, HEAD + 2 * WHOLE - 1)),
        (SEALED[:-1], damaged(HEAD + 2 * WHOLE, len(SEALED) - 1)),
        (HEADER + TWO + ONE + THREE, damaged(HEAD, HEAD + WHOLE)),
        (HEADER + ONE + ONE + TWO + THREE, LATER),
        (HEADER + ONE + THREE, damaged(HEAD + WHOLE, HEAD + WHOLE + len(THREE))),
        (SEALED + THREE, damaged(HEAD + 2 * WHOLE, len(SEALED) + len(THREE))),
        (HEADER + ONE + chunks(seal(TEXT))[2] + THREE, LATER),
    ],
    # The bytes are other ones in each process.
    ids=itertools.count(),
)
def test_file_that_was_changed_is_refused_in_words(changed: bytes, said: str) -> None:
    with pytest.raises(BackupRefused) as refused:
        open_(changed)

    assert str(refused.value) == said


def test_other_key_is_named_as_the_reason() -> None:
    with pytest.raises(BackupRefused) as refused:
        open_(SEALED, OTHER)

    assert str(refused.value) == OTHER_KEY


def test_file_whose_writer_was_stopped_is_refused() -> None:
    file = io.BytesIO()
    Sealer(file, KEY).write(TEXT)

    with pytest.raises(BackupRefused, match=CUT):
        open_(file.getvalue())


def test_no_more_than_a_few_chunks_are_held() -> None:
    def growth(work: Callable[[], object]) -> int:
        tracemalloc.start()
        work()
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return peak

    class Nowhere(io.BytesIO):
        def write(self, data: object, /) -> int:
            return 0

    sealer = Sealer(Nowhere(), KEY)

    assert growth(lambda: [sealer.write(b"x" * 1000) for _ in range(10_000)]) < 10 * CHUNK
