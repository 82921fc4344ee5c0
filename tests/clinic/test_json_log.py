"""Log lines as JSON: what a line says, and what it never says."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Iterator

import pytest

from clinic import json_log
from clinic.json_log import JsonFormatter, chosen_id


@pytest.fixture
def request_id() -> Iterator[str]:
    """A request in hand."""
    token = json_log.request_id.set("0123456789abcdef")
    yield "0123456789abcdef"
    json_log.request_id.reset(token)


def record(**extra: object) -> logging.LogRecord:
    """Return a record of the epoch's second second."""
    made = logging.LogRecord("clinic", logging.WARNING, "", 1, "Refused %s", ("it",), None)
    made.created = 2.5
    vars(made).update(extra)
    return made


def test_line_names_the_request_it_belongs_to(request_id: str) -> None:
    line = json.loads(JsonFormatter().format(record(view="faq", status=200, path="/consultation/r/secret/")))

    assert line == {
        "time": "1970-01-01T00:00:02.500+00:00",
        "level": "WARNING",
        "logger": "clinic",
        "message": "Refused it",
        "request_id": request_id,
        "view": "faq",
        "status": 200,
    }


def test_words_of_an_exception_stay_out() -> None:
    try:
        raise ValueError("Key (email)=(ada@example.org) already exists")
    except ValueError:
        raised = record(exc_info=sys.exc_info())

    written = JsonFormatter().format(raised)

    line = json.loads(written)
    assert line["exception"] == "ValueError"
    assert [step.rpartition(" ")[2] for step in line["raised_at"]] == ["test_words_of_an_exception_stay_out"]
    assert "ada@example.org" not in written


def test_line_stays_one_line_whatever_was_typed() -> None:
    made = record()
    made.msg, made.args = 'two\nlines "and" more', ()

    written = JsonFormatter().format(made)

    assert (written.count("\n"), json.loads(written)["message"]) == (0, 'two\nlines "and" more')


def test_usable_name_of_a_proxy_is_kept() -> None:
    assert chosen_id("8f14e45fceea167a5a36dedd4bea2543") == "8f14e45fceea167a5a36dedd4bea2543"


@pytest.mark.parametrize("named", ["", "short", "a" * 65, "two words of", 'quote"quote"', "line\nline\nline"])
def test_unusable_name_of_a_proxy_is_replaced(named: str) -> None:
    assert [len(chosen_id(named)), chosen_id(named) != chosen_id(named)] == [32, True]
