"""The pytest plugin: ``kindred_server``, one for all tests and workers, and ``kindred``, a world for each test.

With pytest-xdist the controller holds the server, and starts it when the first worker asks; so a run whose
tests use none starts none. Workers reach the controller on the loopback: they are processes of the same
machine, as ``-n`` makes them.
"""

from __future__ import annotations

import secrets
import threading
from multiprocessing.connection import Client, Listener
from typing import Any, Iterator, Optional

import pytest

from .server import KindredStartError, Server
from .world import World

_ASK = "kindred_ask"
#: Workers that wait for an answer at a time.
_MOST_ASKING = 256


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addini(
        "kindred_arguments",
        "More arguments of `kindred serve`, such as `--quota imagesPerFamily=2`.",
        type="args",
        default=[],
    )


def pytest_configure(config: pytest.Config) -> None:
    # A worker asks its controller; everybody else has a holder of his own.
    if not hasattr(config, "workerinput"):
        holder = _Holder(config)
        config.pluginmanager.register(holder, "kindred-holder")


class _Holder:
    """Keeps the one server, in the controller or in a run without workers."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._lock = threading.Lock()
        self._server: Optional[Server] = None
        self._failure: Optional[str] = None
        self._listener: Optional[Listener] = None
        self._key = secrets.token_bytes(32)

    def server(self) -> Server:
        with self._lock:
            # A start that failed is told to everybody, and not tried 500 times.
            if self._failure is not None:
                raise KindredStartError(self._failure)
            if self._server is None:
                try:
                    self._server = Server.find_or_start(self._config.getini("kindred_arguments"))
                except Exception as error:
                    self._failure = str(error)
                    raise
            return self._server

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:
        """Of pytest-xdist: tells each worker where it can ask."""
        if self._listener is None:
            # All workers ask at once, while the first has the server started: the default of one would lose some.
            self._listener = Listener(("127.0.0.1", 0), backlog=_MOST_ASKING, authkey=self._key)
            threading.Thread(target=self._answer, args=(self._listener,), daemon=True).start()
        host, port = self._listener.address
        node.workerinput[_ASK] = (host, port, self._key.hex())

    def _answer(self, listener: Listener) -> None:
        while True:
            try:
                connection = listener.accept()
            except OSError:
                return  # closed
            except Exception:
                continue  # not one of ours
            with connection:
                try:
                    connection.send(("address", self.server().address))
                except Exception as error:
                    connection.send(("failure", str(error)))

    def pytest_unconfigure(self) -> None:
        if self._listener is not None:
            self._listener.close()
        with self._lock:
            if self._server is not None:
                self._server.close()
            self._server, self._failure = None, "the test run is over"


@pytest.fixture(scope="session")
def kindred_server(request: pytest.FixtureRequest) -> Server:
    """The server that all tests and workers share. ``kindred_server.world()`` gives more worlds."""
    workerinput = getattr(request.config, "workerinput", None)
    if workerinput is None:
        holder = request.config.pluginmanager.get_plugin("kindred-holder")
        assert isinstance(holder, _Holder)
        return holder.server()
    host, port, key = workerinput[_ASK]
    with Client((host, port), authkey=bytes.fromhex(key)) as connection:
        kind, told = connection.recv()
    if kind == "failure":
        raise KindredStartError(told)
    return Server(**told)


@pytest.fixture
def kindred(kindred_server: Server) -> Iterator[World]:
    """A fresh world: nobody else's rows, clock, faults or calls. It is dropped when the test ends."""
    with kindred_server.world() as world:
        yield world
