"""Collects figures round by round, and sets them beside what the project promises."""

import statistics


class Figures:
    """Samples by name; a ratio pairs what was measured in the same round, since machines drift."""

    def __init__(self):
        self.samples = {}

    def add(self, name, sample):
        """Appends one round's sample, a dict of figures."""
        self.samples.setdefault(name, []).append(sample)

    def has(self, *names):
        """Whether each of these was measured."""
        return all(name in self.samples for name in names)

    def median(self, name, field="rps"):
        """The middle of a figure over its rounds, or None."""
        values = [sample[field] for sample in self.samples.get(name, []) if field in sample]
        return statistics.median(values) if values else None

    def ratio(self, name, to):
        """The middle of the rounds' own ratios."""
        if not self.has(name, to):
            return None
        return statistics.median(a["rps"] / b["rps"]
                                 for a, b in zip(self.samples[name], self.samples[to]))


def ratio_of(name, to):
    """A promise about a rate beside another rate of the same round."""
    return lambda figures: figures.ratio(name, to)


def work_beside(name, to):
    """A promise about what a processor gets done beside what it gets done of something else."""
    def value(figures):
        if not figures.has(name, to):
            return None
        return statistics.median(b["cpu_us"] / a["cpu_us"]
                                 for a, b in zip(figures.samples[name], figures.samples[to]))
    return value


def figure(name, field, per=1):
    """A promise about a figure itself, in units of @per."""
    def value(figures):
        median = figures.median(name, field)
        return None if median is None else median / per
    return value


MIB = 1024 * 1024

# What is promised, how it is computed, and the bound: ">=" at least, "<" below, "<=" at most.
BARS = [
    ("payments, 64 connections, × pgbench TPC-B", ratio_of("payments-64", "pgbench"),
     ">=", 2.0, "×"),
    ("payments, 64 connections, × do-nothing libsoup", ratio_of("payments-64", "soup-post-64"),
     ">=", 0.6, "×"),
    ("reads, 64 connections, × do-nothing libsoup", ratio_of("reads-64", "soup-get-64"),
     ">=", 0.6, "×"),
    ("payments, 32 connections, p99", figure("payments-32", "p99_us", 1000), "<", 50, "ms"),
    ("payments, 64 connections, p99", figure("payments-64", "p99_us", 1000), "<", 50, "ms"),
    ("payments, 128 connections, p99", figure("payments-128", "p99_us", 1000), "<", 50, "ms"),
    ("payments, full database × empty one", ratio_of("stored", "empty"), ">=", 0.7, "×"),
    ("stored per payment", figure("size", "bytes"), "<=", 2500, "bytes"),
    ("cold start to first answer, empty database", figure("start-empty", "ms"), "<", 150, "ms"),
    ("cold start to first answer, full database", figure("start-full", "ms"), "<", 150, "ms"),
    ("memory at rest, after start", figure("memory-start", "rss", MIB), "<", 64, "MiB"),
    ("memory at rest, after the load", figure("memory-load", "rss", MIB), "<", 64, "MiB"),
    ("event to its receiver's first byte, p99", figure("first-byte-alone", "p99_us", 1000),
     "<=", 20, "ms"),
    ("deliveries per core, 1 endpoint, × empty libsoup loop",
     work_beside("deliveries-1", "empty-loop-1"), ">=", 0.5, "×"),
    ("deliveries per core, 100 endpoints, × empty libsoup loop",
     work_beside("deliveries-100", "empty-loop-100"), ">=", 0.5, "×"),
    ("deliveries per core, 10,000 endpoints, × empty libsoup loop",
     work_beside("deliveries-10000", "empty-loop-10000"), ">=", 0.5, "×"),
    ("memory after queueing a million deliveries", figure("queueing", "rss", MIB),
     "<=", 256, "MiB"),
    ("memory with them, started anew", figure("queue", "rss", MIB), "<=", 256, "MiB"),
    ("memory with them, under load", figure("queue-load", "rss", MIB), "<=", 256, "MiB"),
    ("payments with them × without", ratio_of("payments-queue", "payments-plain"),
     ">=", 0.9, "×"),
    ("console: index of a million payments, read", figure("index-load", "ms"), "<=", 2500, "ms"),
    ("console: the same, mapped from its file", figure("index-map", "ms"), "<=", 150, "ms"),
    ("console: slowest search", figure("index-query", "ms"), "<=", 60, "ms"),
    ("console: slowest letter typed", figure("index-typing", "ms"), "<=", 60, "ms"),
    ("console: slowest first order by a column", figure("index-order", "ms"), "<=", 60, "ms"),
    ("console: 1,000 changes", figure("index-changes", "ms"), "<=", 150, "ms"),
    ("console: memory of the index", figure("index-memory", "mb"), "<=", 90, "MB"),
    ("terminal: start to first rows, no saved index", figure("tui-start-unsaved", "ms"), "<=", 150, "ms"),
    ("terminal: start to first rows", figure("tui-start", "ms"), "<=", 150, "ms"),
    ("terminal: a key, p95", figure("tui-move", "p95_ms"), "<=", 10, "ms"),
    ("terminal: a letter of a search, median", figure("tui-letter", "p50_ms"), "<=", 50, "ms"),
    ("terminal: bytes a key, moving", figure("tui-move", "bytes_a_key"), "<=", 700, "bytes"),
    ("terminal: bytes of a new screen", figure("tui-page", "bytes_a_key"), "<=", 3000, "bytes"),
    ("terminal: processor when idle", figure("tui-idle", "percent"), "<", 0.5, "%"),
    ("terminal: memory", figure("tui-memory", "bytes", 1e6), "<=", 220, "MB"),
]

