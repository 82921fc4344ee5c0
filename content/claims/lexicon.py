"""What the words of a text are: the classes of the vocabulary that they belong to. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from content.claims.patterns import NUMBER, SHORTEST_STEM, Item, Word, entries
from content.claims.sentences import Token

NUMBER_WORDS = frozenset(
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen"
    " nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred hundreds thousand thousands million".split()
)
LONGEST_NUMBER = 5
MOST_KEPT = 20_000

type Phrase = tuple[Word, ...]


@dataclass
class Meaning:
    """What is known of one word: its classes, the phrases that begin with it, and the stems that it begins with."""

    classes: tuple[str, ...] = ()
    phrases: tuple[tuple[str, Phrase], ...] = ()
    stems: tuple[str, ...] = ()


@dataclass
class Lexicon:
    """The words of a vocabulary and of patterns."""

    _words: dict[str, Meaning] = field(default_factory=dict)
    _stems: dict[str, Meaning] = field(default_factory=dict)
    _named: set[str] = field(default_factory=set)
    _kept: dict[str, Meaning] = field(default_factory=dict)

    def add_class(self, name: str, item: Item) -> None:
        """Let words and phrases belong to a class."""
        for meaning in self._meanings(item.word):
            meaning.classes += (name,)
        for phrase in item.phrases:
            for meaning in self._meanings(phrase[0]):
                meaning.phrases += ((name, phrase),)
        self.note(item)

    def note(self, item: Item) -> None:
        """Know the words of a pattern's item too."""
        for word in (item.word, *(word for phrase in item.phrases for word in phrase)):
            self._named |= word.words
            for stem in word.stems:
                self._stems.setdefault(stem, Meaning())
        self._kept.clear()

    def knows(self, word: str) -> bool:
        """Return whether a word stands in the vocabulary or in a pattern, or is a number."""
        return word in NUMBER_WORDS or word in self._named or bool(self.meaning(word).stems)

    def meaning(self, word: str) -> Meaning:
        """Return what is known of a word."""
        found = self._kept.get(word)
        if found is None:
            if len(self._kept) >= MOST_KEPT:
                self._kept.clear()
            found = self._kept[word] = self._read(word)
        return found

    def classes_at(self, tokens: list[Token], at: int) -> Iterator[tuple[str, int]]:
        """Yield the classes that a place of a sentence belongs to, each with where its words end."""
        word = tokens[at].word
        meaning = self.meaning(word)
        for name in meaning.classes:
            yield name, at + 1
        for name, phrase in meaning.phrases:
            if fits(tokens, at, phrase):
                yield name, at + len(phrase)
        if word[0].isdigit() or word in NUMBER_WORDS:
            yield NUMBER, _number_end(tokens, at)

    def _meanings(self, word: Word) -> Iterable[Meaning]:
        for each in word.words:
            yield self._words.setdefault(each, Meaning())
        for stem in word.stems:
            yield self._stems.setdefault(stem, Meaning())

    def _read(self, word: str) -> Meaning:
        stems = [stem for end in range(SHORTEST_STEM, len(word) + 1) if (stem := word[:end]) in self._stems]
        found = [self._stems[stem] for stem in stems] + ([self._words[word]] if word in self._words else [])
        return Meaning(
            tuple(dict.fromkeys(name for each in found for name in each.classes)),
            tuple(phrase for each in found for phrase in each.phrases),
            tuple(stems),
        )


def with_classes(vocabulary: Mapping[str, Iterable[str]]) -> Lexicon:
    """Return a lexicon of a vocabulary; an entry such as {disease} takes in the words of another class."""
    lexicon = Lexicon()
    for name in vocabulary:
        lexicon.add_class(name, entries(_all_words(vocabulary, name), ()))
    return lexicon


def _all_words(vocabulary: Mapping[str, Iterable[str]], name: str) -> Iterator[str]:
    for entry in vocabulary[name]:
        if entry.startswith("{"):
            yield from _all_words(vocabulary, entry.strip("{}"))
        else:
            yield entry


def fits(tokens: list[Token], at: int, phrase: Phrase) -> bool:
    """Return whether a phrase stands at a place of a sentence."""
    return at + len(phrase) <= len(tokens) and all(
        word.fits(tokens[at + offset].word) for offset, word in enumerate(phrase)
    )


def _number_end(tokens: list[Token], at: int) -> int:
    """Return where a number ends that begins here, such as one hundred or ninety-five."""
    end = at + 1
    while end < len(tokens) and end - at < LONGEST_NUMBER and tokens[end].word in NUMBER_WORDS:
        end += 1
    return end
