"""Makes calls with Apache libcloud's ECS driver: one JSON line in, one JSON line out, as driver.py.

Arguments: the region, host:port, key id, key secret. The "action" is a method of libcloud's driver, the
"input" its keyword arguments; where it takes an object, the id of one that it answered before, or ""
for None. The answer is what the objects hold.
"""
import ast
import json
import sys

from libcloud.common.exceptions import BaseHTTPError
from libcloud.common.types import LibcloudError
from libcloud.compute.base import NodeSize
from libcloud.compute.drivers.ecs import ECSDriver

OBJECTS = ("image", "location", "node", "node_image", "snapshot", "volume")
SIMPLE = (str, int, float, bool, list, dict, type(None))


def shown(result, seen):
    if isinstance(result, list):
        return [shown(item, seen) for item in result]
    if isinstance(result, SIMPLE):
        return result
    seen[result.id] = result
    return {
        name: value
        for name, value in vars(result).items()
        if not name.startswith("_") and isinstance(value, SIMPLE)
    }


def call(driver, action, given, seen):
    arguments = {
        name: value and seen[value] or None if name in OBJECTS else value
        for name, value in given.items()
    }
    if "size" in given:  # only its name is sent
        arguments["size"] = NodeSize(given["size"], given["size"], None, None, None, None, driver)
    return shown(getattr(driver, action)(**arguments), seen)


def failure(error):
    if isinstance(error, BaseHTTPError):
        told = ast.literal_eval(error.message)
        return {
            "code": told["code"],
            "status": error.code,
            "requestId": told["request_id"],
            "message": told["message"],
        }
    return {"code": "LibcloudError", "status": 0, "requestId": "", "message": error.value}


def main():
    region, endpoint, key_id, secret = sys.argv[1:5]
    host, port = endpoint.split(":")
    driver = ECSDriver(key_id, secret, region=region, secure=False, host=host, port=int(port))
    seen = {}
    for line in sys.stdin:
        asked = json.loads(line)
        try:
            told = {"answer": call(driver, asked["action"], asked["input"], seen)}
        except (BaseHTTPError, LibcloudError) as error:
            told = {"error": failure(error)}
        except Exception as error:
            told = {"broken": repr(error)}
        print(json.dumps(told), flush=True)


main()
