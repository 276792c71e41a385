"""world.py: one server with endpoints, and what a test asks of them."""

import http.client
import json
import os
import sys
import time
import urllib.parse

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))

from kontord import Server  # noqa: E402

PAYMENT = {"amount": 2000, "currency": "usd", "payment_method": "pm_card_visa", "confirm": "true",
           "automatic_payment_methods[enabled]": "true",
           "automatic_payment_methods[allow_redirects]": "never"}

# Nothing here waits for what real networks need.
SETTINGS = {"KONTOR_WEBHOOK_ALLOW": "127.0.0.0/8 ::1", "KONTOR_WEBHOOK_TIMEOUT": "1"}


class Refused(Exception):
    """The API said no: its status and its error."""

    def __init__(self, what, status, error):
        super().__init__(f"{what}: {status} {error}")
        self.status = status
        self.error = error


def environment(settings):
    """Settings as the server reads them from its environment."""
    return {f"KONTOR_{name.upper()}": str(value) for name, value in settings.items()}


def pairs(params):
    """A form's fields, lists spelled out."""
    for name, value in params.items():
        if isinstance(value, (list, tuple)):
            yield from ((f"{name}[]", item) for item in value)
        else:
            yield name, value


class World:
    """A server, a key for its test mode, and the receivers that live as long."""

    def __init__(self, env=None, **settings):
        self.env = {**SETTINGS, **(env or {}), **environment(settings)}
        self.server = Server(self.env)
        self.secret_key = self.server.key()
        self.receivers = []

    def restart(self, kill=False, **settings):
        """Another life of the server over the same data."""
        if kill:
            self.server.kill()
        elif self.server.stop() != 0:
            raise RuntimeError("the server did not stop well: " + self.server.read_log())
        self.env.update(environment(settings))
        self.server = Server(self.env, self.server.data_dir)

    def call(self, method, path, params=None, headers=None):
        """One call of the API; returns status, headers and the parsed answer."""
        connection = http.client.HTTPConnection(self.server.host, self.server.port, timeout=60)
        body = urllib.parse.urlencode(list(pairs(params))) if params is not None else None
        form = {"Content-Type": "application/x-www-form-urlencoded"} if body is not None else {}
        try:
            connection.request(method, path, body, {"Authorization": f"Bearer {self.secret_key}",
                                                    **form, **(headers or {})})
            reply = connection.getresponse()
            return reply.status, reply.headers, json.loads(reply.read() or b"null")
        finally:
            connection.close()

    def ask(self, method, path, params=None):
        """One call that must succeed."""
        status, _, answer = self.call(method, path, params)
        if status != 200:
            raise Refused(f"{method} {path} {params}", status, (answer or {}).get("error"))
        return answer

    def get(self, path, **params):
        """What stands there."""
        query = urllib.parse.urlencode(list(pairs(params)))
        return self.ask("GET", path + ("?" + query if query else ""))

    def post(self, path, **params):
        """What became of it."""
        return self.ask("POST", path, params)

    def all(self, path, **params):
        """A whole list, from its first page to its last."""
        items, page = [], self.get(path, limit=100, **params)
        while True:
            items += page["data"]
            if not page["has_more"]:
                return items
            page = self.get(path, limit=100, starting_after=items[-1]["id"], **params)

    # ------------------------------------------------------------------------ what happens --

    def customer(self, **params):
        """One object and one event."""
        return self.post("/v1/customers", **(params or {"name": "Somebody"}))

    def touch(self, customer, name):
        """One event more about it."""
        return self.post(f"/v1/customers/{customer['id']}", name=name)

    def pay(self, **params):
        """A payment in one call."""
        return self.post("/v1/payment_intents", **{**PAYMENT, **params})

    def advance(self, seconds):
        """Moves the clock; what is then due has been done when this returns."""
        return self.post("/v1/kontor/test_helpers/advance_clock", seconds=seconds)

    # -------------------------------------------------------------------------- endpoints --

    def endpoint(self, url, events=("*",), **settings):
        """A new endpoint; settings of ours are set in a second call."""
        made = self.post("/v1/webhook_endpoints", url=url, enabled_events=list(events))
        if settings:
            self.post(f"/v1/kontor/webhook_endpoints/{made['id']}", **settings)
        return made

    def hook(self, receiver, events=("customer.*",), path="/hook", **settings):
        """An endpoint at a receiver that is stopped with the world."""
        self.receivers.append(receiver)
        return self.endpoint(receiver.url(path), events, **settings)

    def health(self, endpoint):
        """What the server knows of it beside its shape."""
        return self.get(f"/v1/kontor/webhook_endpoints/{endpoint['id']}")

    def status(self, endpoint):
        """enabled or disabled."""
        return self.get(f"/v1/webhook_endpoints/{endpoint['id']}")["status"]

    def deliveries(self, endpoint=None, **filters):
        """Every delivery, newest event first."""
        if endpoint:
            filters["endpoint"] = endpoint["id"]
        return self.all("/v1/kontor/webhook_deliveries", **filters)

    def attempts(self, endpoint=None, **filters):
        """Every attempt, oldest first."""
        if endpoint:
            filters["endpoint"] = endpoint["id"]
        return self.all("/v1/kontor/webhook_attempts", **filters)[::-1]

    def wait_attempts(self, endpoint, count, seconds=10):
        """Waits until so many attempts are noted; returns them."""
        self.wait(lambda: len(self.attempts(endpoint)) >= count, seconds)
        return self.attempts(endpoint)

    def wait_states(self, endpoint, states, seconds=10):
        """Waits until the deliveries, oldest event first, are in these states; returns them."""
        def found():
            return [each["state"] for each in self.deliveries(endpoint)[::-1]]
        self.wait(lambda: found() == list(states), seconds)
        return found()

    @staticmethod
    def wait(holds, seconds=10):
        """Waits until it holds; returns whether it does."""
        until = time.monotonic() + seconds
        while not holds():
            if time.monotonic() > until:
                return False
            time.sleep(0.02)
        return True

    def close(self):
        """Stops everything; returns what was wrong with that, if anything."""
        code = self.server.stop() if self.server.is_alive() else "died"
        trouble = [] if code == 0 else [f"the server ended with {code}: {self.server.read_log()}"]
        for receiver in self.receivers:
            receiver.stop()
        report = self.server.audit()
        if report and report["exit"] != 0:
            trouble.append(f"audit: {report}")
        self.server.remove()
        return trouble
