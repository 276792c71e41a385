#!/usr/bin/env python3
"""Writes an SQL file as a C string: embed.py OUT NAME FILE"""
import json
import sys

out, name, file = sys.argv[1:]
lines = open(file, encoding="utf-8").read().splitlines()
with open(out, "w", encoding="utf-8") as header:
    header.write("/* Made by core/replica/embed.py. */\n")
    header.write(f"static const char {name}[] =\n")
    header.write("\n".join("  " + json.dumps(line + "\n", ensure_ascii=False) for line in lines) + ";\n")
