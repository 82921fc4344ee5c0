"""Short request references for the phone (R-7K2M-9QXD). A leaf."""

from __future__ import annotations

import secrets

# Crockford's base 32 without letters that sound or look like others (https://www.crockford.com/base32.html).
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def new() -> str:
    """Return a reference such as `R-7K2M-9QXD`: 40 random bits, so it says nothing about how many there are."""
    digits = [secrets.choice(ALPHABET) for _ in range(8)]
    return f"R-{''.join(digits[:4])}-{''.join(digits[4:])}"


def normalise(text: str) -> str:
    """Return what somebody typed or heard as a reference would be stored: case, spaces and O/0, I/1 do not matter."""
    folded = text.upper().translate(str.maketrans("OIL", "011", " -"))
    # R is a digit too, so only a ninth character in front is the sign.
    digits = folded.removeprefix("R") if len(folded) == 9 else folded
    return f"R-{digits[:4]}-{digits[4:]}" if len(digits) == 8 else text
