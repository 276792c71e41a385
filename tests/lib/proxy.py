"""proxy.py: stands between a client and a server and does to their talk what networks do.

A fault is ordered by a method and done to the next requests that begin with some words ("POST /v1/kontor/ops");
what is set as an attribute holds for all until heal(). Many connections at a time, one thread each."""

import random
import select
import socket
import struct
import threading
import time

OPS = "POST /v1/kontor/ops"
FEED = "GET /v1/kontor/sync/changes"
SNAPSHOT = "GET /v1/kontor/sync/snapshot"
RESET = struct.pack("ii", 1, 0)  # close() then says RST instead of FIN


class Lost(Exception):
    """The connection is to end here, without a word."""


class Fault:
    """What is done to requests that begin with @of, so many @times."""

    def __init__(self, of, times, do):
        self.of, self.times, self.do = of.encode(), times, do


def read_message(sock, rest=b""):
    """The head and the body as they came, and what came behind them; Lost when it never ends."""
    data = rest
    while b"\r\n\r\n" not in data:
        data += receive(sock)
    head, _, body = data.partition(b"\r\n\r\n")
    fields = head.lower()
    if b"transfer-encoding: chunked" in fields:
        while (end := end_of_chunks(body)) is None:
            body += receive(sock)
        return head, body[:end], body[end:]
    length = 0
    if b"\r\ncontent-length:" in fields:
        length = int(fields.split(b"\r\ncontent-length:")[1].split(b"\r\n")[0])
    while len(body) < length:
        body += receive(sock)
    return head, body[:length], body[length:]


def receive(sock):
    try:
        data = sock.recv(65536)
    except OSError:
        data = b""
    if not data:
        raise Lost
    return data


def end_of_chunks(body):
    """Where a chunked body ends, or None while it has not."""
    at = 0
    while (stop := body.find(b"\r\n", at)) >= 0:
        size = int(body[at:stop].split(b";")[0], 16)
        at = stop + 2 + size + 2
        if size == 0:
            return at if at <= len(body) else None
    return None


def unchunk(head, body):
    """A reply whose length stands in its head."""
    if b"transfer-encoding: chunked" in head.lower():
        plain, at = b"", 0
        while True:
            stop = body.index(b"\r\n", at)
            size = int(body[at:stop].split(b";")[0], 16)
            if size == 0:
                break
            plain += body[stop + 2:stop + 2 + size]
            at = stop + 2 + size + 2
        body = plain
    drop = (b"transfer-encoding:", b"content-length:")
    lines = [line for line in head.split(b"\r\n") if not line.lower().startswith(drop)]
    return b"\r\n".join([*lines, b"Content-Length: %d" % len(body)]), body


