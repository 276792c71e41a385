#!/usr/bin/env python3
"""check-format.py: clang-format's opinion, except where columns were aligned by hand.

clang-format closes up the columns of a table or a list of prototypes. A reader is better off with
them, so a line counts as formatted when it differs from clang-format's in inner runs of spaces alone.

Headers are only measured: their prototypes are aligned in ways that clang-format has no word for.

Without an argument it says what is wrong, with --fix it mends it, with --self-test it proves itself.
"""

import difflib
import os
import re
import subprocess
import sys

from tidy import ROOT, source_paths

WIDTH = 100


def squeeze(line):
    """@line with each run of spaces after its indentation as one, and none before punctuation."""
    indent = re.match(r' *', line)[0]
    return indent + re.sub(r' +(?=[,})])', '', re.sub(r' +', ' ', line[len(indent):]))


def merge(original, formatted):
    """@formatted, with the lines of @original that differ from it by alignment alone."""
    old, new = original.splitlines(True), formatted.splitlines(True)
    squeezed = [squeeze(line) for line in old], [squeeze(line) for line in new]
    merged = []
    for tag, i, j, k, m in difflib.SequenceMatcher(None, *squeezed, False).get_opcodes():
        merged += old[i:j] if tag == 'equal' else new[k:m]
    return ''.join(merged)


def too_wide(path):
    """The lines of a header that do not fit."""
    with open(os.path.join(ROOT, path), encoding='utf-8') as file:
        return [f'{path}:{number}: wider than {WIDTH} columns'
                for number, line in enumerate(file, 1) if len(line.rstrip('\n')) > WIDTH]


def main(fix):
    paths = source_paths()
    wide = [complaint for path in paths if path.endswith('.h') for complaint in too_wide(path)]
    if not fix:
        print('\n'.join(wide), end='\n' if wide else '')
    wrong = len(wide)
    for path in paths:
        if not path.endswith('.c'):
            continue
        full = os.path.join(ROOT, path)
        with open(full, encoding='utf-8') as file:
            original = file.read()
        formatted = subprocess.run(['clang-format', f'--assume-filename={full}'], input=original,
                                   capture_output=True, check=True, text=True).stdout
        merged = merge(original, formatted)
        if merged == original:
            continue
        wrong += 1
        if fix:
            with open(full, 'w', encoding='utf-8') as file:
                file.write(merged)
            print(f'formatted {path}')
        else:
            sys.stdout.writelines(difflib.unified_diff(
                original.splitlines(True), merged.splitlines(True), path, 'as ./dev fmt has it', n=1))
    return 0 if fix or not wrong else 1


CASES = [
    ('columns of a table stay', '  { "a",   b   },\n', '  { "a", b },\n', '  { "a",   b   },\n'),
    ('columns of prototypes stay', 'int  f  (void);\n', 'int f (void);\n', 'int  f  (void);\n'),
    ('a wrong indentation is mended', '    f ();\n', '  f ();\n', '  f ();\n'),
    ('a missing space is mended', 'f();\n', 'f ();\n', 'f ();\n'),
    ('a long line is broken', 'f (a, b);\nx;\n', 'f (a,\n   b);\nx;\n', 'f (a,\n   b);\nx;\n'),
]


def self_test():
    failed = 0
    print(f'1..{len(CASES)}')
    for number, (description, original, formatted, expected) in enumerate(CASES, 1):
        good = merge(original, formatted) == expected
        failed += not good
        print(f"{'ok' if good else 'not ok'} {number} - {description}")
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(self_test() if '--self-test' in sys.argv else main('--fix' in sys.argv))
