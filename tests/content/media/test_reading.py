"""Uploaded pictures are drawn anew; what is no plain picture is refused in words."""

from __future__ import annotations

import io
import struct
import zlib
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from content.media import reading
from content.media.reading import Unusable
from tests.content.media.pictures import opened, picture


def photograph() -> bytes:
    """Return a JPEG with the place where it was taken, a comment, a profile, and a note that it lies on its side."""
    exif = Image.Exif()
    exif[0x010E] = "Seen at Knee Street 7"
    exif[0x0112] = 6
    exif.get_ifd(0x8825)[2] = (47.0, 36.0, 22.0)
    return picture("JPEG", (60, 20), exif=exif, comment=b"Secret comment", icc_profile=b"Secret profile")


def png_that_claims(width: int, height: int) -> bytes:
    """Return a PNG of a few bytes whose head names a size."""

    def chunk(name: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 64)) + chunk(b"IEND", b"")


def refusal(data: bytes) -> str:
    with pytest.raises(Unusable) as refused:
        reading.read(data)
    return str(refused.value)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_picture_is_drawn_in_every_kind(kind: str) -> None:
    found = reading.read(picture(kind))

    assert [(file.kind, file.width) for file in found.files] == [("avif", 40), ("webp", 40), ("jpg", 40)]
    assert [opened(file.content).format for file in found.files] == ["AVIF", "WEBP", "JPEG"]
    assert {opened(file.content).size for file in found.files} == {(40, 30)} == {(found.width, found.height)}


def test_picture_that_is_clear_in_parts_stays_so() -> None:
    found = reading.read(picture("PNG", mode="RGBA"))

    assert [file.kind for file in found.files] == ["avif", "webp", "png"]
    clear = {opened(file.content).convert("RGBA").getchannel("A").getpixel((5, 5)) for file in found.files}
    assert clear == {128}


def test_large_picture_is_made_smaller_and_has_a_narrow_copy() -> None:
    found = reading.read(picture("JPEG", (3200, 800)))

    assert (found.width, found.height) == (1600, 400)
    assert [opened(file.content).size for file in found.files] == [(720, 180)] * 3 + [(1600, 400)] * 3


def test_nothing_of_the_file_but_its_pixels_is_kept() -> None:
    data = photograph()
    assert all(secret in data for secret in (b"Knee Street", b"Secret comment", b"Secret profile"))

    found = reading.read(data)

    for file in found.files:
        again = opened(file.content)
        assert dict(again.getexif()) == {}
        assert not [secret for secret in (b"Knee", b"Secret", b"Exif") if secret in file.content]
    # It lay on its side, and stands now.
    assert (found.width, found.height) == (20, 60)


def test_same_pixels_have_the_same_digest_whatever_stood_beside_them() -> None:
    bare, noted = picture("PNG"), picture("PNG", dpi=(300, 300))

    assert bare != noted
    assert reading.read(bare).digest == reading.read(noted).digest != reading.read(picture("PNG", (41, 30))).digest


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "An SVG can carry programs"),
        (b"\xef\xbb\xbf \n<?xml version='1.0'?><svg/>", "An SVG can carry programs"),
        (b"\x1f\x8b\x08svgz", "An SVG can carry programs"),
        (b"\0\0\0\x18ftypheic\0\0\0\0", "Only some browsers show HEIC"),
        (b"", "This is no picture that can be read."),
        (b"Dear clinic, ...", "This is no picture that can be read."),
        (picture("GIF", mode="P"), "This is no picture that can be read."),
        (picture("BMP"), "This is no picture that can be read."),
        (picture("PNG") + b"<ScRiPt>alert(1)</script>", "a picture and something else at once: “<ScRiPt”"),
        (picture("JPEG", comment=b"<?php system($_GET[0]);"), "a picture and something else at once: “<?php”"),
        (picture("JPEG") + b"%PDF-1.7", "a picture and something else at once: “%PDF-1”"),
        (picture("PNG") + b"PK\x05\x06" + b"\0" * 18, "a picture and something else at once: “PK"),
        (picture("PNG")[:60], "The picture is damaged."),
        (png_that_claims(30_000, 30_000), "at most 25 million can be taken"),
        (png_that_claims(8_000, 4_000), "The picture has 8,000 × 4,000 pixels; at most 25 million can be taken."),
    ],
)
def test_what_is_no_plain_picture_is_refused_in_words(data: bytes, words: str) -> None:
    assert words in refusal(data)


def test_file_that_is_too_large_is_refused_before_it_is_looked_at() -> None:
    assert refusal(b"x" * (10 * 1024 * 1024 + 1)) == "The file has 10.0 MB; at most 10 MB can be taken."


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_moving_picture_is_refused(kind: str) -> None:
    out, frames = io.BytesIO(), [Image.new("RGB", (9, 9), color) for color in ("red", "blue")]
    frames[0].save(out, format=kind, save_all=True, append_images=frames[1:], duration=100)

    assert "Moving pictures are not taken" in refusal(out.getvalue())


@settings(max_examples=30)
@given(st.data())
def test_damaged_files_are_refused_or_read_and_never_an_error(data: st.DataObject) -> None:
    whole = bytearray(picture(data.draw(st.sampled_from(["JPEG", "PNG", "WEBP"])), (12, 9)))
    for _ in range(data.draw(st.integers(1, 4))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    sent = bytes(whole[: data.draw(st.integers(len(whole) // 2, len(whole)))])

    # Any other error would end the test.
    with suppress(Unusable):
        assert len(reading.read(sent).files) == 3
