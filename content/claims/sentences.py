"""Folded text as sentences of words; items of a list carry their stem, cells the heads of their row and column. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from content.claims.folding import BLOCK, CELL, GOES_ON, HEAD, ITEM, ROW, TABLE, Folded

# Bounds keep the time linear: a longer run of letters is several words, a longer run of words several sentences.
WORD = re.compile(
    r"\d{1,12}(?:[.,]\d{1,12}){0,4}(?![a-z\d])|[a-z0-9]{1,60}(?:[@$][a-z0-9]{1,60}){0,3}(?:'[a-z]{1,4}(?![a-z]))?|[%$€£]"
)
LONGEST_SENTENCE = 160
LONGEST_STEM = 24
LONGEST_ANSWER = 4
# How an answer begins that makes a statement of a question: by itself, or together with the words asked.
AFFIRMING = frozenset("yes absolutely certainly indeed definitely totally".split())
CLOSING = frozenset("none zero not never gone nothing forget".split())
LONGEST_GAP = 40
SHORTENED = frozenset("dr mr mrs ms prof st vs approx fig inc ltd co dept e.g i.e u.s etc jr sr".split())
WILL = "'ll"
ENDINGS = ("'s", "'re", "'ve", WILL, "'m", "'d")
STOP = re.compile(r"[.!?]+[\"')\]]*(?=[\s\x1d-\x1f]|$)|[?!]")
# Between the parts of a word that is written with a hyphen, or goes on in the next line.
HYPHENS = frozenset({"-", f"-{GOES_ON}"})
LETTER_GAPS = frozenset({" ", ".", "-", ". ", "'", "_", "*"})
# What digits and signs stand for inside a word: s@fe, cur3s.
LEET = [str.maketrans("01345$@8", letters) for letters in ("oleassab", "oieassab")]

type Known = Callable[[str], bool]


class Token(NamedTuple):
    """A word, where it stands in the folded text, and the punctuation before it."""

    word: str
    start: int
    end: int
    before: str


@dataclass(frozen=True)
class Sentence:
    """Words that are read together.

    Attributes:
        tokens: the words, those of the stem first.
        stem: how many of them belong to a stem, such as "Our exosomes cure:" above a list.
        end: what closes it: ".", "!", "?" or "".
    """

    tokens: list[Token]
    stem: int = 0
    end: str = ""

    @property
    def words(self) -> list[str]:
        """The words alone."""
        return [token.word for token in self.tokens]


def split(folded: Folded, known: Known) -> Iterator[Sentence]:
    """Yield the sentences of a text.

    Args:
        folded: the text.
        known: whether a word means something to any rule; it decides whether `cu-res` is one word.
    """
    asked: Sentence | None = None
    for sentence in _with_stems(_cut(folded, known)):
        if asked is not None:
            yield _answered(asked, sentence)
        asked = sentence if sentence.end == "?" else None
        if asked is None:
            yield sentence
    if asked is not None:
        yield asked


def _answered(asked: Sentence, answer: Sentence) -> Sentence:
    """Return a question as the statement that its answer makes of it: “Side effects? None.” is one, “… No.” is none."""
    own = answer.tokens[answer.stem :]
    if own[0].word in AFFIRMING:
        return replace(asked, end=".")
    if len(own) <= LONGEST_ANSWER and own[0].word in CLOSING:
        return replace(asked, tokens=[*asked.tokens, *own], end=".")
    return asked


class _Piece(NamedTuple):
    tokens: list[Token]
    end: str
    opened: str
    closing: str


def _cut(folded: Folded, known: Known) -> Iterator[_Piece]:
    """Yield the words between two ends of sentences, what closed them, and the mark that opened them."""
    text, tokens, opened = folded.text, list[Token](), BLOCK
    last = 0
    for match in WORD.finditer(text):
        gap = text[last : match.start()] if tokens else ""
        if (tokens and (end := _end(gap, tokens[-1].word)) is not None) or len(tokens) >= LONGEST_SENTENCE:
            yield _Piece(_joined(tokens, text, known), end or "", opened, gap)
            tokens, opened = [], gap
        elif not tokens:
            opened = text[max(last, match.start() - LONGEST_GAP) : match.start()]
        tokens.append(Token(match[0], match.start(), match.end(), gap.strip()[:LONGEST_GAP]))
        last = match.end()
    if tokens:
        yield _Piece(_joined(tokens, text, known), _end(text[last:] + " ", tokens[-1].word) or "", opened, text[last:])


def _end(gap: str, word: str) -> str | None:
    """Return what closes a sentence in the gap behind a word, "" where only a block ends, or None."""
    stop = STOP.search(gap[:LONGEST_GAP])
    if stop and not (stop[0] == "." and _is_shortened(word)):
        return next((sign for sign in "?!." if sign in stop[0]), ".")
    return "" if BLOCK in gap or ITEM in gap or CELL in gap else None


def _is_shortened(word: str) -> bool:
    """Return whether a full stop behind a word may be the word's own: Dr., U.S."""
    return word in SHORTENED or (len(word) == 1 and word.isalpha())