class Proxy:
    """A network between a client and @server, of which @base is the client's end."""

    def __init__(self, server, seed=0):
        self.server = server
        self.random = random.Random(seed)
        self.lock = threading.Condition()
        self.faults, self.seen, self.open = [], [], set()
        self.waiting = None       # a request whose place another one is to take
        self.is_healthy()
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.base = f"http://127.0.0.1:{self.socket.getsockname()[1]}"
        threading.Thread(target=self.serve, daemon=True).start()

    def is_healthy(self):
        self.delay_s = 0          # before a request and before its answer
        self.rate = 0             # bytes a second; 0: as fast as can be
        self.loss = 0.0           # chance of a slice that the connection ends with it
        self.is_stalled = False   # nothing moves and nothing ends
        self.is_refused = False   # who comes is turned away

    # ----------------------------------------------------------------------------- orders

    def order(self, of, times, do):
        with self.lock:
            self.faults.append(Fault(of, times, do))

    def cut(self, at, of=FEED, times=1):
        """The answer ends after @at bytes of its body, or where @at(body) says."""
        def do(head, body, _):
            place = at(body) if callable(at) else at
            return head + b"\r\n\r\n" + body[:place], True
        self.order(of, times, do)

    def drop(self, of=OPS, times=1):
        """The request goes through, the answer does not come back."""
        self.order(of, times, lambda head, body, _: (b"", True))

    def repeat(self, of=OPS, times=1, last=True):
        """The request goes through twice; the second answer comes back, or the first."""
        def do(head, body, ask):
            other = ask()
            return b"\r\n\r\n".join(other if last else (head, body)), False
        self.order(of, times, do)

    def alter(self, change, of=FEED, times=1):
        """The answer's body comes back as @change(body) makes it."""
        def do(head, body, _):
            head, body = unchunk(head, body)
            return b"\r\n\r\n".join(unchunk(head, change(body))), False
        self.order(of, times, do)

    def answer(self, raw, of=OPS, times=1):
        """The server is not asked: @raw comes back, and the connection ends."""
        self.order(of, times, raw)

    def before(self, act, of=OPS, times=1):
        """@act() is done when the request is on its way, before the server has it."""
        def do(head, body, _):
            return b"\r\n\r\n".join((head, body)), False
        do.first = act
        self.order(of, times, do)

    def swap(self, of=OPS):
        """Of the next two requests the second reaches the server first, if it comes within a second."""
        do = lambda head, body, _: (b"\r\n\r\n".join((head, body)), False)
        do.first = self.let_pass
        self.order(of, 2, do)

    def let_pass(self):
        with self.lock:
            if self.waiting is None:
                self.waiting = threading.Event()
                held, first = self.waiting, True
            else:
                held, self.waiting, first = self.waiting, None, False
        if first:
            held.wait(1)
            with self.lock:
                self.waiting = None
        else:
            threading.Timer(0.05, held.set).start()

    def left(self):
        """How many faults are ordered and not done yet."""
        with self.lock:
            return sum(fault.times for fault in self.faults)

    def count(self, of):
        """How many requests have come that begin with @of."""
        with self.lock:
            return sum(line.startswith(of.encode()) for line in self.seen)

    def heal(self):
        """All works again; what hung is cut off."""
        with self.lock:
            self.faults.clear()
            self.is_healthy()
        self.break_off()

    def break_off(self):
        """Ends all that is open."""
        with self.lock:
            doomed = list(self.open)
        for sock in doomed:
            self.end(sock)

    def close(self):
        self.socket.close()
        self.break_off()

    # ------------------------------------------------------------------------------- work

    @staticmethod
    def end(sock):
        try:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
            sock.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass

    def serve(self):
        while True:
            try:
                sock, _ = self.socket.accept()
            except OSError:
                return
            threading.Thread(target=self.talk, args=(sock,), daemon=True).start()

    def talk(self, sock):
        """One client's connection: request after request."""
        with self.lock:
            self.open.add(sock)
        rest = b""
        try:
            while not self.is_refused:
                head, body, rest = read_message(sock, rest)
                if not self.exchange(sock, head, body):
                    break
        except (Lost, OSError):
            pass
        with self.lock:
            self.open.discard(sock)
        self.end(sock)
        sock.close()

    def exchange(self, sock, head, body):
        """One request and its answer; whether the connection goes on."""
        fault = self.take_fault(head)
        if isinstance(fault, bytes):
            self.send(sock, fault)
            return False
        if fault is not None and hasattr(fault, "first"):
            fault.first()
        request = head + b"\r\n\r\n" + body
        self.hold()
        answer, ends = self.ask(request, sock), False
        if fault is None:
            answer = b"\r\n\r\n".join(answer)
        else:
            answer, ends = fault(*answer, lambda: self.ask(request, sock))
        self.hold()
        self.send(sock, answer)
        return not ends

    def take_fault(self, head):
        with self.lock:
            self.seen.append(head.split(b"\r\n")[0])
            for fault in self.faults:
                if head.startswith(fault.of):
                    fault.times -= 1
                    if fault.times == 0:
                        self.faults.remove(fault)
                    return fault.do
        return None

    def hold(self):
        """What comes before each direction: a slow line, or one that stands still."""
        time.sleep(self.delay_s)
        while self.is_stalled:
            time.sleep(0.02)

    def ask(self, request, sock):
        """What the server answers: its head and body. Lost when either side goes away."""
        try:
            there = socket.create_connection((self.server.host, self.server.port))
        except OSError:
            raise Lost from None
        with there:
            there.sendall(request)
            while not select.select([there], [], [], 0.1)[0]:
                if select.select([sock], [], [], 0)[0]:  # nobody sends ahead: the client has gone
                    raise Lost
            head, body, _ = read_message(there)
            return head, body

    def send(self, sock, data):
        """In slices of a tenth of a second where the line is slow."""
        size = max(1, self.rate // 10) if self.rate else 1 << 16
        for at in range(0, len(data), size):
            if self.loss and self.random.random() < self.loss:
                raise Lost
            if self.rate:
                time.sleep(0.1)
            while self.is_stalled:
                time.sleep(0.02)
            sock.sendall(data[at:at + size])
            size = max(1, self.rate // 10) if self.rate else size
