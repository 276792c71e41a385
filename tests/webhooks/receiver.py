"""receiver.py: a server that events are sent to; how it behaves is its manner (manners.py).

It speaks HTTP over bare sockets, since most of what it must be able to do is forbidden to a server.
"""

import dataclasses
import json
import socket
import struct
import threading
import time

LONGEST_HEAD = 65536


@dataclasses.dataclass
class Arrival:
    """One request as it came in."""

    number: int       # of this receiver, from 0
    at: float         # time.monotonic() when its first byte was there
    connection: int   # which of the receiver's connections it came over, from 0
    nth: int          # which request of that connection, from 0
    path: str
    headers: dict     # names in lower case
    body: bytes
    status: int = None      # what it was answered
    done: float = None      # when that was about to be said

    @property
    def event(self):
        """The event that it told."""
        return json.loads(self.body)

    @property
    def id(self):
        """Of the event, as the headers say."""
        return self.headers["webhook-id"]

    @property
    def taken(self):
        """Whether the answer said so."""
        return self.status is not None and 200 <= self.status < 300


class Peer:
    """One connection, as a manner sees it."""

    def __init__(self, sock, number):
        self.sock = sock
        self.number = number
        self.buffer = b""
        self.began = None

    def receive(self):
        """More of what the other side sends; None when there is no more."""
        got = self.sock.recv(65536)
        if not got:
            return False
        if self.began is None:
            self.began = time.monotonic()
        self.buffer += got
        return True

    def request(self):
        """Reads the next request: (path, headers, body), or None when the other side is gone."""
        self.began = time.monotonic() if self.buffer else None
        while b"\r\n\r\n" not in self.buffer:
            if len(self.buffer) > LONGEST_HEAD or not self.receive():
                return None
        head, _, self.buffer = self.buffer.partition(b"\r\n\r\n")
        line, *fields = head.decode("latin-1").split("\r\n")
        headers = {name.strip().lower(): value.strip()
                   for name, _, value in (field.partition(":") for field in fields)}
        length = int(headers.get("content-length", 0))
        while len(self.buffer) < length:
            if not self.receive():
                return None
        body, self.buffer = self.buffer[:length], self.buffer[length:]
        return line.split(" ")[1], headers, body

    def send(self, data):
        """Sends bytes as they are."""
        self.sock.sendall(data)

    def reset(self):
        """Closes it so that the other side sees an error, not an end."""
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.sock.close()


class Receiver:
    """Listens on a port of the loopback address until it is stopped; one thread a connection."""

    def __init__(self, manner, tls=None, host="127.0.0.1", port=0):
        self.manner = manner
        self.tls = tls            # an ssl.SSLContext, or a function that takes the raw socket
        self.arrivals = []
        self.connections = 0      # accepted so far
        self.changed = threading.Condition()
        self.stopping = False
        self.peers = set()
        self.listener = socket.create_server((host, port), backlog=512)
        self.host, self.port = self.listener.getsockname()[:2]
        self.thread = threading.Thread(target=self._accept, daemon=True)
        self.thread.start()

    def url(self, path="/hook", host=None):
        """Where to send events to."""
        return f"{'https' if self.tls else 'http'}://{host or self.host}:{self.port}{path}"

    def stop(self):
        """Closes everything at once."""
        self.stopping = True
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        self.thread.join()
        for sock in list(self.peers):
            sock.close()

    def wait(self, holds, seconds=10):
        """Waits until @holds(arrivals) is true; returns whether it is."""
        with self.changed:
            return self.changed.wait_for(lambda: holds(self.arrivals), seconds)

    def wait_count(self, count, seconds=10):
        """Waits for that many arrivals; returns them."""
        self.wait(lambda arrivals: len(arrivals) >= count, seconds)
        return list(self.arrivals)

    def taken(self):
        """The arrivals that were answered with 2xx."""
        return [arrival for arrival in list(self.arrivals) if arrival.taken]

    def _accept(self):
        while not self.stopping:
            try:
                sock, _ = self.listener.accept()
            except OSError:
                return
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            number, self.connections = self.connections, self.connections + 1
            threading.Thread(target=self._serve, args=(sock, number), daemon=True).start()

    def _secure(self, sock):
        if self.tls is None or callable(self.tls):
            return self.tls(sock) if self.tls else sock
        return self.tls.wrap_socket(sock, server_side=True)

    def _serve(self, sock, number):
        self.peers.add(sock)
        try:
            peer = Peer(self._secure(sock), number)
            nth = 0
            while not self.stopping and self._take(peer, nth):
                nth += 1
            peer.sock.close()
        except OSError:
            pass
        finally:
            self.peers.discard(sock)
            sock.close()

    def _take(self, peer, nth):
        request = peer.request()
        if request is None:
            return False
        with self.changed:
            arrival = Arrival(len(self.arrivals), peer.began, peer.number, nth, *request)
            self.arrivals.append(arrival)
            self.changed.notify_all()
        try:
            return self.manner(peer, arrival)
        finally:
            with self.changed:
                self.changed.notify_all()


class Blackhole:
    """A port that takes connections in the kernel alone, or, when @full, not even there."""

    def __init__(self, full):
        self.listener = socket.socket()
        self.listener.bind(("127.0.0.1", 0))
        self.listener.listen(0 if full else 512)
        self.port = self.listener.getsockname()[1]
        self.fillers = []
        while full and len(self.fillers) < 4:
            filler = socket.socket()
            filler.setblocking(False)
            filler.connect_ex(("127.0.0.1", self.port))
            self.fillers.append(filler)

    def url(self, path="/hook"):
        """Where nobody answers."""
        return f"http://127.0.0.1:{self.port}{path}"

    def stop(self):
        """Gives the port back."""
        for sock in (self.listener, *self.fillers):
            sock.close()


class Closed:
    """A port where nobody listens, kept from anybody else."""

    def __init__(self):
        self.sock = socket.socket()
        self.sock.bind(("127.0.0.1", 0))
        self.port = self.sock.getsockname()[1]

    def url(self, path="/hook"):
        """Where connections are refused."""
        return f"http://127.0.0.1:{self.port}{path}"

    def stop(self):
        """Gives the port back."""
        self.sock.close()
