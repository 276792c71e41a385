"""notes_test.py: what people leave for each other: notes on objects, and views of lists."""

import json
import subprocess
import time
import unittest

import tap
from copy_of import Copy, Refused
from kontord import Server
from ops_test import Console

NOTES, VIEWS = "/v1/kontor/notes", "/v1/kontor/views"


class Notes(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server()
        cls.client = Console(cls.server)

    @classmethod
    def tearDownClass(cls):
        cls.server.stop()
        report = cls.server.audit()
        assert report is None or report["ok"], report
        cls.server.remove()

    def of(self, scopes):
        return Console(self.server, self.server.key(kind="restricted", flags=["--scopes", scopes]))

    def refused(self, status, param, method, path, client=None, form=None, **more):
        with self.assertRaises(Refused) as caught:
            (client or self.client).ask(method, path, {**(form or {}), **more})
        self.assertEqual(caught.exception.status, status, caught.exception)
        self.assertEqual(caught.exception.json()["error"].get("param"), param)
        return caught.exception.json()["error"]

    def test_a_note_is_kept_listed_and_copied(self):
        """/notes/a-note-is-kept-listed-and-copied"""
        copy = Copy(self.client).pull()
        customer, other = (self.client.post("/v1/customers")["id"] for _ in range(2))
        note = self.client.post(NOTES, on=customer, text="Called; wants an invoice.\nגם")
        self.client.post(NOTES, on=other, text="x" * 5000)
        self.assertEqual(note["id"][:5], "note_")
        self.assertEqual((note["object"], note["on"], note["text"]),
                         ("kontor.note", customer, "Called; wants an invoice.\nגם"))
        self.assertRegex(note["author"], "^key_[0-9]+$")
        self.assertTrue(note["author_name"])
        self.assertEqual(self.client.get(NOTES, on=customer)["data"], [note])
        self.assertEqual(self.client.get(f"{NOTES}/{note['id']}"), note)
        held = copy.pull().of("note")[note["id"]]
        self.assertEqual(held[2], {name: note[name]
                                   for name in ("author", "author_name", "on", "text")})
        fresh = Copy(self.of("kontor_read"))
        fresh.fetch()
        self.assertEqual(fresh.of("note"), copy.of("note"))
        self.client.ask("DELETE", f"{NOTES}/{note['id']}")
        self.assertEqual(self.client.get(NOTES, on=customer)["data"], [])
        self.refused(404, "id", "DELETE", f"{NOTES}/{note['id']}")
        self.assertNotIn(note["id"], copy.pull().of("note"))

    def test_a_note_says_what_it_is_about(self):
        """/notes/a-note-says-what-it-is-about"""
        customer = self.client.post("/v1/customers")["id"]
        for form, param in (({"text": "a"}, "on"), ({"on": customer}, "text"),
                            ({"on": "cus_none", "text": "a"}, "on"), ({"on": "x", "text": "a"}, "on"),
                            ({"on": customer, "text": "x" * 5001}, "text"),
                            ({"on": customer, "text": ""}, "text"),
                            ({"on": "view_1", "text": "a"}, "on")):
            self.refused(400, param, "POST", NOTES, form=form)

    def test_who_may_change_an_object_may_write_on_it(self):
        """/notes/who-may-change-an-object-may-write-on-it"""
        customer, payment = self.client.post("/v1/customers")["id"], self.client.pay()
        cases = [("kontor_read", []), ("kontor_read customers_write", [customer]),
                 ("kontor_read charges_write", [payment["id"], payment["latest_charge"]]),
                 ("kontor_write", [customer, payment["id"]])]
        for scopes, allowed in cases:
            client = self.of(scopes)
            for on in (customer, payment["id"], payment["latest_charge"]):
                if on in allowed or scopes == "kontor_write":
                    self.assertEqual(client.post(NOTES, on=on, text=scopes)["on"], on)
                else:
                    self.refused(403, None, "POST", NOTES, client, on=on, text=scopes)
        mine = self.of("kontor_read customers_write")
        note = mine.post(NOTES, on=customer, text="mine")["id"]
        self.refused(403, None, "DELETE", f"{NOTES}/{note}", self.of("kontor_read customers_write"))
        mine.ask("DELETE", f"{NOTES}/{note}")
        log = self.client.get("/v1/kontor/audit_log", target=note)["data"]
        self.assertEqual([(entry["action"], entry["outcome"]) for entry in log][::2],
                         [("note.delete", "ok"), ("note.create", "ok")])

    def test_notes_and_views_come_as_operations(self):
        """/notes/notes-and-views-come-as-operations"""
        customer = self.client.post("/v1/customers")["id"]
        status, answer = self.client.op("note.create", customer, args={"text": "On the train"})
        self.assertEqual((status, answer["ok"]["on"]), (200, customer))
        note = answer["ok"]["id"]
        version = Copy(self.client).pull().of("note")[note][0]
        self.assertEqual(self.client.op("note.delete", note, if_v=version - 1)[0], 409)
        self.assertEqual(self.client.op("note.delete", note, if_v=version)[0], 200)
        self.assertEqual(self.client.get(NOTES, on=customer)["data"], [])
        status, answer = self.client.op("note.create", customer,
                                        args={"text": "a", "on": customer})
        self.assertEqual((status, answer["error"]["param"]), (400, "args"))
        status, answer = self.client.op("view.save", args={"name": "Late", "screen": "payments"})
        self.assertEqual((status, answer["ok"]["name"]), (200, "Late"))
        self.assertEqual(self.client.op("view.delete", answer["ok"]["id"])[0], 200)

    def test_a_view_is_saved_under_its_name(self):
        """/notes/a-view-is-saved-under-its-name"""
        copy = Copy(self.client).pull()
        first = self.client.post(VIEWS, name="Failed ones", screen="payments", sort="created",
                                 query="status:failed amount:>100", shared="true",
                                 descending="true", **{"columns[]": "amount"})
        self.assertEqual((first["object"], first["columns"], first["descending"], first["shared"]),
                         ("kontor.view", ["amount"], True, True))
        again = self.client.post(VIEWS, name="Failed ones", screen="payments")
        self.assertEqual(again["id"], first["id"])
        self.assertEqual((again["query"], again["columns"], again["shared"]), (None, [], False))
        copy.pull()
        self.assertEqual(copy.of("view")[first["id"]][2],
                         {"name": "Failed ones", "owner": again["owner"], "screen": "payments"})
        other = self.client.post(VIEWS, name="B", screen="payments")["id"]
        self.refused(400, "name", "POST", f"{VIEWS}/{other}", name="Failed ones")
        self.assertEqual(self.client.post(f"{VIEWS}/{other}", query="a")["query"], "a")
        self.assertIsNone(self.client.post(f"{VIEWS}/{other}", query="")["query"])
        for view in (first["id"], other):
            self.client.ask("DELETE", f"{VIEWS}/{view}")
            self.refused(404, "id", "POST", f"{VIEWS}/{view}", name="C")
            self.assertNotIn(view, copy.pull().of("view"))
        self.assertNotEqual(self.client.post(VIEWS, name="B", screen="payments")["id"], other)

    def test_a_view_is_its_owners(self):
        """/notes/a-view-is-its-owners"""
        one, two = self.of("kontor_read"), self.of("kontor_read")
        mine = one.post(VIEWS, name="M", screen="payments")
        shared = one.post(VIEWS, name="S", screen="payments", shared="true")
        self.assertNotEqual(two.post(VIEWS, name="M", screen="events")["id"], mine["id"])
        names = {row["id"] for row in two.get(VIEWS, limit=100)["data"]}
        self.assertIn(shared["id"], names)
        self.assertNotIn(mine["id"], names)
        self.assertEqual(two.get(f"{VIEWS}/{shared['id']}"), shared)
        with self.assertRaises(Refused) as caught:
            two.get(f"{VIEWS}/{mine['id']}")
        self.assertEqual(caught.exception.status, 404)
        for method in ("POST", "DELETE"):
            self.refused(403, None, method, f"{VIEWS}/{shared['id']}", two,
                         {"sort": "a"} if method == "POST" else None)
        self.assertEqual(self.client.post(f"{VIEWS}/{shared['id']}", sort="a")["owner"],
                         shared["owner"])

    def person(self, email, role):
        """Somebody of that role who has signed in."""
        subprocess.run([self.server.program, "user", "create", "--data-dir", self.server.data_dir,
                        "--email", email, "--role", role, "--password-stdin"], check=True, text=True,
                       input="correct horse battery\n", env=self.server.env, capture_output=True)
        session = self.client.post("/v1/kontor/sessions", email=email,
                                   password="correct horse battery")
        return Console(self.server, session["token"]), session["user"]["id"]

    def test_people_see_what_their_role_may(self):
        """/notes/people-see-what-their-role-may"""
        owner, _ = self.person("ada@example.com", "owner")
        bob, name = self.person("bob@example.com", "admin")
        customer = self.client.post("/v1/customers")["id"]
        body = {"op": "op_018fbob", "client": "c", "do": "note.create", "on": customer,
                "args": {"text": "Hello"}, "expires": int(time.time()) + 60}
        status, answer = bob.send(body)
        self.assertEqual((status, answer["ok"]["author"]), (200, name))
        copy = Copy(bob).pull()
        told = [body for _, _, body in copy.of("audit_entry").values()
                if body["target"] == answer["ok"]["id"]]
        self.assertEqual([(entry["action"], entry["actor"]["id"]) for entry in told],
                         [("note.create", name)])
        self.assertIn("op_018fbob", json.dumps(told[0]["summary"]))
        owner.post("/v1/kontor/users/" + name, role="analyst")
        with self.assertRaises(Refused) as caught:
            bob.changes(copy.cursor)
        self.assertEqual((caught.exception.status, caught.exception.json()["why"]), (410, "scope"))
        copy = Copy(bob).pull()
        self.assertEqual(copy.of("audit_entry"), {})
        self.assertIn(customer, copy.of("customer"))
        self.refused(403, None, "POST", NOTES, bob, on=customer, text="No more")
        self.assertEqual(bob.post(VIEWS, name="Mine", screen="payments")["owner"], name)
        owner.post(f"/v1/kontor/users/{name}/disable")
        for path in ("changes", "snapshot"):
            with self.assertRaises(Refused) as caught:
                bob.ask("GET", "/v1/kontor/sync/" + path)
            self.assertEqual(caught.exception.status, 401)

    def test_a_view_is_checked(self):
        """/notes/a-view-is-checked"""
        good = {"name": "A", "screen": "payments"}
        for more, param in (({"name": ""}, "name"), ({"name": "x" * 61}, "name"),
                            ({"screen": "Pay ments"}, "screen"), ({"query": "x" * 1001}, "query"),
                            ({"columns[0]": "a b"}, "columns[0]"),
                            ({f"columns[{i}]": "a" for i in range(51)}, "columns"),
                            ({"shared": "perhaps"}, "shared"), ({"owner": "key_1"}, "owner")):
            self.refused(400, param, "POST", VIEWS, form={**good, **more})


if __name__ == "__main__":
    tap.main()
