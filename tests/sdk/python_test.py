"""python_test.py: the main flows through Debian's python3-stripe, an older client of another make.

It differs from the node client in what goes over the wire: lists carry indexes, truth is written
"True", no version is sent unless asked for, and updates come from diffing an object.
"""

import datetime
import os
import sys
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "..", "lib"), os.path.join(HERE, "..", "webhooks")]

import tap  # noqa: E402

try:
    import stripe  # noqa: E402
except ImportError:
    tap.skip_all("python3-stripe is not installed")

import manners  # noqa: E402
from kontord import Server  # noqa: E402
from receiver import Receiver  # noqa: E402

PAID = {
    "amount": 2000,
    "currency": "usd",
    "payment_method": "pm_card_visa",
    "payment_method_types": ["card"],
    "confirm": True,
}

server = Server({"KONTOR_WEBHOOK_ALLOW": "127.0.0.0/8"})
stripe.api_base = server.base
stripe.api_key = server.key()
stripe.max_network_retries = 0


def pay(**extra):
    """A payment made and confirmed in one call."""
    return stripe.PaymentIntent.create(**{**PAID, **extra})


class Flows(unittest.TestCase):
    def test_payment(self):
        """A payment is made in one call, without naming a version"""
        intent = pay(metadata={"order": "7"}, expand=["latest_charge.balance_transaction"])
        self.assertEqual(intent.status, "succeeded")
        self.assertEqual(intent.latest_charge.balance_transaction.fee, 88)
        self.assertEqual(intent.metadata.order, "7")
        self.assertTrue(intent.last_response.headers["Request-Id"].startswith("req_"))

    def test_version(self):
        """A client of 2022 is served"""
        intent = pay(stripe_version="2022-11-15")
        self.assertEqual(intent.status, "succeeded")
        self.assertEqual(intent.last_response.headers["Stripe-Version"], "2022-11-15")
        self.assertEqual(intent.payment_method_types, ["card"])

    def test_capture(self):
        """Money is reserved, captured in part, and refunded"""
        intent = pay(capture_method="manual")
        self.assertEqual(intent.status, "requires_capture")
        intent = stripe.PaymentIntent.capture(intent.id, amount_to_capture=1500)
        self.assertEqual(intent.amount_received, 1500)
        refund = stripe.Refund.create(payment_intent=intent.id, amount=500)
        self.assertEqual(refund.status, "succeeded")
        charge = stripe.Charge.retrieve(intent.latest_charge, expand=["refunds"])
        self.assertEqual(charge.amount_captured, 1500)
        self.assertEqual(charge.refunds.data[0].id, refund.id)

    def test_cancel(self):
        """An intent is cancelled through its own method"""
        intent = stripe.PaymentIntent.create(amount=2000, currency="eur")
        gone = intent.cancel(cancellation_reason="abandoned")
        self.assertEqual(gone.status, "canceled")

    def test_save(self):
        """An object that was changed in hand is saved by what differs"""
        customer = stripe.Customer.create(name="Before", metadata={"a": "1", "b": "2"})
        customer.name = "After"
        customer.metadata = {"a": "3"}
        customer.save()
        read = stripe.Customer.retrieve(customer.id)
        self.assertEqual(read.name, "After")
        self.assertEqual(read.metadata.to_dict(), {"a": "3"})

    def test_modify_and_delete(self):
        """A customer is modified and deleted by name"""
        customer = stripe.Customer.create(email="jenny@example.com")
        changed = stripe.Customer.modify(customer.id, description="Friday", email="")
        self.assertEqual(changed.description, "Friday")
        self.assertIsNone(changed.email)
        self.assertTrue(stripe.Customer.delete(customer.id).deleted)
        self.assertTrue(stripe.Customer.retrieve(customer.id).deleted)

    def test_payment_method(self):
        """A card is made, attached, used off session and detached"""
        customer = stripe.Customer.create()
        card = {"number": "4242424242424242", "exp_month": 12, "exp_year": 2034, "cvc": "314"}
        method = stripe.PaymentMethod.create(type="card", card=card)
        stripe.PaymentMethod.attach(method.id, customer=customer.id)
        intent = pay(customer=customer.id, payment_method=method.id, off_session=True)
        self.assertEqual(intent.status, "succeeded")
        listed = stripe.Customer.list_payment_methods(customer.id, type="card")
        self.assertEqual([each.id for each in listed], [method.id])
        self.assertIsNone(stripe.PaymentMethod.detach(method.id).customer)

    def test_setup(self):
        """A card is set up, and its attempts are listed"""
        intent = stripe.SetupIntent.create(
            payment_method="pm_card_visa", payment_method_types=["card"], confirm=True
        )
        self.assertEqual(intent.status, "succeeded")
        attempts = stripe.SetupAttempt.list(setup_intent=intent.id)
        self.assertEqual(attempts.data[0].status, "succeeded")

    def test_legacy_charge(self):
        """A charge is made from a token"""
        charge = stripe.Charge.create(amount=1000, currency="usd", source="tok_visa", capture=False)
        self.assertFalse(charge.captured)
        self.assertTrue(charge.capture().captured)

    def test_balance(self):
        """Pending money becomes available as days pass"""
        pay()
        before = stripe.Balance.retrieve()
        total = sum(each.amount for each in before.pending + before.available)
        server.advance(8 * 86400)
        after = stripe.Balance.retrieve()
        self.assertEqual(sum(each.amount for each in after.pending), 0)
        self.assertEqual(sum(each.amount for each in after.available), total)

    def test_events(self):
        """Events are filtered by a list of types"""
        stripe.Customer.create()
        pay()
        page = stripe.Event.list(types=["customer.created", "charge.succeeded"], limit=50)
        kinds = {event.type for event in page}
        self.assertEqual(kinds, {"customer.created", "charge.succeeded"})

    def test_account(self):
        """The account tells who the merchant is"""
        self.assertTrue(stripe.Account.retrieve().id.startswith("acct_"))