# Ratios that explain, without a bound: what is compared and with what.
ASIDES = [
    ("payments, 64 connections, × bare event loop", "payments-64", "epoll-64"),
    ("payments, 64 connections, × fdatasync rate", "payments-64", "fdatasync"),
    ("payments, 64 connections, × bare writer", "payments-64", "writer"),
    ("payments, 32 connections, × do-nothing libsoup", "payments-32", "soup-post-32"),
    ("payments, 128 connections, × do-nothing libsoup", "payments-128", "soup-post-128"),
    ("reads, 64 connections, × bare event loop", "reads-64", "epoll-64"),
    ("bare writer × pgbench TPC-B", "writer", "pgbench"),
]

# The same for what takes time: the figure, and what it is beside.
BESIDE = [
    ("terminal: first rows × bare ncurses", ("tui-start", "ms"), ("curses-start", "ms")),
    ("terminal: a key × bare ncurses", ("tui-move", "p50_ms"), ("curses-move", "p50_ms")),
    ("terminal: bytes of a new screen × bare ncurses", ("tui-page", "bytes_a_key"),
     ("curses-page", "bytes_a_key")),
    ("console: index read × SQLite reading every body", ("index-load", "ms"), ("scan-bodies", "ms")),
    ("console: slowest search × SQLite's LIKE", ("index-query", "ms"), ("scan-like", "ms")),
]

HOLDS = {">=": lambda value, bound: value >= bound,
         "<": lambda value, bound: value < bound,
         "<=": lambda value, bound: value <= bound}


def number(value):
    """Three digits that matter, thousands apart."""
    if value is None:
        return "–"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.2f}" if abs(value) < 10 \
        else f"{value:.1f}"


def table(rows, head):
    """Lines up columns: the first to the left, the others to the right."""
    rows = [head, *rows]
    widths = [max(len(row[i]) for row in rows) for i in range(len(head))]
    lines = ["  ".join(cell.ljust(width) if i == 0 else cell.rjust(width)
                       for i, (cell, width) in enumerate(zip(row, widths))).rstrip()
             for row in rows]
    return "\n".join([lines[0], "─" * len(lines[0]), *lines[1:]])


def absolute_rows(figures):
    """Every rate with its latencies and what a request cost the server's processor."""
    for name, samples in figures.samples.items():
        if "rps" not in samples[0]:
            continue
        rates = [sample["rps"] for sample in samples]
        micro = {field: figures.median(name, field)
                 for field in ("p50_us", "p99_us", "max_us", "cpu_us")}
        yield [name, number(statistics.median(rates)),
               f"{number(min(rates))} – {number(max(rates))}",
               *[number(value / 1000 if value is not None else None)
                 for value in (micro["p50_us"], micro["p99_us"], micro["max_us"])],
               number(micro["cpu_us"])]


def other_rows(figures):
    """The figures that are no rate."""
    for name, samples in figures.samples.items():
        if "rps" in samples[0]:
            continue
        values = {field: figures.median(name, field) for field in samples[0]}
        yield [name, ", ".join(f"{field} {value:,.0f}" for field, value in values.items())]


def report(figures, is_whole):
    """Prints all tables; returns whether every promise is kept. Of a part, what was measured."""
    kept, rows = True, []
    for name, compute, sign, bound, unit in BARS:
        value = compute(figures)
        if value is None:
            if is_whole:
                rows.append([name, "–", f"{sign} {bound:,} {unit}", "not measured"])
            continue
        holds = HOLDS[sign](value, bound)
        kept = kept and holds
        rows.append([name, f"{number(value)} {unit}", f"{sign} {bound:,} {unit}",
                     "PASS" if holds else "FAIL"])
    rates = list(absolute_rows(figures))
    if rates:
        print("\n" + table(rates, ["rates (medians)", "per second", "lowest – highest", "p50 ms",
                                   "p99 ms", "max ms", "CPU µs each"]))
    others = list(other_rows(figures))
    if others:
        print("\n" + table(others, ["other figures (medians)", ""]))
    asides = [[name, number(figures.ratio(a, b)) + " ×"] for name, a, b in ASIDES
              if figures.has(a, b)]
    asides += [[name, number(figures.median(*a) / figures.median(*b)) + " ×"] for name, a, b in BESIDE
               if figures.has(a[0], b[0])]
    if asides:
        print("\n" + table(asides, ["ratios without a bound", ""]))
    if rows:
        print("\n" + table(rows, ["promise", "measured", "bound", "verdict"]))
    return kept
