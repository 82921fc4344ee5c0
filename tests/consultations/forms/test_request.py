"""The request form: what it accepts, what it asks about, and in which words."""

from __future__ import annotations

import datetime as dt
from typing import Any
from urllib.parse import urlencode

import pytest
from django.http import QueryDict
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from consultations.forms.private import ContactForm
from consultations.forms.request import RequestForm
from consultations.intake import receiving, typed
from consultations.statuses import ConsentPurpose, ContactBy
from content import attribution
from content import text as words
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db
GOOD = {"name": "Ada Visitor", "email": "ada@visitor.example"}
FIELDS = [*RequestForm.base_fields]


def post(language: str = "", **answers: Any) -> RequestForm:
    data = {"key": receiving.new_key(NOW - dt.timedelta(minutes=2))} | answers
    return RequestForm(QueryDict(urlencode(data, doseq=True)), now=NOW, language=language)


def sentences(form: RequestForm) -> list[str]:
    return [sentence for _, sentence in form.error_summary]


@pytest.mark.parametrize("name", ["李", "Nguyễn Thị X", "O'Brien-Łuk", "Σοφία", "محمد", "A"])
def test_a_name_in_any_alphabet_is_kept_unharmed(name: str) -> None:
    form = post(**GOOD | {"name": f"  {name} "})

    assert form.is_valid()
    assert form.submission().name == name


def test_an_empty_form_says_what_is_needed_in_the_order_of_the_page() -> None:
    form = post()

    assert form.error_summary == [
        ("id_name", "Enter your name."),
        ("id_email", "Enter an email address or a phone number, so that we can answer."),
    ]


def test_errors_stand_in_the_order_of_the_page() -> None:
    form = post(
        phone="12", contact_by="pigeon", best_time="x" * 201, center="nowhere", therapies=["none"], message="Knee."
    )

    assert [target for target, _ in form.error_summary] == [
        "id_name",
        "id_phone",
        "id_contact_by_0",
        "id_best_time",
        "id_center",
        "id_therapies_0",
        "id_agree_health",
    ]


@pytest.mark.parametrize(
    ("answers", "target"),
    [
        ({"contact_by": "email", "phone": "+1 202 555 0143", "email": ""}, "id_email"),
        ({"contact_by": "phone"}, "id_phone"),
        ({"email": "ada@"}, "id_email"),
        ({"email": "a" * 250 + "@x.example"}, "id_email"),
        ({"name": "x" * 201}, "id_name"),
        ({"message": "x" * 4001, "agree_health": "on"}, "id_message"),
    ],
)
def test_an_error_stands_at_the_field_that_mends_it(answers: dict[str, str], target: str) -> None:
    assert [where for where, _ in post(**GOOD | answers).error_summary] == [target]


@pytest.mark.parametrize("answers", [{"contact_by": "email"}, {}, {"email": "", "phone": "+1 202 555 0143"}])
def test_one_way_to_answer_is_enough(answers: dict[str, str]) -> None:
    assert post(**GOOD | answers).is_valid()


def test_an_unusual_number_is_asked_about_once_and_then_taken_as_typed() -> None:
    answers = {"name": "Ada", "phone": "555 0143 ask for Ada"}
    first = post(**answers)
    asked = sentences(first)

    second = post(**answers, confirmed=first.data["confirmed"])

    assert asked == [
        "We could not read this number. There are letters in it. Check it, or send the form again to use it anyway."
    ]
    assert second.is_valid()
    assert (second.submission().phone, second.submission().phone_e164) == ("555 0143 ask for Ada", "")


def test_another_unusual_number_is_asked_about_again() -> None:
    first = post(name="Ada", phone="12")
    first.is_valid()

    assert not post(name="Ada", phone="13", confirmed=first.data["confirmed"]).is_valid()


def test_a_slip_in_a_mail_address_is_asked_about_once() -> None:
    answers = {"name": "Ada", "email": "ada@homtail.com"}
    first = post(**answers)
    asked = sentences(first)

    second = post(**answers, confirmed=first.data["confirmed"])

    assert asked == ["Did you mean @hotmail.com? Change it, or send the form again to use this address anyway."]
    assert second.is_valid()
    assert second.submission().email == "ada@homtail.com"


def test_both_questions_are_asked_at_once_and_answered_at_once() -> None:
    answers = {"name": "Ada", "email": "ada@homtail.com", "phone": "12"}
    first = post(**answers)

    assert len(sentences(first)) == 2
    assert post(**answers, confirmed=first.data["confirmed"]).is_valid()


@pytest.mark.parametrize(
    ("phone", "language", "e164"),
    [
        ("0171 1234567", "de-DE", "+491711234567"),
        ("020 7946 0018", "en-GB", "+442079460018"),
        ("(202) 555-0143", "pt", "+12025550143"),
    ],
)
def test_a_local_number_is_read_in_the_visitors_country_or_the_clinics(
    clinic: object, phone: str, language: str, e164: str
) -> None:
    form = post(language, name="Ada", phone=phone)

    assert form.is_valid()
    assert form.submission().phone_e164 == e164


