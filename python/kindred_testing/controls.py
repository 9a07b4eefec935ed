"""The test controls of a running Kindred, ``/_test/…``, as JSON over HTTP.

Only the standard library, and no proxy: what the environment says of proxies is meant for the cloud.
"""

from __future__ import annotations

import http.client
import json
from typing import Any, Dict, Optional
from urllib.parse import quote, urlencode, urlsplit

#: Of one control, seconds: an ``advance`` may have a long way to go.
TIMEOUT_S = 120.0


class KindredControlError(Exception):
    """A control that was refused. The message is the server's and says what to do."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        #: Of HTTP.
        self.status = status
        #: ``InvalidControl``, ``Forbidden`` or ``NotFound``.
        self.code = code


class Controls:
    """One server, as its controls see it."""

    def __init__(self, endpoint: str, token: Optional[str] = None) -> None:
        """``endpoint``: ``http://127.0.0.1:5260``; ``token``: of ``--test-controls-token``."""
        parts = urlsplit(endpoint if "://" in endpoint else f"http://{endpoint}")
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError(f"no endpoint of a Kindred: {endpoint}")
        #: With its scheme, without a slash at its end.
        self.endpoint = f"{parts.scheme}://{parts.netloc}"
        #: ``127.0.0.1:5260``, as the SDKs want it.
        self.host = parts.netloc
        #: ``http`` or ``https``.
        self.scheme = parts.scheme
        self._token = token

    def send(
        self,
        method: str,
        path: str,
        body: Optional[Dict[str, Any]] = None,
        world: Optional[str] = None,
    ) -> Dict[str, Any]:
        """Calls ``/_test/{path}`` for a world (default: the main one).

        :raises KindredControlError: when the server refuses it.
        :raises OSError: when there is no server.
        """
        target = f"/_test/{quote(path)}" + (f"?{urlencode({'World': world})}" if world else "")
        headers = {"Content-Type": "application/json"}
        if self._token:
            headers["Authorization"] = f"Bearer {self._token}"
        make = http.client.HTTPSConnection if self.scheme == "https" else http.client.HTTPConnection
        connection = make(self.host, timeout=TIMEOUT_S)
        try:
            # An empty object where nothing is told: the type of the body is told either way.
            connection.request(method, target, json.dumps(body or {}), headers)
            response = connection.getresponse()
            text = response.read()
        finally:
            connection.close()
        try:
            answer = json.loads(text) if text else {}
        except ValueError:
            answer = {}
        if response.status >= 400:
            message = answer.get("Message") or (
                f"{self.endpoint}{target} answered {response.status}; "
                "is it a Kindred that was started with --test-controls?"
            )
            raise KindredControlError(response.status, answer.get("Code", ""), message)
        return answer
