#!/usr/bin/env python3
"""summary.py: counts the single test cases in meson's log, so that a run ends in one honest line."""

import json
import re
import sys

TEST_POINT = re.compile(r'^( *)(not )?ok\b(?: +\d+)?([^#]*)(?:# *(SKIP|TODO)\b)?', re.IGNORECASE)


def test_points(tap):
    """Yields (passed, skipped, name) for each TAP test point that is no summary of points inside it."""
    points = []
    for line in tap.splitlines():
        match = TEST_POINT.match(line)
        if match:
            depth = len(match[1])
            sums_up = bool(points) and points[-1][0] > depth
            points.append((depth, sums_up, not match[2], bool(match[4]), match[3].strip(' -')))
    return [point[2:] for point in points if not point[1]]


def count(test):
    """Returns the cases of one meson test: passed, the names of the failed ones, skipped."""
    points = test_points(test.get('stdout') or '')
    passed = sum(ok and not skipped for ok, skipped, _ in points)
    skipped = sum(skip for _, skip, _ in points)
    failed = [name for ok, skip, name in points if not ok and not skip]
    result = test['result']
    if result == 'SKIP':
        return 0, [], max(skipped, 1)
    if result in ('OK', 'EXPECTEDFAIL'):
        return (passed, failed, skipped) if points else (1, [], 0)
    return passed, failed or [f'the program itself: {result.lower()}'], skipped


def main(path):
    passed = failed = skipped = 0
    try:
        with open(path, encoding='utf-8') as log:
            tests = [json.loads(line) for line in log if line.strip()]
    except FileNotFoundError:
        tests = []
    for test in tests:
        good, bad, left_out = count(test)
        passed += good
        failed += len(bad)
        skipped += left_out
        for name in bad:
            print(f"failed: {test['name']}: {name}")
    if failed:
        print(f'What the failed programs said stands in {path.removesuffix("json")}txt')
    if skipped:
        print(f'skipped: {skipped}')
    print(f'{passed} passed, {failed} failed')
    return 0 if passed and not failed else 1


if __name__ == '__main__':
    sys.exit(main(sys.argv[1]))
