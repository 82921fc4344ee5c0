"""How much a sentence sounds like an advertisement: the sum of the weights of its words and classes. Pure.

No list of constructions is ever complete: idiom is made anew every day. The weights (tone.toml) are learned by
`scripts/learn_tone.py`, by logistic regression, from sentences that may and that may not be published. A rule uses them as the
class {advertising}.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path

ADVERTISING = "advertising"
WEIGHTS = Path(__file__).parent / "tone.toml"
# Of fewer words nothing can be said.
SHORTEST = 5
# The sum from which a sentence counts. 0 would be even odds; an editor who is stopped without need loses trust in the check.
THRESHOLD = 0.5
ENDINGS = ("ings", "ing", "ed", "es", "ly", "s")
SHORTEST_STEM = 3


@cache
def weights() -> Mapping[str, float]:
    """Return the weights by feature; "" is where every sentence begins."""
    learned: dict[str, float] = tomllib.loads(WEIGHTS.read_text(encoding="utf-8"))["weights"]
    return learned


def stem(word: str) -> str:
    """Return a word without a common ending; "#" for a number."""
    if word[0].isdigit():
        return "#"
    for ending in ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= SHORTEST_STEM:
            return word[: -len(ending)]
    return word


def features(words: Iterable[str], classes: Iterable[str], end: str) -> Iterator[str]:
    """Yield what is weighed, each once: stems, classes in braces, and the sign that closes the sentence."""
    yield from dict.fromkeys(map(stem, words))
    yield from (f"{{{name}}}" for name in classes)
    if end:
        yield end


def heaviest(words: list[str], classes: Iterable[str], end: str, first: int) -> int | None:
    """Return the place of the word that weighs most, where a sentence sounds like an advertisement.

    Args:
        words: of the sentence.
        classes: of the vocabulary, that stand in it.
        end: what closes it.
        first: where its own words begin, behind those of a head or the stem of a list.
    """
    if len(words) - first < SHORTEST:
        return None
    known = weights()
    if known.get("", 0) + sum(known.get(feature, 0) for feature in features(words, classes, end)) < THRESHOLD:
        return None
    return max(range(first, len(words)), key=lambda place: known.get(stem(words[place]), 0))
