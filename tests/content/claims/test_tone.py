"""How a sentence sounds: the weights of its words, learned from sentences."""

from __future__ import annotations

import pytest

from content.claims import tone
from content.proofreading.book import sample
from scripts import learn_tone

LOUD = "Your boldest dreams of a second spring come true in our hands today!"


@pytest.mark.parametrize(
    ("word", "stem"), [("healing", "heal"), ("heals", "heal"), ("95", "#"), ("is", "is"), ("gladly", "glad")]
)
def test_words_are_weighed_without_their_ending(word: str, stem: str) -> None:
    assert tone.stem(word) == stem


def test_each_word_counts_once_and_classes_and_the_last_sign_count_too() -> None:
    assert list(tone.features(["cures", "cured", "it"], ["disease"], "!")) == ["cur", "it", "{disease}", "!"]


def test_the_heaviest_own_word_of_a_loud_sentence_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tone, "weights", lambda: {"": -1.0, "bold": 2.0, "dream": 3.0, "{ours}": 1.0})

    assert tone.heaviest("dream of a bold new day".split(), ["ours"], "", first=1) == 3
    assert tone.heaviest("we think of a new day".split(), ["ours"], "", first=0) is None
    assert tone.heaviest("dream of bold".split(), ["ours"], "", first=0) is None


def test_a_sentence_that_no_rule_fits_is_stopped_for_its_tone_alone() -> None:
    assert [finding.rule.slug for finding in sample().check(LOUD)] == ["reads-like-an-advertisement"]


def test_a_rule_that_says_what_is_wrong_is_told_instead_of_the_tone() -> None:
    found = sample().check("Finally, the miracle that you and your family have been waiting for!")

    assert [finding.rule.family for finding in found] == ["miracle"]


def test_what_is_learned_tells_the_two_kinds_apart() -> None:
    learned = learn_tone.learn([(["wow", "it"], True), (["law", "it"], False)] * 20)

    assert learned["wow"] > 0 > learned["law"]
    assert learn_tone.value(learned, ["wow"]) > 0 > learn_tone.value(learned, ["law"])
