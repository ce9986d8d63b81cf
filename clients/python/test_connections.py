"""What goes with each request, and who shares connections: clients made of others, event loops, threads and processes."""

import asyncio
import os
import pickle
import signal
import threading

import httpx
import pytest

from answering import PROBLEM, client_of
from granary_client import streaming
from granary_client.api.credentials import who_am_i

SECRET = "gr_secret"


def headers_of(noted):
    """The headers of the last request, by small letters."""
    return {name.lower(): value for name, value in noted[1][-1][1].items()}


def test_a_client_made_of_another_leaves_it_alone(noted):
    with client_of(noted[0]) as client:
        who_am_i.sync(client=client)
        timeout = client.get_httpx_client().timeout
        with client.with_headers({"X-A": "a"}).with_cookies({"b": "b"}).with_timeout(7) as other:
            who_am_i.sync(client=other)
            assert headers_of(noted)["x-a"] == "a"
            assert headers_of(noted)["cookie"] == "b=b"
            assert other.get_httpx_client().timeout == httpx.Timeout(7)
        who_am_i.sync(client=client)
        assert not {"x-a", "cookie"} & headers_of(noted).keys()
        assert client.get_httpx_client().timeout == timeout


def test_a_renewed_token_is_shown(noted):
    async def ask():
        async with client_of(noted[0], "first") as client:
            for token in ("first", "second"):
                client.token = token
                await who_am_i.asyncio(client=client)
                assert headers_of(noted)["authorization"] == f"Bearer {token}"

    asyncio.run(ask())
    with client_of(noted[0], "first") as client:
        for token in ("first", "second"):
            client.token = token
            who_am_i.sync(client=client)
            assert headers_of(noted)["authorization"] == f"Bearer {token}"


def test_a_token_is_shown_as_the_line_of_a_file(noted):
    with client_of(noted[0], f"{SECRET}\n") as client:
        who_am_i.sync(client=client)
    assert headers_of(noted)["authorization"] == f"Bearer {SECRET}"


@pytest.mark.parametrize("token", [f"{SECRET}\n{SECRET}", f"{SECRET}\0"])
def test_a_token_that_no_header_can_hold_is_not_printed(noted, token):
    with client_of(noted[0], token) as client, pytest.raises(ValueError, match="the token holds") as refused:
        who_am_i.sync(client=client)
    assert SECRET not in str(refused.value)
    with client_of(noted[0], token) as client, pytest.raises(ValueError, match="the token holds"):
        next(streaming.events(client=client, project="maps", after=0))
    assert noted[1] == []


def test_one_event_loop_after_the_other_uses_a_client(noted):
    client = client_of(noted[0])

    async def ask():
        for _ in range(2):
            assert (await who_am_i.asyncio(client=client)).status == 404

    for _ in range(2):
        asyncio.run(ask())
    peers = [peer for peer, _ in noted[1]]
    assert peers[0] == peers[1] != peers[2] == peers[3]

    async def ask_once_more():
        async with client:
            pass

    asyncio.run(ask_once_more())
    with pytest.raises(RuntimeError, match="closed"):  # it was on purpose
        asyncio.run(ask())


def test_an_httpx_client_that_was_set_stays_for_the_next_event_loop(noted):
    class Noting(httpx.AsyncBaseTransport):
        async def handle_async_request(self, request):
            return httpx.Response(404, headers={"Content-Type": "application/problem+json"}, content=PROBLEM)

    client = client_of("http://granary.example.org")
    client.set_async_httpx_client(httpx.AsyncClient(base_url="http://granary.example.org", transport=Noting()))
    for _ in range(2):
        assert asyncio.run(who_am_i.asyncio(client=client)).status == 404


def test_a_used_client_goes_to_another_process_by_pickling(noted):
    with client_of(noted[0], timeout=7, headers={"X-A": "a"}) as client:
        who_am_i.sync(client=client)
        other = pickle.loads(pickle.dumps(client))
        assert other == client
        with other:
            who_am_i.sync(client=other)
    assert noted[1][0][0] != noted[1][1][0]
    assert headers_of(noted)["authorization"] == "Bearer token"
    assert headers_of(noted)["x-a"] == "a"


def test_an_httpx_client_that_was_set_is_not_lost_by_pickling():
    with httpx.Client() as own, pytest.raises(TypeError, match="was set"):
        pickle.dumps(client_of("http://granary.example.org").set_httpx_client(own))


def test_processes_share_no_connection(noted):
    with client_of(noted[0]) as client:
        who_am_i.sync(client=client)
        child = os.fork()
        if child == 0:
            try:
                who_am_i.sync(client=client)
                os._exit(0)
            finally:
                os._exit(1)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
        who_am_i.sync(client=client)
    before, in_child, after = (peer for peer, _ in noted[1])
    assert before == after != in_child


def test_threads_that_begin_together_share_connections(monkeypatch):
    client, make, made = client_of("http://granary.example.org"), httpx.Client, []
    another, twice = threading.Event(), threading.Event()

    def slow(**settings):
        made.append(make(**settings))
        if len(made) > 1:
            twice.set()
        another.wait(5)
        twice.wait(0.3)
        return made[-1]

    monkeypatch.setattr(httpx, "Client", slow)

    def begin():
        another.set()
        client.get_httpx_client()

    threads = [threading.Thread(target=client.get_httpx_client), threading.Thread(target=begin)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 1


def test_a_fork_while_another_thread_makes_connections(noted, monkeypatch):
    make, begun, forked = httpx.Client, threading.Event(), threading.Event()

    def slow(**settings):
        begun.set()
        forked.wait(10)
        return make(**settings)

    with client_of(noted[0]) as other:
        monkeypatch.setattr(httpx, "Client", slow)
        thread = threading.Thread(target=client_of(noted[0]).get_httpx_client)
        thread.start()
        assert begun.wait(5)
        child = os.fork()
        if child == 0:
            try:
                httpx.Client = make
                signal.alarm(10)  # ends a process that waits for a lock
                who_am_i.sync(client=other)
                os._exit(0)
            finally:
                os._exit(1)
        forked.set()
        thread.join()
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