class Reading(unittest.TestCase):
    def test_pages(self):
        """The client walks all pages in both directions"""
        tag = "pages@example.com"
        made = [stripe.Customer.create(email=tag).id for _ in range(12)]
        down = stripe.Customer.list(email=tag, limit=5).auto_paging_iter()
        self.assertEqual([each.id for each in down], made[::-1])
        up = stripe.Customer.list(email=tag, limit=5, ending_before=made[0]).auto_paging_iter()
        self.assertEqual([each.id for each in up], made[1:])

    def test_sublist(self):
        """The client walks on from the list inside an object"""
        charge = pay().latest_charge
        made = [stripe.Refund.create(charge=charge, amount=10).id for _ in range(12)]
        inside = stripe.Charge.retrieve(charge, expand=["refunds"]).refunds
        self.assertTrue(inside.has_more)
        self.assertEqual([each.id for each in inside.auto_paging_iter()], made[::-1])

    def test_search(self):
        """The client walks all pages of a search"""
        for index in range(7):
            stripe.Customer.create(name=f"Python {index}")
        found = stripe.Customer.search(query='name~"python"', limit=3).auto_paging_iter()
        self.assertEqual(len(list(found)), 7)

    def test_time_range(self):
        """Times are compared, also when they were sent as dates"""
        intent = pay()
        recent = datetime.datetime.fromtimestamp(intent.created)
        page = stripe.PaymentIntent.list(created={"gte": recent}, limit=100)
        self.assertIn(intent.id, [each.id for each in page])
        page = stripe.PaymentIntent.list(created={"gt": intent.created})
        self.assertNotIn(intent.id, [each.id for each in page])

    def test_expand(self):
        """Fields inside a list are expanded"""
        intent = pay()
        page = stripe.Charge.list(
            payment_intent=intent.id, expand=["data.payment_intent", "data.balance_transaction"]
        )
        self.assertEqual(page.data[0].payment_intent.id, intent.id)
        self.assertEqual(page.data[0].balance_transaction.net, 1912)

    def test_refresh(self):
        """An object in hand is read anew"""
        customer = stripe.Customer.create(name="Before")
        stripe.Customer.modify(customer.id, name="After")
        customer.refresh()
        self.assertEqual(customer.name, "After")


