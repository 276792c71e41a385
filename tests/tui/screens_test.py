"""screens_test.py: what stands on the screen after some keys, held against screens kept in screens/.

TUI_KEEP=1 writes them anew."""

import csv
import os
import re
import sqlite3
import unittest

import tap
from desk import Desk, masked

SIZES = ("80x24", "120x40", "200x60")


def decimal(amount, currency):
    """As the console writes it where there is no locale."""
    places = {"jpy": 0, "kwd": 3}.get(currency, 2)
    digits = str(abs(amount)).rjust(places + 1, "0")
    whole = digits[:-places] + "." + digits[-places:] if places else digits
    return "-" + whole if amount < 0 else whole


class Screens(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.desk = Desk()

    @classmethod
    def tearDownClass(cls):
        cls.desk.remove()

    def assert_screen(self, name, text):
        path = os.path.join(os.environ["TUI_SCREENS"], name + ".txt")
        text = masked(text)
        if os.environ.get("TUI_KEEP"):
            with open(path, "w", encoding="utf-8") as file:
                file.write(text)
        with open(path, encoding="utf-8") as file:
            self.assertEqual(text, file.read(), f"{name}: the screen is another one")

    def look(self, name, script, size="80x24", **env):
        script += "\n:wait idle\n:screen -\n"
        self.assert_screen(name, self.desk.script(script, "--size", size, **env))

    def test_payments(self):
        """/screens/payments-at-every-size"""
        for size in SIZES:
            self.look(f"payments-{size}", ":wait synced\nkeys 5 j", size)

    def test_detail(self):
        """/screens/detail-of-a-payment"""
        for size in SIZES:
            self.look(f"detail-{size}", ":wait synced\nkeys j j Enter\n:wait idle\nkeys j j", size)

    def test_customers(self):
        """/screens/customers-and-their-payments-by-name"""
        self.look("customers-80x24", ":wait synced\nkeys g c\n:wait idle")
        for size in SIZES:
            self.look(f"customer-{size}", ":wait synced\nkeys g c\n:wait idle\nkeys /\n:type carter\nkeys Enter\n"
                      ":wait idle\nkeys Enter\n:wait idle\nkeys 2\n:expect Payments\n", size)

    def test_balance(self):
        """/screens/balance-and-what-moved-it"""
        for size in SIZES:
            self.look(f"balance-{size}", ":wait synced\nkeys g b\n:wait idle\nkeys 3 j Enter\n:wait idle\nkeys 2\n"
                      ":expect in signed block\n", size)

    def sums_of(self, screen, label):
        """What stands behind a word, by currency, in decimals."""
        line = next(line for line in screen.splitlines() if line.strip().startswith(label))
        found = re.findall(r"(-?\d+(?:\.\d+)?) ([A-Z]{3})", line)
        return {currency.lower(): amount for amount, currency in found}

    def test_balance_is_the_servers(self):
        """/screens/balance-is-what-the-server-says"""
        screen = self.desk.script(":wait synced\nkeys g b\n:expect Available\n:wait idle\n:screen -\n",
                                  "--size", "109x50")
        balance = self.desk.ask("GET", "/v1/balance")
        for side, label in (("available", "Available"), ("pending", "Pending")):
            self.assertEqual(self.sums_of(screen, label),
                             {part["currency"]: decimal(part["amount"], part["currency"])
                              for part in balance[side] if part["amount"] != 0})
        sums = {}
        for part in balance["available"] + balance["pending"]:
            sums[part["currency"]] = sums.get(part["currency"], 0) + part["amount"]
        self.assertEqual(self.sums_of(screen, "Σ"), {currency: decimal(n, currency) for currency, n in sums.items()})

    def test_ids(self):
        """/screens/any-id-leads-to-where-it-is-shown"""
        refund = self.desk.ask("GET", "/v1/refunds?limit=1")["data"][0]
        event = self.desk.ask("GET", "/v1/events?limit=1")["data"][0]
        places = {refund["id"]: refund["payment_intent"], refund["charge"]: refund["payment_intent"],
                  refund["balance_transaction"]: refund["balance_transaction"],
                  event["id"]: event["id"]}
        for typed, place in places.items():
            for keys in ("/", ":"):
                with self.subTest(typed=typed, keys=keys):
                    screen = self.desk.script(f":wait synced\n:wait idle\nkeys {keys}\n:type {typed}\nkeys Enter\n"
                                              ":wait idle\n:expect Id\n:wait idle\n:screen -\n", "--size", "160x60")
                    self.assertRegex(screen, r"Id +" + place)
        self.desk.script(":wait synced\nkeys :\n:type pi_00000000aaaaaaaaaaaaaaaa\nkeys Enter\n"
                         ":expect is not in the copy\n")

    def test_refunded(self):
        """/screens/payment-with-attempts-refunds-and-balance-entries"""
        found = ":wait synced\nkeys /\n:type status:partially_refunded\nkeys Enter\n:wait idle\nkeys Enter\n:wait idle\n"
        for size in SIZES:
            self.look(f"refunded-{size}", found + ":expect Refunds\n" if size != "80x24" else found + "keys 5", size)

    def test_sections(self):
        """/screens/a-digit-goes-to-a-section"""
        found = ":wait synced\nkeys /\n:type status:partially_refunded\nkeys Enter\n:wait idle\nkeys Enter\n:wait idle\n"
        screen = self.desk.script(found + "keys 5\n:screen -\n")
        detail = screen.split("─" * 80)[1].splitlines()
        self.assertEqual(detail[1].strip(), "Refunds")
        self.desk.script(":wait synced\nkeys g b\n:wait idle\nkeys Enter 9\n:expect There are fewer sections here\n")

    def test_every_screen(self):
        """/screens/every-screen-opens-also-when-it-is-empty"""
        seen = self.desk.script(":wait synced\n" + "".join(
            f"keys g {letter}\n:wait idle\n:screen -\nkeys Enter J K a Esc Esc\n" for letter in "opcwabelLktq,"),
            "--size", "160x50")
        for title in ("Overview", "Balance", "Webhooks", "Attempts", "Events", "Log", "Audit", "API keys", "Queue"):
            self.assertIn("· " + title, seen)

    def test_search(self):
        """/screens/search-with-conditions-as-chips"""
        self.look("search-80x24", ":wait synced\nkeys /\n:type status:failed amount:>50\nkeys Enter")

    def test_mistake(self):
        """/screens/mistake-is-shown-at-its-place"""
        self.look("mistake-80x24", ":wait synced\nkeys /\n:type amount:>tall")

    def test_menus(self):
        """/screens/menus-help-and-palette"""
        for name, keys in (("facets", "f"), ("sort", "s"), ("columns", "c"), ("copy", "y"), ("actions", "a")):
            self.look(f"menu-{name}-80x24", f":wait synced\nkeys {keys}")
        self.look("help-80x24", ":wait synced\nkeys ?\n:type mark")
        self.look("palette-80x24", ":wait synced\nkeys :\n:type cust")

    def test_chords(self):
        """/screens/what-can-follow-g"""
        self.look("chords-80x24", ":wait synced\nkeys g\n:expect c  Customers")

    def test_marks(self):
        """/screens/marked-rows-are-summed"""
        self.look("marks-80x24", ":wait synced\nkeys Space Space j Space")

    def test_compare(self):
        """/screens/two-payments-value-by-value"""
        two = ":wait synced\nkeys /\n:type status:succeeded\nkeys Enter\n:wait idle\nkeys Space 4 j D\n"
        for size in ("80x24", "160x50"):
            self.look(f"compare-{size}", two + ":expect values differ", size)
        self.look("compare-all-160x50", two + "keys a G", "160x50")
        self.desk.script(":wait synced\nkeys D\n:expect Mark one with Space\nkeys Space Space Space D\n"
                         ":expect More than two are marked\n")
        self.desk.script(two + "keys y\n:expect Copied what differs\n")

    def test_refund_form(self):
        """/screens/refund-says-what-will-happen"""
        self.look("refund-80x24", ":wait synced\nkeys /\n:type status:succeeded\nkeys Enter\n:wait idle\nkeys r")

    def test_mono(self):
        """/screens/no-colour-changes-no-word"""
        keys = ":wait synced\n:wait idle\n:screen -\n"
        self.assertEqual(masked(self.desk.script(keys)), masked(self.desk.script(keys, NO_COLOR="1")))

    def test_languages(self):
        """/screens/every-language-on-small-and-large-screens"""
        steps = {"payments": "keys j j", "refund": "keys /\n:type status:succeeded\nkeys Enter\n:wait idle\nkeys r",
                 "keys": "keys ?", "queue": "keys g q\n:wait idle"}
        for language in os.environ["LANGUAGES"].split():
            for step, keys in steps.items():
                for size in ("80x24", "200x60"):
                    self.look(f"{language}-{step}-{size}", ":wait synced\n" + keys, size, LANGUAGE=language,
                              KONTOR_LOCALE_DIR=os.environ["CATALOGUES"])

    def test_small(self):
        """/screens/too-small-is-said"""
        self.look("small-30x6", "", "30x6")

    def test_refused(self):
        """/screens/refused-key-is-said"""
        self.look("refused-80x24", ":expect KEY REFUSED", copy="refused", KONTOR_API_KEY="sk_test_" + "A" * 43)

    def test_tour(self):
        """/screens/every-key-in-one-long-tour"""
        with open(os.path.join(os.path.dirname(__file__), "tour.keys"), encoding="utf-8") as file:
            self.desk.script(file.read())

    def test_read_only(self):
        """/screens/read-only-changes-nothing"""
        self.desk.script(":wait synced\nkeys r\n:expect This console only reads\n", "--read-only")

    def test_settings(self):
        """/screens/columns-and-order-are-those-of-the-last-time"""
        self.desk.script(":wait synced\nkeys c j Space Esc s j Enter\n:wait idle\n")
        written = self.desk.prefer(None)
        self.assertIn("[screen payments]\n", written)
        self.look("settings-80x24", ":wait synced", settings=None)
        self.desk.script(":wait synced\nkeys =\n", settings=None)
        self.assertNotIn("columns=", self.desk.prefer(None))

    def test_start(self):
        """/screens/start-zone-and-read-only-are-as-preferred"""
        asked = "[console]\nstart=overview\nzone=Asia/Tokyo\nread-only=true\nlater=kept\n"
        screen = self.desk.script(":wait synced\n:wait idle\n:screen -\n", settings=asked)
        self.assertIn("Overview", screen.splitlines()[0])
        here, there = (self.desk.script(":wait synced\n:wait idle\n:screen -\n", settings=settings)
                       for settings in ("", "[console]\nzone=Asia/Tokyo\n"))
        self.assertNotEqual(masked(here), masked(there))
        self.desk.script(":wait synced\nkeys g p r\n:expect only reads\n", settings=asked)

    def test_preferences(self):
        """/screens/preferences-are-changed-where-they-are-shown"""
        for size in ("80x24", "120x40"):
            self.look(f"preferences-{size}", ":wait synced\nkeys g ,\n:wait idle", size)
        self.look("preferences-choose-80x24", ":wait synced\nkeys g ,\n:wait idle\nkeys j j Enter")
        self.desk.script(":wait synced\nkeys g ,\n:wait idle\nkeys j j Enter j Enter\n:expect Dates: locale\n"
                         ":wait idle\nkeys j e\n:type Mars\n:expect write a zone\nkeys Ctrl-u\n:type Asia/Tokyo\n"
                         "keys Enter\n:expect Time zone: Asia/Tokyo\n")
        written = self.desk.prefer(None)
        self.assertIn("dates=locale\n", written)
        self.assertIn("zone=Asia/Tokyo\n", written)

    def test_wrong_settings(self):
        """/screens/settings-that-cannot-be-read-are-named"""
        for settings, why in (("[console]\n\nstart=moon\n", "console.ini:3: start: write one of"),
                              ("[console]\nmouse\n", "console.ini:2: write “name=value”"),
                              ("[console]\nzone=Mars/North\n", "console.ini:2: zone: write a zone")):
            said = self.desk.script(":wait synced\n", status=1, settings=settings, LC_ALL="C.UTF-8")
            self.assertIn(why, said)

    def test_failing_script(self):
        """/screens/script-that-fails-says-where"""
        said = self.desk.script(":wait synced\n:frown\n", status=3)
        self.assertIn("line 2: :frown", said)

    def test_export(self):
        """/screens/export-is-exactly-what-is-shown"""
        self.desk.script(":wait synced\nkeys /\n:type status:failed\nkeys Enter\n:wait idle\nkeys x\n:type out.csv\n"
                         "keys Enter\n:expect rows are in out.csv\n", cwd=self.desk.folder)
        with open(os.path.join(self.desk.folder, "out.csv"), encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        self.assertGreater(len(rows), 5)
        self.assertEqual({row.get("status") or row.get("Status") for row in rows}, {"failed"})


class Acts(unittest.TestCase):
    """What changes the shop has one of its own."""

    def setUp(self):
        self.desk = Desk()
        self.addCleanup(self.desk.remove)

    def test_refund(self):
        """/acts/refund-is-done-and-seen"""
        found = ":wait synced\nkeys /\n:type status:succeeded amount:>20\nkeys Enter\n:wait idle\n"
        screen = self.desk.script(
            found + "keys r Ctrl-u\n:type 1\nkeys Ctrl-s\n:expect done\nkeys F\n"
            ":expect partially_refunded\nkeys /\n:type status:partially_refunded created:2y\nkeys Enter\n:wait idle\n"
            "keys Enter\n:wait idle\n:screen -\n", "--size", "160x60", copy="refund")
        self.assertIn("Refunded", screen)

    def n_refunds(self):
        with sqlite3.connect(f"file:{self.desk.server.data_dir}/kontor.db?mode=ro", uri=True) as db:
            return db.execute("SELECT count(*) FROM refunds").fetchone()[0]

    def test_queue(self):
        """/acts/what-is-done-without-a-server-is-queued-and-sent-once"""
        found = "keys /\n:type status:succeeded amount:>20\nkeys Enter\n:wait idle\n"
        self.desk.script(":wait synced\n", copy="queue")
        self.desk.server.stop()
        self.desk.script(":expect OFFLINE\n:wait idle\n" + found
                         + "keys r Ctrl-u\n:type 1\nkeys Ctrl-s\n:expect it is sent when\n:expect 1 queued\n",
                         copy="queue")
        self.desk.script(":expect OFFLINE\n:expect 1 queued\n", copy="queue")
        before = self.n_refunds()
        self.desk.server.start()
        # The first console sends it; whatever the second does, it is done already.
        self.desk.script(":wait synced\n:wait idle\nkeys /\n:type status:partially_refunded\nkeys Enter\n"
                         ":expect of 8\n", copy="queue")
        screen = self.desk.script(":wait synced\n:wait idle\n" + "keys g c\n:wait idle\n:screen -\n", copy="queue")
        self.assertNotIn("queued", screen)
        self.assertEqual(self.n_refunds(), before + 1)

    def test_conflict(self):
        """/acts/a-conflict-is-shown-field-by-field-and-resolved"""
        self.desk.script(":wait synced\n", copy="clash")
        self.desk.server.stop()
        self.desk.script(":expect OFFLINE\nkeys g c\n:wait idle\nkeys e Ctrl-u\n:type Mine\nkeys Ctrl-s\n"
                         ":expect it is sent when\n", copy="clash")
        with sqlite3.connect(os.path.join(self.desk.folder, "clash", "queue.db")) as db:
            target = db.execute("SELECT target FROM intents").fetchone()[0]
            db.execute("UPDATE intents SET state = 'ask', unsure = 0")  # so that no try is under way
        db.close()
        queue = "keys g q\n:wait idle\n"
        # Not sent yet: something else is wanted in its place.
        self.desk.script(":expect OFFLINE\n" + queue + "keys e\n:expect What is to be sent\nkeys Ctrl-u\n"
                         ":type Ours\nkeys Ctrl-s\n:expect queued\n", copy="clash")
        self.desk.server.start()
        self.desk.ask("POST", "/v1/customers/" + target, name="Theirs")
        screen = self.desk.script(":wait synced\n:wait idle\n" + queue + ":expect conflict\nkeys Enter\n:wait idle\n"
                                  ":screen -\n", "--size", "120x40", copy="clash")
        for word in ("Both changed name", "Ours", "Theirs"):
            self.assertIn(word, screen)
        self.desk.script(":wait synced\n:wait idle\n" + queue + "keys e\n:expect By now it is: Theirs\nkeys Ctrl-u\n"
                         ":type Both\nkeys Ctrl-s\n:expect done\n", copy="clash")
        self.assertEqual(self.desk.ask("GET", "/v1/customers/" + target)["name"], "Both")

    def test_rights(self):
        """/acts/what-a-key-may-not-do-is-refused-before-it-is-asked"""
        key = self.desk.server.key(kind="restricted", flags=(
            "--name", "reader", "--scopes", "payment_intents_read charges_read customers_read refunds_read kontor_read"))
        found = ":wait synced\nkeys /\n:type status:succeeded\nkeys Enter\n:wait idle\n"
        for _ in range(2):  # the second time what the server said is known from the beginning
            self.desk.script(found + "keys r\n:expect Your role, or this key, may not do that.\n",
                             copy="rights", KONTOR_API_KEY=key)

    def test_keys(self):
        """/acts/keys-are-told-and-never-shown"""
        self.desk.server.key(flags=("--name", "Ladenkasse"))
        screen = self.desk.script(":wait synced\nkeys g k\n:wait idle\nkeys /\n:type ladenkasse\nkeys Enter\n"
                                  ":wait idle\n:expect 1 of 1\n:screen -\n", "--size", "120x40")
        self.assertIn("sk_test_****", screen)
        self.assertIn("May do     Everything", screen)
        self.desk.script(":wait synced\nkeys g t\n:expect This is for people who have signed in\n")

    def test_new_key(self):
        """/acts/a-key-is-made-shown-once-and-deleted"""
        run = "keys :\n:type {}\nkeys Enter\n"
        screen = self.desk.script(":wait synced\nkeys g k\n:wait idle\n" + run.format("Make an API key")
                                  + ":type Kasse\nkeys Tab Right Right\n:screen -\nkeys Ctrl-s\n:expect needs scopes\n"
                                  "keys Tab\n:type charges_read\nkeys Ctrl-s\n:expect rk_test_\n:screen -\n"
                                  "keys Enter\n:wait idle\n:expect Kasse\n")
        key = re.search(r"rk_test_\w+", screen)[0]
        self.assertEqual(self.desk.ask("GET", "/v1/charges", key=key)["object"], "list")
        screen = self.desk.script(":wait synced\nkeys g k\n:wait idle\nkeys /\n:type kasse\nkeys Enter\n:expect 1 of 1\n"
                                  + run.format("Delete the API key") + ":expect refused from now on\nkeys Ctrl-s\n"
                                  ":expect expired\nkeys /\n:type state:active\nkeys Enter\n"
                                  ":expect Nothing fits\n:screen -\n")
        self.assertNotIn(key, screen)
        self.desk.ask("GET", "/v1/charges", key=key, status=401)

    def test_views(self):
        """/acts/a-view-is-saved-shown-shared-and-deleted"""
        saved = (":wait synced\nkeys /\n:type status:failed\nkeys Enter\n:wait idle\nkeys v\n:type Abgelehnt\n"
                 "keys {}\n:expect is saved.\n:wait idle\n")
        self.desk.script(saved.format("Enter") + "keys g c\n:wait idle\nkeys v\n:type Abgelehnt\nkeys Enter\n"
                         ":expect is saved.\n")
        self.desk.script(":wait synced\n:wait idle\nkeys v\n:expect Abgelehnt\n:expect status:failed\nkeys Enter\n"
                         ":wait idle\n:expect of 39\n", copy="views")
        other = self.desk.server.key()
        self.assertNotIn("Abgelehnt", self.desk.script(":wait synced\n:wait idle\nkeys v\n:screen -\n", copy="other",
                                                       KONTOR_API_KEY=other))
        # behind the view itself and the line that saves it for oneself
        self.desk.script(saved.format("Down Down Enter"), copy="views")
        self.desk.script(":wait synced\n:wait idle\nkeys v\n:expect shared\n:expect Abgelehnt\n", copy="other",
                         KONTOR_API_KEY=other)
        self.desk.script(":wait synced\n:wait idle\nkeys v\n:type Abgelehnt\nkeys End Enter\n:expect is deleted.\n"
                         ":wait idle\n", copy="views")
        self.assertEqual([view["screen"] for view in self.desk.ask("GET", "/v1/kontor/views")["data"]], ["customers"])

    def test_undo(self):
        """/acts/undo-takes-back-what-was-not-sent"""
        self.desk.script(":wait synced\n", copy="undo")
        self.desk.server.stop()
        found = "keys /\n:type status:succeeded amount:>20\nkeys Enter\n:wait idle\n"
        self.desk.script(":expect OFFLINE\n:wait idle\n" + found
                         + "keys r Ctrl-u\n:type 1\nkeys Ctrl-s\n:expect 1 queued\n"
                         "keys Q\n:expect Not everything was sent\nkeys Esc\n"
                         "keys g q\n:wait idle\n:expect refund.create\nkeys r\n"
                         ":expect Only what was not done can be tried again.\nkeys Ctrl-z\n:wait idle\n"
                         ":expect Nothing waits to be sent\n", copy="undo")

    def test_customer(self):
        """/acts/customer-is-made-noted-and-deleted-by-name"""
        at = ":wait synced\nkeys g c\n:wait idle\n"
        self.desk.script(at + "keys :\n:type new customer\nkeys Enter\n:type Zoe Zimmer\nkeys Ctrl-s\n:expect done\n")
        made = self.desk.ask("GET", "/v1/customers?limit=1")["data"][0]
        self.assertEqual(made["name"], "Zoe Zimmer")
        card = self.desk.ask("POST", "/v1/payment_methods/pm_card_visa/attach", customer=made["id"])
        paid = self.desk.ask("POST", "/v1/payment_intents", amount=4200, currency="eur", customer=made["id"],
                             payment_method=card["id"], confirm="true", return_url="https://example.org")
        self.desk.ask("POST", "/v1/refunds", payment_intent=paid["id"], amount=200)
        found = at + "keys /\n:type zimmer\nkeys Enter\n:expect 1 of 1\n"
        screen = self.desk.script(found + "keys +\n:type Calls on Mondays.\nkeys Ctrl-s\n:expect done\n"
                                  ":expect Calls on Mondays.\n:expect Refunds\n:wait idle\n:screen -\n",
                                  "--size", "160x70")
        for said in ("visa 4242", card["id"], "42.00 EUR  partially_refunded", "2.00 EUR  succeeded", "Customer made"):
            self.assertIn(said, screen)
        # The card's id leads to its customer.
        self.desk.script(f":wait synced\nkeys :\n:type {card['id']}\nkeys Enter\n:expect Zoe Zimmer\n"
                         ":expect Payment methods\n", "--size", "160x70")
        self.desk.script(found + "keys :\n:type delete\nkeys Enter\n:type zoe\nkeys Ctrl-s\n"
                         ":expect This is not what is to be typed\nkeys Ctrl-u\n:type Zoe Zimmer\nkeys Ctrl-s\n"
                         ":expect done\n:expect none\n", "--size", "160x70")
        self.assertTrue(self.desk.ask("GET", f"/v1/customers/{made['id']}")["deleted"])

    def test_audit(self):
        """/acts/audit-log-says-who-did-what-and-who-was-not-let"""
        self.desk.ask("POST", "/v1/webhook_endpoints", url="https://example.org/hook", **{"enabled_events[]": "*"})
        entry = self.desk.ask("GET", "/v1/kontor/audit_log?limit=1")["data"][0]
        screen = self.desk.script(":wait synced\nkeys g L\n:wait idle\nkeys /\n:type action:" + entry["action"]
                                  + "\nkeys Enter\n:expect 1 of 1\n:expect verified\n:screen -\n", "--size", "160x60")
        self.assertIn(entry["target"], screen)
        self.assertRegex(screen, r"Outcome +ok")
        self.assertIn(entry["hash"][:30], screen)
        self.assertIn('"verified": true', screen)

    def test_seal(self):
        """/acts/a-journal-entry-tells-in-which-block-it-is-sealed"""
        self.desk.script(":wait synced\nkeys g b\n:wait idle\nkeys Enter\n:expect in signed block\n",
                         "--size", "160x60", copy="seal")
        answer = self.desk.ask("GET", "/v1/kontor/ledger_entries/entry_1")
        self.assertTrue(answer["sealed"])
        self.assertEqual(answer["block"]["number"], 1)
        for id in ("entry_0", "entry_99999999", "entry_1x", "txn_1"):
            self.assertIn("ledger_entry", self.desk.ask("GET", "/v1/kontor/ledger_entries/" + id, status=404)
                          ["error"]["message"])

    def test_log(self):
        """/acts/a-request-leads-to-what-came-of-it"""
        made = self.desk.ask("POST", "/v1/payment_intents", amount=5000, currency="eur", payment_method="pm_card_visa",
                             confirm="true", return_url="https://example.org")
        self.desk.ask("GET", "/v1/customers/cus_nobody", status=404)
        screen = self.desk.script(":wait synced\nkeys g l\n:wait idle\nkeys /\n:type path:payment_intents class:2xx\n"
                                  "keys Enter\n:wait idle\nkeys Enter\n:expect charge.succeeded\n:screen -\n",
                                  "--size", "160x60")
        self.assertIn(made["id"], screen)
        self.assertIn("1 of 1", screen)
        self.desk.script(":wait synced\nkeys g l\n:wait idle\nkeys /\n:type status:404\nkeys Enter\n:expect 1 of 1\n"
                         ":expect resource_missing\n", "--size", "160x60")
        screen = self.desk.script(":wait synced\nkeys g l\n:wait idle\nkeys /\n:type method:post\nkeys Enter\n"
                                  ":expect 1 of 1\nkeys y j j Enter\n:wait idle\n:screen -\n", "--size", "200x60")
        self.assertIn(f"curl {self.desk.server.base}/v1/payment_intents -u", screen)
        self.assertIn("--data-urlencode 'amount=5000'", screen)

    def test_offline(self):
        """/acts/without-a-server-all-can-be-read-and-nothing-done"""
        self.desk.script(":wait synced\n")
        self.desk.server.stop()
        self.desk.script(":expect OFFLINE\n:wait idle\n:expect succeeded\nkeys Enter\n:expect Latest charge\n"
                         "keys R\n:expect This needs the server\n")


if __name__ == "__main__":
    tap.main()
