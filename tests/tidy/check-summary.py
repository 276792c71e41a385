#!/usr/bin/env python3
"""check-summary.py: the line that ends a test run counts what happened."""

import os
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from summary import count  # pylint: disable=wrong-import-position

NESTED = """TAP version 13
# Subtest: refunds
    # Subtest: a part
    ok 1 - a part
    # Subtest: too much
    not ok 2 - too much
    1..2
not ok 1 - refunds
ok 2 - charges
1..2
"""

# What it shows, meson's result, what the program printed; passed, failed, skipped.
CASES = [
    ('a program without TAP is one case', 'OK', 'done\n', (1, 0, 0)),
    ('a program without TAP that fails is one case', 'FAIL', 'oh\n', (0, 1, 0)),
    ('each test point is a case', 'OK', '1..2\nok 1 /a/b\nok 2 /a/c\n', (2, 0, 0)),
    ('a failed point is a failure', 'FAIL', '1..2\nok 1 /a\nnot ok 2 /b\n', (1, 1, 0)),
    ('a failed point counts even when meson is content', 'OK', '1..1\nnot ok 1 /b\n', (0, 1, 0)),
    ('a skipped point is neither', 'OK', '1..2\nok 1 /a\nok 2 /b # SKIP no disk\n', (1, 0, 1)),
    ('a crash after good points is a failure', 'ERROR', '1..3\nok 1 /a\n', (1, 1, 0)),
    ('a time-out is a failure', 'TIMEOUT', '', (0, 1, 0)),
    ('a skipped program is no pass', 'SKIP', '1..0 # SKIP nothing here\n', (0, 0, 1)),
    ('a point that sums up others is not counted twice', 'FAIL', NESTED, (2, 1, 0)),
]


def main():
    failed = 0
    print(f'1..{len(CASES)}')
    for number, (description, result, stdout, expected) in enumerate(CASES, 1):
        passed, bad, skipped = count({'name': 'x', 'result': result, 'stdout': stdout})
        good = (passed, len(bad), skipped) == expected
        failed += not good
        if not good:
            print(f'# expected {expected}, got {(passed, len(bad), skipped)}')
        print(f"{'ok' if good else 'not ok'} {number} - {description}")
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())
