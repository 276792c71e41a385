"""Concurrent clients that remember what they asked for and what was answered."""

import dataclasses
import json
import random
import threading

from client import Client, Gone, Refused

CARD = {"payment_method": "pm_card_visa", "confirm": "true",
        "automatic_payment_methods[enabled]": "true",
        "automatic_payment_methods[allow_redirects]": "never"}


@dataclasses.dataclass
class Operation:
    """One write: what was sent under which key, what must hold of the object, what came back."""

    kind: str
    key: str  # the Idempotency-Key, and the mark on the object where it makes one
    path: str
    params: dict
    expected: dict  # fields of the reply and the values they must have
    body: bytes = None  # the reply as it came; None: never answered

    @property
    def reply(self):
        """The object that was answered."""
        return json.loads(self.body)

    def check(self, reply):
        """Raises unless a reply says what this operation must have done."""
        wrong = {name: (reply.get(name), value) for name, value in self.expected.items()
                 if reply.get(name) != value}
        if wrong:
            raise Refused(f"{self.kind} {self.key}: (got, expected) {wrong}")


class Payment:
    """A payment as its client knows it: what may still be captured or given back."""

    def __init__(self, reply, settled):
        self.id = reply["id"]
        self.amount = reply["amount"]
        self.settled = settled
        self.left = reply["amount_received"]


class Worker(threading.Thread):
    """One client: writes without pause until the server is gone."""

    def __init__(self, server, name, seed):
        super().__init__(name=name, daemon=True)
        self.server = server
        self.random = random.Random(seed)
        self.payments = []
        self.operations = []
        self.trouble = None

    def operation(self, kind, path, params, expected):
        """Makes the next operation; an object it creates carries its key as a mark."""
        key = f"{self.name}-{len(self.operations)}"
        return Operation(kind, key, path, dict(params, **{"metadata[mark]": key}), expected)

    def pay(self):
        """Pays by card, captured at once."""
        amount = self.random.randint(50, 99999)
        return self.operation("pay", "/v1/payment_intents",
                              {"amount": amount, "currency": "usd", **CARD},
                              {"status": "succeeded", "amount": amount, "amount_received": amount})

    def authorize(self):
        """Reserves an amount only."""
        amount = self.random.randint(50, 99999)
        return self.operation("authorize", "/v1/payment_intents",
                              {"amount": amount, "currency": "usd", "capture_method": "manual",
                               **CARD},
                              {"status": "requires_capture", "amount_capturable": amount})

    def customer(self):
        """Makes a customer."""
        email = f"{self.random.randrange(10**9)}@example.com"
        return self.operation("customer", "/v1/customers", {"email": email}, {"email": email})

    def take(self, settled):
        """Takes a payment in this state out of the worker's list, or None."""
        fitting = [payment for payment in self.payments if payment.settled == settled]
        if not fitting:
            return None
        payment = self.random.choice(fitting)
        self.payments.remove(payment)
        return payment

    def capture(self):
        """Takes some or all of what was reserved."""
        payment = self.take(settled=False)
        if payment is None:
            return self.authorize()
        amount = self.random.choice([payment.amount, self.random.randint(50, payment.amount)])
        made = self.operation("capture", f"/v1/payment_intents/{payment.id}/capture",
                              {"amount_to_capture": amount},
                              {"id": payment.id, "status": "succeeded", "amount_received": amount})
        del made.params["metadata[mark]"]  # the intent keeps the mark of its own making
        return made

    def cancel(self):
        """Lets go of what was reserved."""
        payment = self.take(settled=False)
        if payment is None:
            return self.authorize()
        made = self.operation("cancel", f"/v1/payment_intents/{payment.id}/cancel", {},
                              {"id": payment.id, "status": "canceled"})
        del made.params["metadata[mark]"]
        return made

    def refund(self):
        """Gives back some or all of a payment; a second one may follow."""
        payment = self.take(settled=True)
        if payment is None:
            return self.pay()
        amount = self.random.randint(1, payment.left)
        payment.left -= amount
        if payment.left > 0:
            self.payments.append(payment)
        return self.operation("refund", "/v1/refunds",
                              {"payment_intent": payment.id, "amount": amount},
                              {"status": "succeeded", "amount": amount,
                               "payment_intent": payment.id})

    def learn(self, operation):
        """Keeps what later operations can build on."""
        reply = operation.reply
        if operation.kind in ("pay", "capture"):
            self.payments.append(Payment(reply, settled=True))
        elif operation.kind == "authorize":
            self.payments.append(Payment(reply, settled=False))
        del self.payments[:-50]

    def work(self, client):
        """Sends one operation and keeps its reply."""
        make = self.random.choices(
            [self.pay, self.authorize, self.capture, self.cancel, self.refund, self.customer],
            [50, 12, 8, 3, 15, 12])[0]
        operation = make()
        self.operations.append(operation)
        status, _, body = client.call("POST", operation.path, operation.params, operation.key)
        if status != 200:
            raise Refused(f"{operation.kind} {operation.params}: {status} {body[:500]!r}")
        operation.check(json.loads(body))
        operation.body = body
        self.learn(operation)

    def run(self):
        client = Client(self.server)
        try:
            while True:
                self.work(client)
        except Gone:
            pass
        except Refused as error:
            self.trouble = str(error)
        except Exception as error:  # pylint: disable=broad-except
            self.trouble = repr(error)  # a thread's failure must not pass unseen