def test_a_local_number_is_read_in_the_centers_country_first(clinic: object) -> None:
    center = factories.make_center(country=factories.make_country("FR", "France"))
    form = post("en-US", name="Ada", phone="06 12 34 56 78", center=center.slug)

    assert form.is_valid()
    assert form.submission().phone_e164 == "+33612345678"


def test_a_corrected_number_is_read_like_the_first_one(clinic: object) -> None:
    request = factories.make_request(center=None, language="en")

    form = ContactForm(request, QueryDict(urlencode({"phone": "202 555 0143"})))

    assert form.is_valid()
    assert form.correction().phone_e164 == "+12025550143"


def test_a_message_needs_the_first_box_and_nothing_needs_the_others() -> None:
    assert sentences(post(**GOOD, message="My knee.")) == [
        "Tick the box, so that we may use what you wrote, or empty the message."
    ]
    form = post(**GOOD, message="My knee.", agree_health="on")
    assert form.is_valid()
    assert form.submission().agreed == {ConsentPurpose.HEALTH}


def test_line_ends_and_unprintable_characters_are_tidied_and_words_are_kept() -> None:
    form = post(**GOOD, message="One\r\ntwo\x00\x07\tthree", agree_health="on")

    assert form.is_valid()
    assert form.submission().message == "One\ntwo\tthree"


def test_a_form_without_a_genuine_key_gets_one_and_is_not_refused() -> None:
    form = post(**GOOD | {"key": "forged"})

    assert form.is_valid()
    assert form.identity() == getattr(receiving.read_key(str(form.data["key"])), "identity", None)
    assert form.signals().seconds_open is None


def test_a_genuine_key_says_how_long_the_form_was_open() -> None:
    form = post(**GOOD)

    assert form.is_valid()
    assert form.signals().seconds_open == 120


def test_ask_again_gives_a_fresh_identity() -> None:
    form = post(**GOOD)
    form.is_valid()
    before = str(form.data["key"])

    form.ask_again()

    assert receiving.read_key(str(form.data["key"])) != receiving.read_key(before)


def test_blank_preselects_what_a_page_linked_for() -> None:
    center, therapy = factories.make_center(), factories.make_therapy()
    form = RequestForm.blank(QueryDict(f"center={center.slug}&therapy={therapy.slug}&therapy=none&source=s"), now=NOW)

    html = str(form["center"]) + str(form["therapies"])
    assert f'<option value="{center.slug}" selected>' in html
    assert html.count("checked") == 1
    assert (form["source"].value(), form["contact_by"].value()) == ("s", ContactBy.EITHER)


def test_attribution_is_kept_with_what_the_browser_told() -> None:
    token = attribution.token("/articles/what-is-prp/", "end", {"source": "mail"}, NOW.date())
    form = post(**GOOD, source=token, landing="/articles/what-is-prp/?utm_source=mail", last_page="/centers/")

    assert form.is_valid()
    submission = form.submission()
    assert submission.source == "/articles/what-is-prp/, end of the page"
    assert submission.attribution["utm_source"] == "mail"
    assert submission.attribution["last_page"] == "/centers/"


@pytest.mark.parametrize(("source", "words"), [("", ""), ("forged", "unknown"), ("x" * 5000, "unknown")])
def test_a_forged_source_is_unknown_and_no_reason_to_refuse(source: str, words: str) -> None:
    form = post(**GOOD, source=source, landing="https://evil.example/", last_page="javascript:alert(1)")

    assert form.is_valid()
    assert (form.submission().source, form.submission().attribution) == (words, {})


def test_endless_lists_are_cut_short() -> None:
    data = typed.tidied(QueryDict("&".join("therapies=x" for _ in range(900))))

    assert len(data.getlist("therapies")) == typed.MOST_VALUES


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("de-AT,de;q=0.8", "de-AT"),
        ("en", "en"),
        ("zh-Hant-TW;q=0.5", "zh-Hant-TW"),
        ("", ""),
        ("*", ""),
        ("'; DROP TABLE", ""),
        ("en-abcdefgh-ijklmnop", ""),
    ],
)
def test_first_language_reads_the_first_tag(header: str, language: str) -> None:
    assert typed.first_language(header) == language


@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(st.dictionaries(st.sampled_from([*FIELDS, "other", "name[x]"]), st.lists(st.text(max_size=60), max_size=3)))
def test_the_form_never_raises_and_what_it_accepts_can_be_handed_over(answers: dict[str, list[str]]) -> None:
    query = QueryDict(mutable=True)
    for name, values in answers.items():
        query.setlist(name, values)
    form = RequestForm(query, now=NOW)

    if form.is_valid():
        assert form.submission().name
    else:
        assert all(sentence.endswith((".", "?")) for sentence in sentences(form))


@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(st.text(min_size=1, max_size=190).filter(lambda name: words.shows(words.on_one_line(name))))
def test_any_name_with_something_to_read_is_accepted(name: str) -> None:
    assert post(**GOOD | {"name": name.encode("utf-8", "replace").decode()}).is_valid()
