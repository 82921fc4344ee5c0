"""A limit to a whole talk with a server."""

from __future__ import annotations

import socket
import threading

from content.time_limit import shut_down, time_limit


def test_who_waits_for_a_socket_waits_no_longer_once_the_time_is_over() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs, time_limit(0.01, lambda: shut_down(ours)):
        assert ours.recv(1) == b""


def test_what_is_over_in_time_is_not_cut() -> None:
    cut = threading.Event()

    with time_limit(0.05, cut.set):
        pass

    assert not cut.wait(0.2)


def test_socket_that_is_closed_already_or_was_never_opened_is_left_alone() -> None:
    ours, theirs = socket.socketpair()
    ours.close()
    theirs.close()

    shut_down(ours)
    shut_down(None)

    assert ours.fileno() == -1
