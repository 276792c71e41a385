"""Measures how fast events reach their endpoints, and what a queue of them costs everybody else."""

import http.client
import json
import os
import pathlib
import shutil
import socket
import sqlite3
import statistics
import time
import urllib.parse

from programs import BenchError, run

SETTINGS = {"KONTOR_WEBHOOK_ALLOW": "127.0.0.0/8"}
CROWDS = {1: 20000, 100: 30000, 10000: 50000}  # endpoints, and deliveries to all of them together
LOOP_CONNECTIONS = {1: 16, 100: 64, 10000: 64}
PATIENCE_S = 300
SAMPLES = 150
PAUSE_S = 0.1
DEAD = 1000
QUEUED_EVENTS, QUEUED_ENDPOINTS = 20000, 50  # a million deliveries


class Payer:
    """One keep-alive connection that makes objects, one after the other."""

    def __init__(self, kontor):
        self.key = kontor.key
        self.connection = http.client.HTTPConnection(kontor.host, kontor.port, timeout=30)
        self.connection.connect()
        self.connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def post(self, path, **params):
        """One call; returns the answer and when it was sent and had come."""
        began = time.monotonic_ns()
        self.connection.request("POST", path, urllib.parse.urlencode(params),
                                {"Authorization": f"Bearer {self.key}",
                                 "Content-Type": "application/x-www-form-urlencoded"})
        reply = self.connection.getresponse()
        body = reply.read()
        ended = time.monotonic_ns()
        if reply.status != 200:
            raise BenchError(f"POST {path}: {reply.status} {body[:300]!r}")
        return json.loads(body), began, ended


def make_many(bench, kontor, path, body, count):
    """So many objects of one sort, fast."""
    sample = json.loads(run([bench.programs / "load", "--url", kontor.url + path, "--connections",
                             16, "--requests", count, "--body", body, *kontor.headers()]))
    if set(sample["status"]) != {"200"}:
        raise BenchError(f"POST {path} was answered with {sample['status']}")


def hook_body(url):
    """The form of an endpoint that wants new customers."""
    return urllib.parse.urlencode({"url": url, "enabled_events[]": "customer.created"})


def database(kontor):
    """The database of a server, for looking or, when it is stopped, for writing."""
    return sqlite3.connect(kontor.data_dir / "kontor.db", timeout=30)


def ask(kontor, sql):
    """One number from a server's database."""
    connection = database(kontor)
    try:
        return connection.execute(sql).fetchone()[0]
    finally:
        connection.close()


def empty(data_dir):
    """Takes the queue out of a stopped server's database, and nothing else."""
    connection = sqlite3.connect(data_dir / "kontor.db")
    connection.execute("DELETE FROM webhook_deliveries")
    connection.commit()
    connection.close()


def queue_again(kontor):
    """Puts every event into the outbox of a stopped server, as if it had stopped right after."""
    connection = database(kontor)
    connection.execute(
        "INSERT INTO webhook_outbox (event) SELECT e.key FROM events e JOIN event_types t"
        " ON t.number = e.type WHERE t.name = 'customer.created' ORDER BY e.key")
    connection.commit()
    connection.close()


def wait_for(what, holds):
    """Waits until it holds, at most for a patient while."""
    until = time.monotonic() + PATIENCE_S
    while not holds():
        if time.monotonic() > until:
            raise BenchError(f"waited in vain for {what}")
        time.sleep(0.05)


def arrivals(trace):
    """When each request came to the sink, and which object it told of."""
    lines = pathlib.Path(trace).read_text(encoding="ascii").splitlines()
    return [(int(moment), id) for moment, id in (line.split() for line in lines)]


def forget(kontor):
    """Takes back, in a stopped server's database, that anything was sent."""
    connection = database(kontor)
    for table in ("deliveries", "attempts", "health"):
        connection.execute(f"DELETE FROM webhook_{table}")
    connection.commit()
    connection.close()


def wait_until_handed_over(kontor):
    """Waits until every delivery stands in a row."""
    wait_for("the outbox", lambda: ask(kontor, "SELECT count(*) FROM webhook_outbox") == 0)


def wait_until_delivered(kontor):
    """Waits until nothing is left to be sent."""
    wait_until_handed_over(kontor)
    wait_for("the deliveries", lambda: ask(
        kontor, "SELECT NOT EXISTS (SELECT 1 FROM webhook_deliveries WHERE state = 0)"))


