"""Kindred for tests in Python: the Alibaba Cloud ECS image API without the cloud.

With pytest nothing of this is imported by hand: the fixture ``kindred`` is a :class:`World`. Without pytest::

    with Server.start() as server, server.world() as world:
        world.seed({"Images": [{"ImageName": "web-1", "ImageFamily": "web"}]})
"""

from .controls import Controls, KindredControlError
from .server import KindredStartError, Server
from .world import World

__all__ = ["Controls", "KindredControlError", "KindredStartError", "Server", "World"]
