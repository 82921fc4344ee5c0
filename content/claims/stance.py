"""How a sentence stands to a claim in it: whether it denies it, tells it of others, warns of it, asks it, or makes it. Pure.

The words that show it are data (cues.toml). Most count only within the clause of the claim: in “exosomes are not approved,
but they cure arthritis” the denial ends at the “but”.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from content.claims.matching import Match, Scan
from content.claims.rules import Stance

# After a comma, a dash or a colon these begin a clause that the words before do not reach into.
RESTARTS = frozenset(
    "we our ours i my you your it they he she this these those so because instead call book try choose get ask come see then"
    " exosomes exosome prp stem his her their yet thanks with here".split()
)
CONTRASTS = frozenset("but whereas although though however because while since".split())
FIRST_PERSON = frozenset("we our ours us i my".split())
SET_ASIDE = frozenset("without no than unlike instead avoid skip not beyond forget replaces replace from off".split())
NARROW_REACH = 4
NEXT_REACH = 3
# Right behind a verb these deny it: “has approved no exosome”.
NOTHING = frozenset("no none nothing neither nobody".split())

type Cues = Mapping[str, list[Match]]


@dataclass(frozen=True)
class Reading:
    """A sentence with the cues in it."""

    scanned: Scan
    cues: Cues

    def stances(self, match: Match) -> set[str]:
        """Return how the sentence stands to a claim; empty: it makes it."""
        found = {
            Stance.NEGATED: self._is_negated(match),
            Stance.TOLD: self._is_told(match),
            Stance.WARNED: self._is_warned(match),
            Stance.ASKED: self._is_asked(match),
            Stance.STUDIED: self._is_studied(match),
            Stance.ADVISED: any(self._reaching("advice", match)),
            Stance.CONVENTIONAL: self._is_conventional(match),
        }
        return {stance.value for stance, holds in found.items() if holds}

    def is_hedged(self, match: Match) -> bool:
        """Return whether the clause says “may” or the like before the claim ends."""
        return any(self._reaching("weak", match))

    def _of(self, kind: str) -> list[Match]:
        return self.cues.get(kind, [])

    def _breaks(self, place: int) -> bool:
        """Return whether a clause begins at a word."""
        token = self.scanned.tokens[place]
        if token.word in CONTRASTS or ";" in token.before or "." in token.before:
            return place > 0
        pauses = any(sign in token.before for sign in ",:–(") or (token.before == "-" and self._stands_apart(place))
        return pauses and (token.word in RESTARTS or self.scanned.has("regen", place))

    def _stands_apart(self, place: int) -> bool:
        tokens = self.scanned.tokens
        return tokens[place].start - tokens[place - 1].end > 1

    def _together(self, first: int, last: int) -> bool:
        """Return whether two words stand in one clause."""
        return not any(self._breaks(place) for place in range(first + 1, last + 1))

    def _reaching(self, kind: str, match: Match) -> Iterator[Match]:
        """Yield cues before or within a claim, in its clause, that are not words of the claim itself."""
        for cue in self._of(kind):
            if cue.start < match.end and cue.start not in match.named and self._together(cue.start, match.start):
                yield cue

    def _is_negated(self, match: Match) -> bool:
        if self._is_debunked(match):
            return True
        spent = {place for cue in self._of("spent") for place in range(cue.start, cue.end)}
        for cue in self._reaching("negator", match):
            if cue.start not in spent:
                return True
        return any(
            cue.start not in spent
            and 0 <= match.start - cue.end < NARROW_REACH
            and self._unbroken(cue.end, match.start)
            for cue in self._reaching("narrow", match)
        )

    def _unbroken(self, first: int, last: int) -> bool:
        return not any(self.scanned.tokens[place].before for place in range(first, last + 1))

    def _is_debunked(self, match: Match) -> bool:
        return any(
            cue.start >= match.start and cue.start not in match.named and not self._denied(cue)
            for cue in self._of("debunk")
        ) or self._is_denied_next(match)

    def _is_denied_next(self, match: Match) -> bool:
        """Return whether a claim of a noun is denied by the verb behind it: “cell therapy for diabetes has not …”."""
        tokens = self.scanned.tokens
        if match.end < len(tokens) and tokens[match.end].word in NOTHING and not tokens[match.end].before:
            return not any(cue.start == match.end for cue in self._of("spent"))
        if self._is_ours():
            return False
        near = range(match.end, match.end + NEXT_REACH)
        return any(cue.start in near and self._unbroken(match.end, cue.start) for cue in self._of("denial"))

    def _is_ours(self) -> bool:
        return any(token.word in FIRST_PERSON for token in self.scanned.tokens)

    def _denied(self, cue: Match) -> bool:
        """Return whether taking back is itself denied: “is not a myth”."""
        words = [token.word for token in self.scanned.tokens[cue.start : cue.end]]
        return "not" in words and words[-1] in {
            "myth",
            "lie",
            "hype",
            "false",
            "fiction",
            "untrue",
            "nonsense",
            "trick",
        }

    def _is_told(self, match: Match) -> bool:
        tokens = self.scanned.tokens
        return any(
            not any(tokens[place].word in FIRST_PERSON for place in range(cue.start, match.start))
            for cue in self._reaching("told", match)
        )

    def _is_warned(self, match: Match) -> bool:
        return any(
            cue.start >= match.end or (cue.start <= match.start and self._together(cue.start, match.start))
            for cue in self._of("alarm")
            if cue.start not in match.named
        )

    def _is_asked(self, match: Match) -> bool:
        if any(self._reaching("whether", match)):
            return True
        sentence = self.scanned.sentence
        return sentence.end == "?" and not self._of("offer")

    def _is_studied(self, match: Match) -> bool:
        if self._is_ours():
            return False
        return any(
            self._together(*sorted((cue.start, match.start)))
            for cue in self._of("study")
            if cue.start not in match.named
        )

    def _is_conventional(self, match: Match) -> bool:
        if not any(self._is_meant(cue, match) for cue in self._of("conventional")):
            return False
        if self._is_ours():
            return False
        return self._is_blood_care() or "regen" not in self.scanned.classes

    def _is_meant(self, cue: Match, match: Match) -> bool:
        """Return whether established care does what is said, and is not what is done without: “without surgery”."""
        before = {token.word for token in self.scanned.tokens[max(0, cue.start - 3) : cue.start]}
        return cue.start not in match.named and not before & SET_ASIDE

    def _is_blood_care(self) -> bool:
        """Return whether blood-forming cells are spoken of, which are established care for illnesses of the blood."""
        blood = {
            "leukemia",
            "lymphoma",
            "myeloma",
            "thalassemia",
            "hematopoietic",
            "haematopoietic",
            "forming",
            "blood",
        }
        words = {token.word for token in self.scanned.tokens}
        return bool(words & {"transplant", "transplants", "transplantation", "forming", "hematopoietic"}) and bool(
            words & blood
        )
