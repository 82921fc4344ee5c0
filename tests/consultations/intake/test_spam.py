"""How much a request looks like spam."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consultations.intake import spam
from consultations.intake.spam import Signals
from consultations.intake.submission import Submission
from consultations.statuses import ContactBy

HUMAN = Signals(seconds_open=90)
ADVERTS = (
    "We offer SEO services and backlinks, see https://rank.example and www.links.example",
    "Boost your website traffic! <a href='http://x.example'>click here</a>",
    "[url=http://casino.example]casino[/url] best forex signals",
    "Crypto investment with passive income, join our telegram channel http://t.example",
)
PEOPLE = (
    ("Nguyễn Thị Hoa", "My knee hurts when I climb stairs."),
    ("O'Brien-Łuk", "I read https://www.fda.gov/ and have a question about exosomes."),
    ("李", ""),
    ("Σοφία Νικολάου", "Πονάει το γόνατό μου όταν ανεβαίνω σκάλες."),
    ("Мария Иванова", "Болит колено, делала МРТ в Clinic Charité."),
    ("Krystyna McDonald", "I was told to unsubscribe from running :)"),
    ("JUAN GARCÍA", "¿CUÁNTO DURA UNA CONSULTA?"),
)


@pytest.mark.parametrize("text", ADVERTS)
def test_score_suspects_an_advertisement_sent_by_a_program(text: str) -> None:
    verdict = spam.score(Submission(name="Marketing", message=text), Signals(seconds_open=1))

    assert verdict.is_spam
    assert verdict.reasons


@pytest.mark.parametrize(("name", "message"), PEOPLE)
def test_score_suspects_no_person(name: str, message: str) -> None:
    assert not spam.score(Submission(name=name, message=message), HUMAN).is_spam


@pytest.mark.parametrize("signals", [Signals(seconds_open=0), Signals(), Signals(seconds_open=60, recent=50)])
def test_score_of_a_plain_request_stays_below_the_threshold_however_it_came(signals: Signals) -> None:
    verdict = spam.score(Submission(name="Ada Visitor", message="My knee hurts."), signals)

    assert 0 < verdict.score < spam.THRESHOLD


def test_score_suspects_whoever_fills_in_the_hidden_field_alone() -> None:
    verdict = spam.score(Submission(name="Ada Visitor"), Signals(trap_filled=True, seconds_open=60))

    assert verdict == spam.Verdict(spam.THRESHOLD, ("the hidden field was filled in",))


@pytest.mark.parametrize(
    ("submission", "reason"),
    [
        (Submission(name="xKjTqWzLp"), "random letters for a name"),
        (Submission(name="www.example.com"), "a link for a name"),
        (Submission(name="Ada", message="Вuу now"), "letters of two alphabets in one word"),
    ],
)
def test_score_says_why(submission: Submission, reason: str) -> None:
    assert reason in spam.score(submission, HUMAN).reasons


@given(st.text(max_size=200), st.text(max_size=500))
def test_score_never_raises(name: str, message: str) -> None:
    verdict = spam.score(Submission(name=name, message=message, contact_by=ContactBy.EITHER), HUMAN)

    assert verdict.score >= 0
