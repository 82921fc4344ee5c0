"""Learns the weights of content/claims/tone.toml: `python -m scripts.learn_tone`.

From the tuning sentences of the claim check, forbidden and honest, and the sample site's articles, questions and policies, which are
honest. Logistic regression by stochastic gradient descent with Adagrad's step and a penalty on the squares of the weights. The same
sentences give the same weights. Prints how a fifth that was held back is judged by what the rest taught, then learns from all.
"""

from __future__ import annotations

import math
import random
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from content.claims import tone
from content.claims.checking import vocabulary
from content.claims.folding import fold
from content.claims.lexicon import Lexicon, with_classes
from content.claims.matching import scan
from content.claims.sentences import split

BASE_DIR = Path(__file__).resolve().parent.parent
LIBRARY = BASE_DIR / "content" / "library"
CORPUS = BASE_DIR / "tests" / "content" / "claims"
NO_WORDS = {"claim_rules", "search_synonyms"}
LEARNED_FROM = ("tuning", "idiom")
ROUNDS, STEP, PENALTY, STEEPEST = 25, 0.3, 2e-4, 30
KEPT = 0.1
PARTS = 5

type Example = tuple[list[str], bool]


def main() -> None:
    """Measure, learn and write."""
    found = list(examples(with_classes(vocabulary())))
    random.Random(1).shuffle(found)  # noqa: S311  a fixed order, no secret
    held, rest = found[::PARTS], [each for at, each in enumerate(found) if at % PARTS]
    learned = learn(rest)
    for kind in (True, False):
        sounds = [value(learned, names) >= tone.THRESHOLD for names, forbidden in held if forbidden == kind]
        print(f"{'forbidden' if kind else 'honest'}: {sum(sounds)} of {len(sounds)} sound like an advertisement")
    write(learn(found))


def examples(lexicon: Lexicon) -> Iterator[Example]:
    """Yield the features of sentences, and whether they may not be published."""
    for name in LEARNED_FROM:
        corpus = tomllib.loads((CORPUS / f"{name}.toml").read_text(encoding="utf-8"))
        for verdict, kinds in corpus.items():
            for text in (text for kind in kinds.values() for text in kind):
                yield from ((names, verdict == "forbidden") for names in _features(text, lexicon))
    # Twice, so that what was approved is not stopped for its tone.
    for text in [*site_texts()] * 2:
        yield from ((names, False) for names in _features(text, lexicon))


def site_texts() -> Iterator[str]:
    """Yield the words of the sample site."""
    yield from (file.read_text(encoding="utf-8") for file in sorted(LIBRARY.glob("*/*.md")))
    for file in sorted({*LIBRARY.glob("*.toml"), *LIBRARY.glob("therapies/*.toml")}):
        if file.stem not in NO_WORDS:
            yield from _strings(tomllib.loads(file.read_text(encoding="utf-8")))


def _strings(read: Any) -> Iterator[str]:
    if isinstance(read, str):
        yield read
    elif isinstance(read, dict | list):
        for part in read.values() if isinstance(read, dict) else read:
            yield from _strings(part)


def _features(text: str, lexicon: Lexicon) -> Iterator[list[str]]:
    for sentence in split(fold(text), lexicon.knows):
        if len(sentence.tokens) >= tone.SHORTEST:
            classes = sorted(scan(sentence, lexicon).classes.keys() - {tone.ADVERTISING})
            yield list(tone.features(sentence.words, classes, sentence.end))


def value(weights: dict[str, float], names: list[str]) -> float:
    """Return the sum of the weights of a sentence."""
    return weights.get("", 0) + sum(weights.get(name, 0) for name in names)


def learn(found: list[Example]) -> dict[str, float]:
    """Return weights by feature."""
    weights: dict[str, float] = defaultdict(float)
    squares: dict[str, float] = defaultdict(float)
    order = random.Random(2)  # noqa: S311
    found = list(found)
    for _ in range(ROUNDS):
        order.shuffle(found)
        for names, forbidden in found:
            odds = max(-STEEPEST, min(STEEPEST, value(weights, names)))
            error = forbidden - 1 / (1 + math.exp(-odds))
            for name in ("", *names):
                squares[name] += error * error
                weights[name] = weights[name] * (1 - PENALTY) + STEP * error / math.sqrt(1 + squares[name])
    return weights


def write(weights: dict[str, float]) -> None:
    """Write the weights that matter, the heaviest first."""
    kept = sorted((each for each in weights.items() if abs(each[1]) >= KEPT or not each[0]), key=lambda each: -each[1])
    lines = [f'"{name}" = {weight:.2f}' for name, weight in kept]
    head = "# Written by scripts/learn_tone.py. How much a word or class makes a sentence an advertisement (above 0) or not (below 0).\n"
    tone.WEIGHTS.write_text(head + "\n[weights]\n" + "\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
