"""Typography is no way round a rule, and an honest sentence hides nothing."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from content.claims.checking import Book
from content.proofreading.book import sample
from tests.content.claims import corpus

TUNING = corpus.read("tuning")
FORBIDDEN, HONEST = (corpus.sentences(TUNING, verdict) for verdict in ("forbidden", "honest"))
LOOK_ALIKES = {
    "a": "аɑａ",
    "c": "сϲ",
    "e": "еé",
    "i": "іı",
    "o": "оοö",
    "p": "рρ",
    "s": "ѕ",
    "x": "хχ",
    "y": "у",
    "t": "т",
}
UNSEEN_SIGNS = ["\xad", "\u200b", "\u200d", "\ufeff", "\u2060"]
INLINE = [("<strong>", "</strong>"), ("<em>", "</em>"), ("<a href='/x/'>", "</a>"), ("<sup>[2]</sup>", ""), ("[3]", "")]


def book() -> Book:
    """The sample's rules; compiled once for the process."""
    return sample()


def verdict(text: str) -> set[str]:
    """Return which families of claim block a text."""
    return {str(finding.rule.family) for finding in book().check(text) if finding.severity == "block"}


@settings(max_examples=60, deadline=None)
@given(sentence=st.sampled_from(FORBIDDEN + HONEST), change=st.sampled_from([str.upper, str.lower, str.title]))
def test_case_changes_no_verdict(sentence: str, change: object) -> None:
    assert callable(change)
    # "I'D" and the like aside, words are the same in every case.
    assert verdict(change(sentence)) == verdict(sentence)


@settings(max_examples=60, deadline=None)
@given(
    sentence=st.sampled_from(FORBIDDEN + HONEST),
    space=st.sampled_from(["  ", "\xa0", "\u2009", " \t ", "\u3000"]),
)
def test_spacing_changes_no_verdict(sentence: str, space: str) -> None:
    assert verdict(sentence.replace(" ", space)) == verdict(sentence)


@settings(max_examples=120, deadline=None)
@given(sentence=st.sampled_from(FORBIDDEN + HONEST), data=st.data())
def test_signs_that_nobody_sees_change_no_verdict(sentence: str, data: st.DataObject) -> None:
    places = data.draw(st.lists(st.integers(0, len(sentence)), min_size=1, max_size=5))
    sign = data.draw(st.sampled_from(UNSEEN_SIGNS))
    hidden = "".join(letter + sign * (place in places) for place, letter in enumerate(sentence))

    assert verdict(hidden) == verdict(sentence)


@settings(max_examples=120, deadline=None)
@given(sentence=st.sampled_from(FORBIDDEN + HONEST), data=st.data())
def test_look_alike_letters_change_no_verdict(sentence: str, data: st.DataObject) -> None:
    letter = data.draw(st.sampled_from(sorted(LOOK_ALIKES)))
    other = data.draw(st.sampled_from(LOOK_ALIKES[letter]))

    assert verdict(sentence.replace(letter, other)) == verdict(sentence)


@settings(max_examples=120, deadline=None)
@given(sentence=st.sampled_from(FORBIDDEN + HONEST), data=st.data())
def test_markup_inside_a_word_changes_no_verdict(sentence: str, data: st.DataObject) -> None:
    place = data.draw(st.sampled_from([at for at, sign in enumerate(sentence) if sign.isalpha()]))
    opening, closing = data.draw(st.sampled_from(INLINE))
    marked = f"{sentence[:place]}{opening}{sentence[place]}{closing}{sentence[place + 1 :]}"

    assert verdict(f"<p>{marked}</p>") == verdict(f"<p>{sentence}</p>")


@settings(max_examples=80, deadline=None)
@given(sentence=st.sampled_from(FORBIDDEN + HONEST), data=st.data())
def test_a_soft_or_hard_hyphen_at_the_end_of_a_line_changes_no_verdict(sentence: str, data: st.DataObject) -> None:
    long = [word for word in sentence.split() if word.isalpha() and word.islower() and len(word) >= 5]
    if not long:
        return
    word = data.draw(st.sampled_from(long))
    place = data.draw(st.integers(2, len(word) - 2))

    assert verdict(sentence.replace(word, f"{word[:place]}-\n{word[place:]}", 1)) == verdict(sentence)


@settings(max_examples=120, deadline=None)
@given(sentence=st.sampled_from(FORBIDDEN), honest=st.sampled_from(HONEST))
def test_an_honest_sentence_behind_a_claim_hides_nothing(sentence: str, honest: str) -> None:
    assert verdict(sentence) - verdict(f"{sentence} {honest}") == set()


@settings(max_examples=120, deadline=None)
@given(sentence=st.sampled_from(FORBIDDEN), honest=st.sampled_from(HONEST))
def test_an_honest_paragraph_before_a_claim_hides_nothing(sentence: str, honest: str) -> None:
    assert verdict(sentence) - verdict(f"<p>{honest}</p><p>{sentence}</p>") == set()
