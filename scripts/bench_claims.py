"""`make bench`, third part: the claim check over a megabyte, beside one pass of a compiled alternation of the same words."""

from __future__ import annotations

import re
import statistics
import sys
import time
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from content.claims.checking import Book, vocabulary
from content.claims.rules import Rule

BASE_DIR = Path(__file__).resolve().parent.parent
LIBRARY = BASE_DIR / "content" / "library"
MEGABYTE = 1_000_000
ROUNDS = 3
# What makes careless matching slow; each is repeated to a size, twice and four times that size.
UNITS = (
    "our exosomes cure the arthritis of every patient and ",
    "not never no without exosomes cure ",
    "<li>our exosomes cure arthritis",
    "<tr><td>exosomes</td><td>cure arthritis</td></tr>",
    "cure one two three four five six ",
    "c u r e ",
    "<",
    "a",
)
SIZE = 20_000

METHOD = f"""\
The claim check with the sample's rules over a megabyte: the sample site's articles, questions and policies, repeated. Beside it one
pass of `re` over the same text, with one alternation of all words that the rules and the vocabulary name. {ROUNDS} rounds in turns; the
ratio is the check's processor time over that of the pass. Then texts made to be slow, at {SIZE:,}, {2 * SIZE:,} and {4 * SIZE:,} characters:
linear work doubles each time."""


def main() -> int:
    """Measure and print; return 0 when no text took more than linear time."""
    book = Book(rules())
    text = sample_text()
    words = sorted(named_words(), key=len, reverse=True)
    alternation = re.compile(rf"\b(?:{'|'.join(map(re.escape, words))})\b", re.IGNORECASE)
    rounds = [
        (seconds(lambda: list(alternation.finditer(text))), seconds(lambda: book.check(text))) for _ in range(ROUNDS)
    ]
    alone, checked = (statistics.median(each[kind] for each in rounds) for kind in (0, 1))
    ratio = statistics.median(check / once for once, check in rounds)
    print(f"\n{METHOD}\n\nPython {sys.version.split()[0]}, {len(book.rules)} rules, {len(words)} words\n")
    print(f"alternation {alone:6.2f} s   check {checked:6.2f} s   ratio {ratio:.2f}\n")
    worst = max((growth(book, unit), unit) for unit in UNITS)
    print(f"\nThe worst: four times the text took {worst[0]:.1f} times as long, for {worst[1]!r}.")
    return 0 if worst[0] < 9 else 1


def rules() -> list[Rule]:
    """Return the sample's rules, without its lists: they do not matter for time."""
    tables = tomllib.loads((LIBRARY / "claim_rules.toml").read_text(encoding="utf-8"))["claim_rule"]
    texts: list[dict[str, Any]] = [
        {name: value for name, value in table.items() if isinstance(value, str)} for table in tables
    ]
    return [Rule(**each) for each in texts]


def sample_text() -> str:
    """Return a megabyte of the sample site's words."""
    files = [*sorted(LIBRARY.rglob("*.md")), LIBRARY / "questions.toml"]
    text = "\n".join(file.read_text(encoding="utf-8") for file in files)
    return (text * (MEGABYTE // len(text) + 1))[:MEGABYTE]


def named_words() -> set[str]:
    """Return every word that a pattern or the vocabulary names."""
    texts = [rule.patterns + rule.unless for rule in rules()] + [
        entry for words in vocabulary().values() for entry in words
    ]
    return {word for text in texts for word in re.findall(r"[a-z]{2,}", text)}


def seconds(work: Callable[[], object]) -> float:
    """Return the processor time of one run."""
    began = time.process_time()
    work()
    return time.process_time() - began


def growth(book: Book, unit: str) -> float:
    """Return how many times as long four times the text takes, and print the three times."""
    texts = [(unit * SIZE * 4)[: SIZE * factor] for factor in (1, 2, 4)]
    taken = [min(seconds(lambda text=text: book.check(text)) for _ in range(2)) for text in texts]  # type: ignore[misc]
    print(f"{taken[0]:8.3f} s {taken[1]:8.3f} s {taken[2]:8.3f} s   {unit!r}")
    return taken[2] / max(taken[0], 0.005)


if __name__ == "__main__":
    sys.exit(main())
