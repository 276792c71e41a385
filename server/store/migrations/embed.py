#!/usr/bin/env python3
"""Writes the SQL migrations, in order, as one C header: embed.py OUT FILE…"""
import json
import re
import sys

out, files = sys.argv[1], sys.argv[2:]
rows = []
for number, name in enumerate(sorted(files, key=lambda f: f.rsplit("/", 1)[-1]), start=1):
    if not re.search(rf"/?{number:04d}-[a-z-]+\.sql$", name):
        sys.exit(f"{name}: migrations are numbered without a gap from 0001")
    lines = open(name, encoding="utf-8").read().splitlines()
    text = "\n".join("  " + json.dumps(line + "\n", ensure_ascii=False) for line in lines)
    rows.append("  {\n" + text + "\n  },\n")
with open(out, "w", encoding="utf-8") as header:
    header.write("/* Made by server/store/migrations/embed.py. */\n")
    header.write("static const struct { const char *sql; } kontor_migrations[] = {\n" + "".join(rows) + "};\n")
    header.write("static const unsigned kontor_n_migrations = sizeof kontor_migrations / sizeof *kontor_migrations;\n")
