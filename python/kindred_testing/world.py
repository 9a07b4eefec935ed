"""A world: a whole Kindred of one's own behind the port that all worlds share, found by its access key."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any, Dict, List, Optional, Union

from .controls import Controls, KindredControlError


class World:
    """Rows, bytes, a clock, faults and a memory of calls that nobody else sees.

    Made by :meth:`Server.world` and by the fixture ``kindred``.
    """

    def __init__(self, controls: Controls, made: Dict[str, Any]) -> None:
        self._controls = controls
        #: Id among the worlds of the server.
        self.world_id: str = made["WorldId"]
        #: Of the root account.
        self.account_id: str = made["AccountId"]
        #: The root key.
        self.access_key_id: str = made["AccessKeyId"]
        self.access_key_secret: str = made["AccessKeySecret"]
        #: ``http://127.0.0.1:41234``
        self.endpoint = controls.endpoint
        #: ``127.0.0.1:41234``, as the SDKs want it.
        self.host = controls.host

    def __repr__(self) -> str:
        return f"World({self.world_id!r}, {self.endpoint!r})"

    def __enter__(self) -> World:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _send(
        self, method: str, path: str, body: Optional[Dict[str, Any]] = None
    ) -> Dict[str, Any]:
        return self._controls.send(method, path, body, self.world_id)

    # Clients

    def ecs_client(self, **config: Any) -> Any:
        """A client of the official SDK, ``alibabacloud_ecs20140526``, which must be installed.

        ``config`` goes to its ``Config``, such as ``region_id`` (default ``cn-hangzhou``).
        """
        try:
            from alibabacloud_ecs20140526.client import Client
            from alibabacloud_tea_openapi.models import Config
        except ImportError as error:
            raise ImportError(
                "ecs_client() needs the official SDK: pip install alibabacloud_ecs20140526"
            ) from error
        settings = {
            "access_key_id": self.access_key_id,
            "access_key_secret": self.access_key_secret,
            "endpoint": self.host,
            "protocol": self._controls.scheme,
            "region_id": "cn-hangzhou",
            **config,
        }
        return Client(Config(**settings))

    def environment(self) -> Dict[str, str]:
        """Variables for a program that a test starts: the key, and ``ALIBABA_CLOUD_ENDPOINT``."""
        return {
            "ALIBABA_CLOUD_ACCESS_KEY_ID": self.access_key_id,
            "ALIBABA_CLOUD_ACCESS_KEY_SECRET": self.access_key_secret,
            "ALIBABA_CLOUD_ENDPOINT": self.endpoint,
        }

    # State

    def seed(self, seed: Dict[str, Any]) -> Dict[str, Any]:
        """Makes accounts and images as a seed says (docs/guide/seeds.md); answers how many."""
        return self._send("POST", "seed", seed)

    def export_seed(self) -> Dict[str, Any]:
        """The state as a seed."""
        return self._send("GET", "seed")

    def idle(self) -> None:
        """Returns when no work (an import, a copy) is left."""
        self._send("POST", "idle")

    def reset(self) -> None:
        """As new; the key stays."""
        self._send("POST", "reset")

    def snapshot(self, name: str) -> None:
        """Keeps the state under a name."""
        self._send("PUT", f"snapshots/{name}")

    def restore(self, name: str) -> None:
        """Goes back to a state that was kept."""
        self._send("POST", f"snapshots/{name}/restore")

    def snapshots(self) -> List[str]:
        """Names of the kept states."""
        return self._send("GET", "snapshots")["Snapshots"]

    # Time

    def now(self) -> datetime:
        """The wall clock of the world, in UTC."""
        return _time(self._send("GET", "clock"))

    def advance(self, by: Union[timedelta, float]) -> datetime:
        """Moves the wall clock on, by a time or seconds; returns when everything due has been done."""
        seconds = by.total_seconds() if isinstance(by, timedelta) else by
        return _time(self._send("POST", "clock/advance", {"Milliseconds": round(seconds * 1000)}))

    def set_time(self, time: datetime) -> datetime:
        """Sets the wall clock. A time without a zone is in UTC."""
        zoned = time if time.tzinfo else time.replace(tzinfo=timezone.utc)
        now = zoned.astimezone(timezone.utc).isoformat().replace("+00:00", "Z")
        return _time(self._send("PUT", "clock", {"Now": now}))

    def freeze(self) -> datetime:
        """The wall clock stands still until :meth:`run`; it can be advanced all the same."""
        return _time(self._send("PUT", "clock", {"Frozen": True}))

    def run(self) -> datetime:
        """The wall clock runs again, from where it stands."""
        return _time(self._send("PUT", "clock", {"Frozen": False}))

    def check_signatures_by(self, mode: str) -> None:
        """What timestamps of signatures are held against.

        ``either`` the real clock or the world's (the default), or the world's ``wall`` clock alone.
        """
        self._send("PUT", "clock", {"Signatures": mode})

    # Faults and calls

    def fault(
        self,
        operation: str,
        kind: str,
        *,
        times: int = 1,
        code: Optional[str] = None,
        message: Optional[str] = None,
        retry_after: Optional[int] = None,
        delay: Optional[int] = None,
        when: Optional[str] = None,
        progress: Optional[int] = None,
        region_id: Optional[str] = None,
        access_key_id: Optional[str] = None,
    ) -> Dict[str, Any]:
        """The next ``times`` calls of an operation meet a fault; then it is gone.

        :param operation: ``CopyImage``, or ``*`` for every one; one that is not served is refused.
        :param kind: ``error`` (``code``, ``message``, ``retry_after`` in milliseconds), ``delay`` (``delay``
            in milliseconds), ``drop`` the connection (``when``: ``before`` or ``after`` the work) or
            ``fail-task`` (``progress`` in percent, ``code``, ``message``).
        :param region_id: only calls about this region.
        :param access_key_id: only calls of this key.
        """
        given = {
            "Operation": operation,
            "Kind": kind,
            "Times": times,
            "Code": code,
            "Message": message,
            "RetryAfter": retry_after,
            "Delay": delay,
            "When": when,
            "Progress": progress,
            "RegionId": region_id,
            "AccessKeyId": access_key_id,
        }
        told = {name: value for name, value in given.items() if value is not None}
        return self._send("POST", "faults", told)

    def faults(self) -> List[Dict[str, Any]]:
        """The faults that still wait."""
        return self._send("GET", "faults")["Faults"]

    def clear_faults(self) -> None:
        """Removes all faults."""
        self._send("DELETE", "faults")

    def calls(self, action: Optional[str] = None) -> List[Dict[str, Any]]:
        """The calls so far, of one action or all, each with the parameters that were read and ignored."""
        calls = self._send("GET", "calls")["Calls"]
        return [call for call in calls if action in (None, call["Action"])]

    def clear_calls(self) -> None:
        """Forgets them."""
        self._send("DELETE", "calls")

    def close(self) -> None:
        """Drops the world and everything in it. Repeated, it does nothing."""
        if self._is_closed:
            return
        self._is_closed = True
        try:
            self._controls.send("DELETE", f"worlds/{self.world_id}")
        except KindredControlError as error:
            # Somebody else dropped it: gone is gone.
            if "no world" not in str(error):
                raise

    _is_closed = False


def _time(clock: Dict[str, Any]) -> datetime:
    return datetime.fromisoformat(clock["Now"].replace("Z", "+00:00"))
