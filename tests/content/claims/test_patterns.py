"""Patterns that cannot be used are refused with a sentence."""

from __future__ import annotations

import pytest

from content.claims.checking import Book
from content.claims.forms import forms_of
from content.claims.patterns import PatternError, compile_pattern
from content.claims.rules import Rule


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("...", "“...” would fit any sentence: give it at least one word that must stand there."),
        ("very?", "“very?” would fit any sentence: give it at least one word that must stand there."),
        ("cure ...", "“cure ...” begins or ends with a part that may be missing; leave that part out."),
        ("cure .. ... it", "“cure .. ... it” has two gaps side by side; one is enough."),
        ("{illness}", "“{illness}” names the class {illness}, which the vocabulary does not have."),
        ("ab*", "“ab*”: write at least 3 letters before the star in “ab*”."),
        ("cure|", "“cure|” holds an empty choice; a part is a word, word*, verb+, {class}, # or ... ."),
        ("(a+)+$", "“(a+)+$” holds “(a+)+$”; a part is a word, word*, verb+, {class}, # or ... ."),
        ("a " * 15, f"“{'a ' * 15}” has 15 parts; 14 are the most."),
    ],
)
def test_a_pattern_that_cannot_be_used_is_refused_in_words(line: str, sentence: str) -> None:
    with pytest.raises(PatternError) as refused:
        compile_pattern(line, {"disease"})

    assert str(refused.value) == sentence


@pytest.mark.parametrize(
    ("verb", "forms"),
    [
        ("cure", ("cure", "cures", "cured", "curing")),
        ("remedy", ("remedy", "remedies", "remedied", "remedying")),
        ("stop", ("stop", "stops", "stopped", "stopping")),
        ("banish", ("banish", "banishes", "banished", "banishing")),
        ("regrow", ("regrow", "regrows", "regrew", "regrown", "regrowing")),
    ],
)
def test_a_verb_is_meant_in_all_its_forms(verb: str, forms: tuple[str, ...]) -> None:
    assert forms_of(verb) == forms


@pytest.mark.parametrize(
    ("patterns", "text", "found"),
    [
        ("heal+ it", "It healed it.", "healed it"),
        ("arthrit*", "Of arthritic knees", "arthritic"),
        ("so very? good", "It is so good.", "so good"),
        ("no ... pain", "no more of this pain", "no more of this pain"),
        ("no .. pain", "no, and this is pain", ""),
        ("say+_no|refuse+ surgery", "He said no, surgery it was.", ""),
        ("say+_no|refuse+ surgery", "He refuses surgery.", "refuses surgery"),
        ("# of #", "ninety-five of 100 people", "ninety-five of 100"),
        ("^ call now", "Please call now.", ""),
        ("it works $", "it works well", ""),
        ("it works $", "So it works.", "it works"),
    ],
)
def test_a_pattern_finds_what_it_describes(patterns: str, text: str, found: str) -> None:
    book = Book([Rule("rule", "Rule", "disease", patterns, "Reason.")])

    assert [finding.words for finding in book.check(text)] == ([found] if found else [])
