"""manners.py: what receivers may do to those who send them events.

A manner is called with the peer and the arrival, sends what it likes, and returns whether the
connection lives on.
"""

import random
import time


def say(peer, arrival, status, headers=(), body=b"ok\n", keep=True):
    """A proper answer."""
    lines = [f"HTTP/1.1 {status} Because", f"Content-Length: {len(body)}", *headers]
    if not keep:
        lines.append("Connection: close")
    arrival.done, arrival.status = time.monotonic(), status
    peer.send("\r\n".join([*lines, "", ""]).encode("latin-1") + body)
    return keep


def answering(status, headers=(), body=b"ok\n", keep=True):
    """The same proper answer each time."""
    return lambda peer, arrival: say(peer, arrival, status, headers, body, keep)


taking = answering(200)


def by_turns(*manners):
    """One manner for the first arrival, another for the second…; the last one stays."""
    def manner(peer, arrival):
        return manners[min(arrival.number, len(manners) - 1)](peer, arrival)
    return manner


def flapping(fail, of, status=500):
    """Of so many arrivals in a row, the first some fail."""
    def manner(peer, arrival):
        return say(peer, arrival, status if arrival.number % of < fail else 200)
    return manner


def moody(chance, seed):
    """Fails now and then in one of several ways."""
    moods = [answering(500), answering(503, ["Retry-After: 1"]), hanging_up, resetting,
             cut_in_head, answering(200, keep=False)]
    die = random.Random(seed)

    def manner(peer, arrival):
        return die.choice(moods)(peer, arrival) if die.random() < chance else taking(peer, arrival)
    return manner


def slow(seconds, then=taking):
    """Takes its time before it answers."""
    def manner(peer, arrival):
        time.sleep(seconds)
        return then(peer, arrival)
    return manner


def drip(peer, data, pause):
    """Sends byte by byte."""
    for i in range(len(data)):
        peer.send(data[i:i + 1])
        time.sleep(pause)


def dripping_head(pause):
    """An answer whose head does not come to its end."""
    def manner(peer, _arrival):
        drip(peer, b"HTTP/1.1 200 OK\r\nX-Long: " + b"a" * 2000, pause)
        return False
    return manner


def dripping_body(pause):
    """An answer whose body does not come to its end."""
    def manner(peer, _arrival):
        peer.send(b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n")
        drip(peer, b"a" * 5000, pause)
        return False
    return manner


def endless(status):
    """A body without an end, as fast as it is read."""
    def manner(peer, arrival):
        arrival.sent = 0
        peer.send(f"HTTP/1.1 {status} Because\r\nX-Mark: endless\r\n\r\n".encode())
        while arrival.sent < 1 << 30:
            peer.send(b"abcdefgh" * 1024)
            arrival.sent += 8192
        return False
    return manner


def giant_headers(peer, arrival):
    """Headers without an end."""
    arrival.sent = 0
    peer.send(b"HTTP/1.1 200 OK\r\n")
    while arrival.sent < 1 << 28:
        peer.send(b"X-Giant: " + b"a" * 8000 + b"\r\n")
        arrival.sent += 8011
    return False


def informing(peer, arrival):
    """Says more than once that an answer will come."""
    peer.send(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n")
    return say(peer, arrival, 200)


def sending(data, keep=False):
    """Sends bytes that may be no HTTP at all."""
    def manner(peer, _arrival):
        peer.send(data)
        return keep
    return manner


def hanging_up(_peer, _arrival):
    """Closes without a word."""
    return False


def resetting(peer, _arrival):
    """Breaks the connection off."""
    peer.reset()
    return False


cut_in_head = sending(b"HTTP/1.1 200 OK\r\nContent-Le")
cut_in_body = sending(b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\nhalf")
cut_in_chunk = sending(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1f4\r\nhalf")
garbage = sending(b"\x00\xff\x13SSH-2.0-OpenSSH_9.2\r\n\r\n\xde\xad\xbe\xef")
http_0_9 = sending(b"<html>taken</html>\n")


def without_length(peer, arrival):
    """An answer of the old kind, which ends with the connection."""
    arrival.done, arrival.status = time.monotonic(), 200
    peer.send(b"HTTP/1.0 200 OK\r\n\r\ntaken")
    return False


def leaving_when_used_again(peer, arrival):
    """Promises to keep the connection, and closes it on the next request, unread."""
    if arrival.nth == 0:
        say(peer, arrival, 200)
        peer.receive()
        peer.reset()
    return False


def leaving_after(seconds):
    """Promises to keep the connection, and closes it when it has been idle for a little."""
    def manner(peer, arrival):
        say(peer, arrival, 200)
        time.sleep(seconds)
        return False
    return manner