class Refusals(unittest.TestCase):
    def test_decline(self):
        """A declined card raises CardError with all it knows"""
        with self.assertRaises(stripe.error.CardError) as caught:
            pay(payment_method="pm_card_visa_chargeDeclinedInsufficientFunds")
        error = caught.exception
        self.assertEqual(error.http_status, 402)
        self.assertEqual(error.code, "card_declined")
        self.assertEqual(error.error.decline_code, "insufficient_funds")
        self.assertEqual(error.error.payment_intent.status, "requires_payment_method")

    def test_invalid(self):
        """A wrong parameter raises InvalidRequestError that names it"""
        for params, param, code in [
            ({"currency": "usd"}, "amount", "parameter_missing"),
            ({"amount": 2000, "currency": "usd", "zonk": 1}, "zonk", "parameter_unknown"),
            ({"amount": "x", "currency": "usd"}, "amount", "parameter_invalid_integer"),
        ]:
            with self.assertRaises(stripe.error.InvalidRequestError) as caught:
                stripe.PaymentIntent.create(**params)
            self.assertEqual(caught.exception.param, param)
            self.assertEqual(caught.exception.code, code)

    def test_missing(self):
        """What is not there raises InvalidRequestError with 404"""
        with self.assertRaises(stripe.error.InvalidRequestError) as caught:
            stripe.Charge.retrieve("ch_none")
        self.assertEqual(caught.exception.http_status, 404)
        self.assertEqual(caught.exception.code, "resource_missing")

    def test_authentication(self):
        """A wrong key raises AuthenticationError"""
        with self.assertRaises(stripe.error.AuthenticationError):
            stripe.Balance.retrieve(api_key="sk_test_wrong")

    def test_idempotency(self):
        """A key is replayed, and refused for anything else"""
        first = pay(idempotency_key="py-1")
        again = pay(idempotency_key="py-1")
        self.assertEqual(first.id, again.id)
        self.assertEqual(again.last_response.headers["Idempotent-Replayed"], "true")
        with self.assertRaises(stripe.error.IdempotencyError):
            pay(amount=2001, idempotency_key="py-1")


class Endpoints(unittest.TestCase):
    def test_life(self):
        """A webhook endpoint is made with its secret, changed, listed and deleted"""
        made = stripe.WebhookEndpoint.create(
            url="https://shop.example.com/hooks", enabled_events=["charge.succeeded", "refund.*"]
        )
        self.assertTrue(made.secret.startswith("whsec_"))
        changed = stripe.WebhookEndpoint.modify(made.id, disabled=True, metadata={"team": "books"})
        self.assertEqual(changed.status, "disabled")
        self.assertEqual(changed.metadata.team, "books")
        shown = stripe.WebhookEndpoint.retrieve(made.id)
        self.assertFalse(hasattr(shown, "secret"))
        listed = stripe.WebhookEndpoint.list(limit=1).auto_paging_iter()
        self.assertIn(made.id, [each.id for each in listed])
        self.assertTrue(stripe.WebhookEndpoint.delete(made.id).deleted)
        with self.assertRaises(stripe.error.InvalidRequestError) as caught:
            stripe.WebhookEndpoint.retrieve(made.id)
        self.assertEqual(caught.exception.http_status, 404)

    def test_refused(self):
        """A type of event that there is not is named by its place"""
        with self.assertRaises(stripe.error.InvalidRequestError) as caught:
            stripe.WebhookEndpoint.create(
                url="https://shop.example.com", enabled_events=["charge.succeeded", "charge.nope"]
            )
        self.assertEqual(caught.exception.param, "enabled_events[1]")


class Signatures(unittest.TestCase):
    def test_signature(self):
        """stripe.Webhook takes what an endpoint gets, and nothing else"""
        receiver = Receiver(manners.taking)
        self.addCleanup(receiver.stop)
        endpoint = stripe.WebhookEndpoint.create(url=receiver.url(),
                                                 enabled_events=["charge.succeeded"])
        intent = pay(metadata={"name": "Jürgen"})
        arrival = receiver.wait_count(1)[0]
        signature = arrival.headers["stripe-signature"]
        event = stripe.Webhook.construct_event(arrival.body, signature, endpoint.secret)
        self.assertEqual(event.data.object.payment_intent, intent.id)
        shown = stripe.Event.retrieve(event.id)
        self.assertEqual(event.data.to_dict_recursive(), shown.data.to_dict_recursive())
        for body, secret in ((arrival.body, "whsec_" + "a" * 32),
                             (arrival.body.replace(b"2000", b"2001"), endpoint.secret)):
            with self.assertRaises(stripe.error.SignatureVerificationError):
                stripe.Webhook.construct_event(body, signature, secret)
        stripe.WebhookEndpoint.delete(endpoint.id)


class TheEnd(unittest.TestCase):
    """Named so that it runs last."""

    def test_zz_stop(self):
        """The server stops cleanly and its books are right"""
        self.assertTrue(server.is_alive(), server.read_log())
        self.assertEqual(server.stop(), 0, server.read_log())
        audit = server.audit()
        if audit is not None:
            self.assertTrue(audit["ok"], audit)
        server.remove()


if __name__ == "__main__":
    try:
        tap.main()
    finally:
        if server.is_alive():
            server.process.kill()
