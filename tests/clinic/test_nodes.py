"""What the runs with several machines say where they cannot be played, and what they read from the site's own pages."""

from __future__ import annotations

import os
import shutil

import pytest

from scripts import two_nodes
from scripts.faulting.site import BASE_DIR
from scripts.nodes import network, releases
from scripts.nodes.client import fields_of


def test_run_by_somebody_who_may_make_no_network_ends_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)

    assert network.refusal().startswith("Only root may make network namespaces")


def test_run_on_a_machine_without_ip_ends_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(shutil, "which", lambda name: None)

    assert network.refusal() == "There is no `ip` on this machine (Debian: iproute2)."


def test_run_on_a_machine_without_servers_names_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("signal.signal", lambda *_: None)
    monkeypatch.setattr(shutil, "which", lambda name, path=None: None)

    with pytest.raises(SystemExit, match="Not installed on this machine: nginx, valkey"), two_nodes.machines():
        pass


def test_fields_of_the_largest_form_are_those_a_browser_sends() -> None:
    page = """
        <form><input name="q"></form>
        <form><input type="hidden" name="key" value="1"><input name="name" value="Ada &amp; Co">
        <textarea name="words">
One
&lt;two&gt;</textarea><select name="kind"><option value="a"><option value="b" selected></select>
        <input type="checkbox" name="yes" checked><input type="checkbox" name="no"><input type="submit" name="go"></form>
    """

    assert fields_of(page) == [
        ("key", "1"),
        ("name", "Ada & Co"),
        ("words", "One\n<two>"),
        ("kind", "b"),
        ("yes", "on"),
    ]


def test_model_of_requests_has_the_field_that_the_rehearsal_adds_to() -> None:
    assert releases.BEFORE in (BASE_DIR / releases.MODEL).read_text(encoding="utf-8")
