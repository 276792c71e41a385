"""snapshot_test.py: a file to begin a copy with: whole, of one moment, and taken up where it broke off."""

import gzip
import http.client
import os
import socket
import tempfile
import threading
import time
import unittest

import tap
from copy_of import Chance, Client, Copy, Refused, nouns, truth
from kontord import Server

PATH = "/v1/kontor/sync/snapshot"


class Snapshot(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server()
        cls.client = Client(cls.server)
        chance = Chance(cls.client, 1)
        for _ in range(150):
            chance.step()

    @classmethod
    def tearDownClass(cls):
        cls.server.stop()
        cls.server.remove()

    def test_it_says_what_it_is(self):
        """/snapshot/it-says-what-it-is"""
        copy = Copy(self.client)
        meta = copy.fetch()
        self.assertEqual(nouns(copy), truth(self.server))
        self.assertEqual((meta["scope"], meta["livemode"], meta["schema"]), ("2", "0", "1"))
        self.assertEqual(meta["account"], self.client.get("/v1/account")["id"])
        self.assertIn("payment_intent", meta["role"].split())
        before = dict(copy.rows)
        copy.pull()
        self.assertEqual({kind for kind, _ in copy.rows.keys() - before.keys()} - {"request_log"},
                         set())

    def test_it_goes_on_where_it_broke_off(self):
        """/snapshot/it-goes-on-where-it-broke-off"""
        _, headers, whole = self.client.ask("GET", PATH)
        tag = headers["ETag"]
        cases = [("bytes=100-", 206, whole[100:]), ("bytes=0-9", 206, whole[:10]),
                 ("bytes=-7", 206, whole[-7:]), (f"bytes={len(whole) - 1}-", 206, whole[-1:]),
                 ("bytes=5-4000000000", 206, whole[5:])]
        for text, status, wanted in cases:
            got = self.client.ask("GET", PATH, headers={"Range": text, "If-Range": tag})
            self.assertEqual((got[0], got[2]), (status, wanted), text)
        for text in (f"bytes={len(whole)}-", "bytes=9-5", "lines=1-", "bytes=1-2,4-5"):
            with self.assertRaises(Refused) as caught:
                self.client.ask("GET", PATH, headers={"Range": text, "If-Range": tag})
            self.assertEqual(caught.exception.status, 416)
            self.assertEqual(caught.exception.headers["Content-Range"], f"bytes */{len(whole)}")
        for headers in ({"Range": "bytes=100-"}, {"Range": "bytes=100-", "If-Range": '"other"'}):
            status, _, body = self.client.ask("GET", PATH, headers=headers)
            self.assertEqual((status, body[:15]), (200, b"SQLite format 3"))

    def test_it_is_packed_when_asked(self):
        """/snapshot/it-is-packed-when-asked"""
        _, plain, whole = self.client.ask("GET", PATH)
        _, headers, packed = self.client.ask("GET", PATH, headers={"Accept-Encoding": "gzip"})
        self.assertEqual(headers["Content-Encoding"], "gzip")
        self.assertNotEqual(headers["ETag"], plain["ETag"])
        self.assertEqual(gzip.decompress(packed), whole)
        rest = self.client.ask("GET", PATH, headers={
            "Accept-Encoding": "gzip", "Range": "bytes=50-", "If-Range": headers["ETag"]})[2]
        self.assertEqual(rest, packed[50:])

    def test_a_head_tells_its_size(self):
        """/snapshot/a-head-tells-its-size"""
        connection = http.client.HTTPConnection(self.server.host, self.server.port, timeout=30)
        for _ in range(2):
            connection.request("HEAD", PATH, headers={"Authorization": "Bearer " + self.client.key})
            reply = connection.getresponse()
            self.assertEqual(reply.read(), b"")
            self.assertGreater(int(reply.headers["Content-Length"]), 4096)
        connection.request("GET", "/v1/account",
                           headers={"Authorization": "Bearer " + self.client.key})
        self.assertEqual(connection.getresponse().status, 200)
        connection.close()

    def test_it_is_of_one_moment_while_the_server_writes(self):
        """/snapshot/it-is-of-one-moment-while-the-server-writes"""
        server = Server()
        stop, counts = threading.Event(), []

        def write(number):
            chance = Chance(Client(server), number)
            while not stop.is_set():
                chance.step()
                counts.append(1)

        threads = [threading.Thread(target=write, args=(i,)) for i in range(6)]
        for thread in threads:
            thread.start()
        client = Client(server)
        copies = []
        for _ in range(4):
            copy = Copy(client)
            with tempfile.NamedTemporaryFile() as file:
                # Each a fresh one: a key that sees the same gets the same file for a while.
                key = server.key(kind="restricted", flags=["--scopes", " ".join(
                    ["kontor_read"] + SCOPES[:len(SCOPES) - len(copies)])])
                copy.client = Client(server, key)
                file.write(copy.client.ask("GET", PATH)[2])
                file.flush()
                copy.load(file.name)
            for _, (_, _, charge) in copy.of("charge").items():
                self.assertIn(("payment_intent", charge["payment_intent"]), copy.rows)
            copies.append(copy)
            time.sleep(0.5)
        stop.set()
        for thread in threads:
            thread.join()
        right = truth(server)
        for copy in copies:
            copy.pull()
            seen = {place: row for place, row in right.items()
                    if place[0] in {kind for kind, _ in copy.rows}}
            self.assertEqual(nouns(copy), seen)
        self.assertGreater(len(counts), 200)
        server.stop()
        self.assertEqual(os.path.exists(os.path.join(server.data_dir, "snapshots")), False)
        server.remove()

    def test_who_takes_nothing_holds_nobody_up(self):
        """/snapshot/who-takes-nothing-holds-nobody-up"""
        idle = []
        for _ in range(8):
            one = socket.create_connection((self.server.host, self.server.port))
            one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
            one.sendall(f"GET {PATH} HTTP/1.1\r\nHost: k\r\n"
                        f"Authorization: Bearer {self.client.key}\r\n\r\n".encode())
            idle.append(one)
        begun = time.monotonic()
        for _ in range(20):
            self.client.get("/v1/account")
        self.assertLess(time.monotonic() - begun, 5)
        self.assertEqual(self.client.ask("GET", PATH)[2][:15], b"SQLite format 3")
        for one in idle:
            one.close()


SCOPES = ["payment_intents_read", "charges_read", "customers_read", "payment_methods_read",
          "setup_intents_read", "balance_read", "events_read"]

if __name__ == "__main__":
    tap.main()
