"""Makes calls with an official Python client: one JSON line in, one JSON line out.

Arguments: the client (tea or legacy), host:port, key id, key secret; with an empty host:port the client
finds the cloud's endpoint by itself. A line in is
{"action": "...", "input": {...}} under wire names; a line out is {"answer": {...}} as the
client's own model parsed it, or {"error": {...}} as a caller sees the exception.
"""
import json
import sys

REGION = "cn-hangzhou"


def tea(endpoint, key_id, secret):
    from alibabacloud_ecs20140526 import models
    from alibabacloud_ecs20140526.client import Client
    from alibabacloud_tea_openapi.models import Config

    client = Client(
        Config(
            access_key_id=key_id,
            access_key_secret=secret,
            region_id=REGION,
            **({"endpoint": endpoint, "protocol": "http"} if endpoint else {}),
        )
    )

    def call(action, given):
        request = getattr(models, action + "Request")().from_map(given)
        # Its names break words where one cannot tell: describe_vswitches.
        method = next(m for m in dir(client) if m.replace("_", "") == action.lower())
        return getattr(client, method)(request).body.to_map()

    def failure(error):
        return {
            "code": error.code,
            "status": error.status_code,
            "requestId": error.data["RequestId"],
            "message": error.message,
        }

    return call, failure


def legacy(endpoint, key_id, secret):
    from importlib import import_module

    from aliyunsdkcore.client import AcsClient

    client = AcsClient(key_id, secret, REGION)

    def call(action, given):
        name = action + "Request"
        module = import_module("aliyunsdkecs.request.v20140526." + name)
        request = getattr(module, name)()
        if endpoint:
            request.set_endpoint(endpoint)
        request.set_accept_format("JSON")
        for parameter, value in given.items():
            if parameter == "RegionId":
                continue  # sent by the client, of its own region
            plural = "set_" + parameter + "s"
            setter = plural if hasattr(request, plural) else "set_" + parameter
            getattr(request, setter)(value)
        return json.loads(client.do_action_with_exception(request))

    def failure(error):
        return {
            "code": error.get_error_code(),
            "status": error.get_http_status(),
            "requestId": error.get_request_id(),
            "message": error.get_error_msg(),
        }

    return call, failure


def main():
    kind, endpoint, key_id, secret = sys.argv[1:5]
    call, failure = {"tea": tea, "legacy": legacy}[kind](endpoint, key_id, secret)
    for line in sys.stdin:
        asked = json.loads(line)
        try:
            told = {"answer": call(asked["action"], asked["input"])}
        except Exception as error:  # whatever the client throws is what is looked at
            try:
                told = {"error": failure(error)}
            except Exception:
                told = {"broken": repr(error)}
        print(json.dumps(told), flush=True)


main()
