"""A Kindred server for tests: found where it runs, or started on a free port and stopped at the end."""

from __future__ import annotations

import atexit
import os
import re
import shlex
import shutil
import subprocess
import tempfile
import threading
from pathlib import Path
from typing import Any, Dict, List, Mapping, Optional, Sequence

from .controls import Controls
from .world import World

#: Until the ready line, seconds; a first run on a busy machine is slow.
START_S = 60.0
#: Between the signal and the end, seconds; Kindred ends within 8.
STOP_S = 12.0
_READY = re.compile(r"^kindred ready on (https?://\S+)$")
#: Of the log of a start that failed, characters that are shown.
_SHOWN_LOG = 4_000


class KindredStartError(Exception):
    """There is no Kindred, or it did not start. The message says what to do."""


class Server:
    """A server with test controls. A context manager; a server that was only found is left running."""

    def __init__(
        self,
        endpoint: str,
        token: Optional[str] = None,
        process: Optional[subprocess.Popen[str]] = None,
    ) -> None:
        self._token = token
        self._process = process
        self._watch = _watch(process.pid) if process else None
        #: The controls, for what :class:`World` has no method for.
        self.controls = Controls(endpoint, token)
        #: ``http://127.0.0.1:41234``
        self.endpoint = self.controls.endpoint
        #: ``127.0.0.1:41234``
        self.host = self.controls.host

    @classmethod
    def find_or_start(cls, arguments: Sequence[str] = ()) -> Server:
        """The server that ``KINDRED_TEST_ENDPOINT`` names, else one that is started."""
        endpoint = os.environ.get("KINDRED_TEST_ENDPOINT")
        if endpoint:
            return cls(endpoint, os.environ.get("KINDRED_TEST_CONTROLS_TOKEN") or None)
        return cls.start(arguments)

    @classmethod
    def start(
        cls, arguments: Sequence[str] = (), program: Optional[Sequence[str]] = None
    ) -> Server:
        """Starts ``kindred serve`` with everything in memory of a temporary folder.

        :param arguments: more of ``serve``, such as ``["--quota", "imagesPerFamily=2"]``.
        :param program: command and first arguments; default as :func:`find_program` finds it.
        :raises KindredStartError: with what it wrote.
        """
        command = [*(program or find_program()), "serve", "--ephemeral", "--test-controls"]
        command += ["--listen", "127.0.0.1:0", *arguments]
        # A file and not a pipe: nobody reads along, and a full pipe would hold the server up.
        log = tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace")
        try:
            process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                env=_environment(os.environ),
                # Not the folder of the tests: a kindred.json there is no setting of theirs.
                cwd=tempfile.gettempdir(),
                # An interrupt at the terminal is for the tests; they end the server when they are through.
                start_new_session=True,
            )
        except OSError as error:
            raise KindredStartError(f"{shlex.join(command)}: {error}") from error
        endpoint = _ready(process)
        if endpoint is None:
            process.kill()
            process.wait()
            log.seek(0)
            raise KindredStartError(
                f"{shlex.join(command)} did not get ready:\n{log.read()[-_SHOWN_LOG:]}"
            )
        server = cls(endpoint, None, process)
        # Also when nobody closes it.
        atexit.register(server.close)
        return server

    @property
    def pid(self) -> Optional[int]:
        """Of the process, if it was started here."""
        return self._process.pid if self._process else None

    @property
    def address(self) -> Dict[str, Optional[str]]:
        """What another process needs to use the same server: ``Server(**address)``."""
        return {"endpoint": self.endpoint, "token": self._token}

    def world(
        self,
        *,
        random_seed: Optional[int] = None,
        hold_jobs: Optional[bool] = None,
    ) -> World:
        """A fresh world.

        :param random_seed: ids and keys are drawn from it and repeat from one run to the next.
        :param hold_jobs: imports and copies run only during ``idle()`` and ``advance()``.
        """
        body: Dict[str, Any] = {}
        if random_seed is not None:
            body["RandomSeed"] = random_seed
        if hold_jobs is not None:
            body["HoldJobs"] = hold_jobs
        return World(self.controls, self.controls.send("POST", "worlds", body))

    def close(self) -> None:
        """Stops the server if it was started here. Repeated, it does nothing."""
        process, self._process = self._process, None
        if process is None:
            return
        atexit.unregister(self.close)
        if self._watch:
            # Before the id of the server can be another process's.
            self._watch.kill()
            self._watch.wait()
            if self._watch.stdin:
                self._watch.stdin.close()
        process.terminate()
        try:
            process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if process.stdout:
            process.stdout.close()

    def __enter__(self) -> Server:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def find_program() -> List[str]:
    """``KINDRED_PROGRAM`` (a command line), ``kindred`` on the path, or where npm installed it.

    :raises KindredStartError: when it is nowhere.
    """
    given = os.environ.get("KINDRED_PROGRAM")
    if given:
        return shlex.split(given)
    found = shutil.which("kindred")
    if found:
        return [found]
    for folder in [Path.cwd(), *Path.cwd().parents]:
        installed = folder / "node_modules" / ".bin" / "kindred"
        if installed.exists():
            # What npx would run, without a process of npm between, which a signal would end at.
            return [str(installed)]
    raise KindredStartError(
        "there is no kindred: install it (npm install --save-dev kindred), put it on the path, name its "
        "command line in KINDRED_PROGRAM, or a running server in KINDRED_TEST_ENDPOINT"
    )


def _watch(pid: int) -> subprocess.Popen[bytes]:
    """Ends the server when this process is gone, however it went: then the pipe has no other end."""
    return subprocess.Popen(
        ["sh", "-c", 'read -r _; kill "$1"', "kindred-watch", str(pid)],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        # Of its own: an interrupt at the terminal is for the tests.
        start_new_session=True,
    )


def _environment(own: Mapping[str, str]) -> Dict[str, str]:
    """Without settings of a server that is not this one."""
    return {name: value for name, value in own.items() if not name.startswith("KINDRED_")}


def _ready(process: subprocess.Popen[str]) -> Optional[str]:
    """The endpoint of the ready line; None when the process ends, or is late."""
    found: List[str] = []

    def read() -> None:
        for line in process.stdout or ():
            match = _READY.match(line.strip())
            if match:
                found.append(match[1])
                return

    reader = threading.Thread(target=read, daemon=True)
    reader.start()
    reader.join(START_S)
    return found[0] if found else None