def deliver(bench, endpoints, turn):
    """Deliveries a second to a local sink, of a queue that is there when the server starts."""
    name = f"deliver-{endpoints}-{turn}"
    trace = bench.home / f"{name}.trace"
    sink = bench.sink(trace)
    kontor = bench.kontor(name, SETTINGS)
    wanted = CROWDS[endpoints]
    make_many(bench, kontor, "/v1/webhook_endpoints", hook_body(sink.url + "/hook"), endpoints)
    make_many(bench, kontor, "/v1/customers", "name=Somebody", wanted // endpoints)
    wait_until_delivered(kontor)
    newest = kontor.get("/v1/events?limit=1&type=customer.created")["data"][0]
    bench.stop(kontor)
    os.truncate(trace, 0)
    forget(kontor)
    queue_again(kontor)
    kontor = bench.kontor(name, SETTINGS)
    wait_until_delivered(kontor)
    cpu_s = kontor.cpu_seconds()
    bench.stop(kontor)
    bench.stop(sink)
    came = arrivals(trace)
    done = ask(kontor, "SELECT count(*) FROM webhook_deliveries WHERE state = 2")
    if done != wanted or len(came) < wanted:
        raise BenchError(f"{done} of {wanted} deliveries succeeded, {len(came)} requests came")
    shutil.rmtree(kontor.data_dir)
    seconds = (came[-1][0] - came[0][0]) / 1e9
    return {"rps": wanted / seconds, "cpu_us": cpu_s * 1e6 / wanted,
            "payload": len(json.dumps(newest, separators=(",", ":")))}


def loop(bench, endpoints, size):
    """What a libsoup client reaches that does nothing but post."""
    sink = bench.sink(bench.home / "loop.trace")
    sample = json.loads(run([bench.programs / "soup-post", sink.url + "/hook",
                             LOOP_CONNECTIONS[endpoints], bench.options.seconds, size]))
    bench.stop(sink)
    (bench.home / "loop.trace").unlink()
    if sample.pop("failed"):
        raise BenchError("the empty loop failed")
    return sample


def percentiles(values):
    """The middle, the slow ones and the slowest of some nanoseconds, as microseconds."""
    ordered = sorted(value / 1000 for value in values)
    return {"p50_us": statistics.median(ordered), "max_us": ordered[-1],
            "p99_us": ordered[min(len(ordered) - 1, round(len(ordered) * 0.99))]}


def latency(bench, kontor, trace):
    """From the moment a request is sent to the first byte of its event at the receiver.

    That holds the way to the commit as well, so it says more than is promised. What counts from
    the answer, which comes right after the commit, stands beside it.
    """
    payer, made = Payer(kontor), {}
    for _ in range(SAMPLES):
        customer, began, ended = payer.post("/v1/customers", name="Somebody")
        made[customer["id"]] = began, ended
        time.sleep(PAUSE_S)
    wait_for("the last events", lambda: len(made.keys() & {id for _, id in arrivals(trace)})
             == SAMPLES)
    first = {}
    for moment, id in arrivals(trace):
        first.setdefault(id, moment)
    sample = percentiles([first[id] - began for id, (began, _) in made.items()])
    answered = percentiles([max(0, first[id] - ended) for id, (_, ended) in made.items()])
    return {**sample, "answer_p50_us": answered["p50_us"], "answer_p99_us": answered["p99_us"]}


def dead_urls(home):
    """Half of them refuse connections, half take them and never answer; and who keeps it so."""
    refusing, silent = socket.socket(), socket.socket()
    refusing.bind(("127.0.0.1", 0))
    silent.bind(("127.0.0.1", 0))
    silent.listen(1024)
    return [f"http://127.0.0.1:{each.getsockname()[1]}/hook" for each in (refusing, silent)], \
        [refusing, silent]


def bench_dead(bench):
    """What a healthy endpoint notices of a thousand dead ones."""
    bench.say(f"commit to first byte, alone and beside {DEAD:,} dead endpoints")
    for turn in range(bench.options.rounds):
        trace = bench.home / f"dead-{turn}.trace"
        sink = bench.sink(trace)
        kontor = bench.kontor(f"dead-{turn}", SETTINGS)
        make_many(bench, kontor, "/v1/webhook_endpoints", hook_body(sink.url + "/hook"), 1)
        Payer(kontor).post("/v1/customers", name="Somebody")
        bench.measure("first-byte-alone", latency, bench, kontor, trace)
        urls, sockets = dead_urls(bench.home)
        for url in urls:
            make_many(bench, kontor, "/v1/webhook_endpoints", hook_body(url), DEAD // len(urls))
        bench.measure("first-byte-dead", latency, bench, kontor, trace)
        bench.stop(kontor)
        bench.stop(sink)
        for each in sockets:
            each.close()


def bench_deliveries(bench):
    """The sender beside an empty loop, in turns."""
    for turn in range(bench.options.rounds):
        for endpoints in CROWDS:
            bench.say(f"deliveries to {endpoints:,} endpoints")
            sample = bench.measure(f"deliveries-{endpoints}", deliver, bench, endpoints, turn)
            bench.measure(f"empty-loop-{endpoints}", loop, bench, endpoints, sample["payload"])


def settle(kontor):
    """Waits until the queue stands in rows and the endpoints are known to be dead."""
    wait_until_handed_over(kontor)
    time.sleep(2)


def bench_queue(bench):
    """A million deliveries that wait: what the server holds in memory, and what payments notice."""
    bench.say("queueing a million deliveries")
    kontor = bench.kontor("queue", SETTINGS)
    (refusing, _), sockets = dead_urls(bench.home)
    make_many(bench, kontor, "/v1/webhook_endpoints", hook_body(refusing), QUEUED_ENDPOINTS)
    make_many(bench, kontor, "/v1/customers", "name=Somebody", QUEUED_EVENTS)
    settle(kontor)
    bench.measure("queueing", lambda: {"rss": kontor.memory()[0]})
    bench.stop(kontor)
    shutil.copytree(kontor.data_dir, bench.home / "plain")
    empty(bench.home / "plain")
    kontor = bench.kontor("queue", SETTINGS)
    settle(kontor)
    waiting = ask(kontor, "SELECT count(*) FROM webhook_deliveries WHERE state < 2")
    bench.measure("queue", lambda: {"deliveries": waiting, "rss": kontor.memory()[0]})
    bench.stop(kontor)
    kontor, plain = bench.kontor("queue", SETTINGS), bench.kontor("plain", SETTINGS)
    for _ in range(bench.options.rounds + 2):
        bench.measure("payments-plain", bench.pay, plain, 64)
        bench.measure("payments-queue", bench.pay, kontor, 64)
    bench.measure("queue-load", lambda: {"rss": kontor.memory()[0]})
    bench.stop(kontor)
    bench.stop(plain)
    for each in sockets:
        each.close()


def bench_webhooks(bench):
    """All of it."""
    os.sync()
    bench_dead(bench)
    bench_deliveries(bench)
    bench_queue(bench)