def _joined(tokens: list[Token], text: str, known: Known) -> list[Token]:
    """Return the words of a sentence, each as it is meant: F D A is fda, cu-res is cures, patient's is patient."""
    out: list[Token] = []
    for token in _letters_joined(tokens, text):
        word = _meant(token.word, known)
        if out and (text[out[-1].end : token.start] in HYPHENS):
            whole = out[-1].word + word
            over_lines = GOES_ON in text[out[-1].end : token.start]
            parts = known(out[-1].word) + known(word)
            if (known(whole) and (over_lines or parts < 2)) or not parts:
                out[-1] = Token(whole, out[-1].start, token.end, out[-1].before)
                continue
        out.append(token if word is token.word else token._replace(word=word))
        if token.word.endswith(WILL):
            out.append(Token("will", token.end - len(WILL), token.end, ""))
    return out


def _letters_joined(tokens: list[Token], text: str) -> Iterator[Token]:
    """Yield the words, three and more single letters in a row as one word."""
    run: list[Token] = []
    for token in tokens:
        single = len(token.word) == 1 and token.word.isalpha()
        if run and not (single and text[run[-1].end : token.start] in LETTER_GAPS):
            yield from _word_of(run)
            run = []
        if single:
            run.append(token)
        else:
            yield token
    yield from _word_of(run)


def _word_of(run: list[Token]) -> list[Token]:
    if len(run) < 3:
        return run
    return [Token("".join(token.word for token in run), run[0].start, run[-1].end, run[0].before)]


def _meant(word: str, known: Known) -> str:
    """Return a word without the end of a contraction, and with letters for the digits and signs inside it."""
    for ending in ENDINGS:
        if word.endswith(ending):
            word = word[: -len(ending)]
    if word.isalpha() or known(word):
        return word
    if any(sign.isalpha() for sign in word):
        return next((plain for table in LEET if known(plain := word.translate(table))), word)
    return word


def _with_stems(pieces: Iterator[_Piece]) -> Iterator[Sentence]:
    """Yield sentences; an item of a list begins with the words above the list, a cell with the heads of its row and column."""
    above: list[Token] = []
    before: _Piece | None = None
    in_list = False
    table = _Table()
    for piece in pieces:
        mark = _mark_of(piece)
        if mark == ITEM and not in_list:
            above = before.tokens[-LONGEST_STEM:] if before is not None and _leads_on(before) else []
        in_list = mark == ITEM or (in_list and mark not in {BLOCK, CELL})
        heads = table.heads_of(piece)
        stem = above if mark == ITEM else heads
        yield Sentence([*stem, *piece.tokens], len(stem), piece.end)
        before = piece


@dataclass
class _Table:
    """The heads of the table that is read: of its row, the first cell; of its columns, those of the last row of heads alone."""

    row: list[Token] = field(default_factory=list)
    columns: dict[int, list[Token]] = field(default_factory=dict)
    _heads: dict[int, list[Token]] = field(default_factory=dict)
    _all_heads: bool = False
    _column: int = -1

    def heads_of(self, piece: _Piece) -> list[Token]:
        """Return the heads that a piece is read with: none where it begins no cell."""
        if TABLE in piece.opened:
            self.row, self.columns, self._all_heads = [], {}, False
        _, begins_row, opened = piece.opened.rpartition(ROW)
        if begins_row:
            self._begin_row()
        if CELL not in opened:
            return []
        self._column += opened.count(CELL)
        if opened.rpartition(CELL)[2].startswith(HEAD):
            self._heads[self._column] = piece.tokens[-LONGEST_STEM:]
        else:
            self._all_heads = False
        if not self._column:
            self.row = piece.tokens[-LONGEST_STEM:]
            return []
        return [*self.row, *self.columns.get(self._column, [])]

    def _begin_row(self) -> None:
        if self._all_heads and self._heads:
            self.columns = self._heads
        self.row, self._heads, self._all_heads, self._column = [], {}, True, -1


def _mark_of(piece: _Piece) -> str:
    """Return how a sentence begins: an item of a list, a cell of a table, another block, or none of these."""
    return next((mark for mark in (ITEM, CELL, BLOCK) if mark in piece.opened), "")


def _leads_on(piece: _Piece) -> bool:
    return not piece.end or ":" in piece.closing
