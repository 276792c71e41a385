#!/usr/bin/env python3
"""check-places.py: nothing in the project names a developer's machine or the place a package came from."""

import re

from tidy import run

FORBIDDEN = [
    (r'(?<![\w.$}-])/(?:work|root|home/\w+|tmp/wt)/', 'a path of one machine'),
    (r'\bregistry\.(?:npmjs|yarnpkg)\.\w+|\bfiles\.pythonhosted\.\w+|\b(?:deb|security)\.debian\.\w+',
     'the host of a package registry'),
]
LOCKED = re.compile(r'"resolved"\s*:\s*"')


def check(tree):
    complaints = []
    for path, text in tree.items():
        for number, line in enumerate(text.splitlines(), 1):
            for pattern, what in FORBIDDEN:
                match = re.search(pattern, line)
                if match:
                    complaints.append(f'{path}:{number}: {what}: {match[0]}')
            if path.endswith('package-lock.json') and LOCKED.search(line):
                complaints.append(f'{path}:{number}: the lock names a host')
    return complaints


CASES = [
    ('a path of the system is fine', {'a.md': 'see /var/lib/kontor and /tmp/kontor\n'}, 0),
    ('a folder of the project with such a name is fine', {'a.md': 'docs/work/plan.md\n'}, 0),
    ('a path below a home is found', {'a.c': 'open ("/ho' 'me/jenny/kontor.db");\n'}, 1),
    ('a path of a build machine is found', {'a.sh': 'cd /wo' 'rk/main\n'}, 1),
    ('the host of a registry is found', {'a.json': 'https://registry.npm' 'js.org/stripe\n'}, 1),
    ('a lock file without hosts is fine',
     {'tests/sdk/package-lock.json': '"stripe": { "version": "1.0.0" }\n'}, 0),
    ('a lock file with a host is found',
     {'tests/sdk/package-lock.json': '"reso' 'lved": "https://example.com/stripe.tgz"\n'}, 1),
]

if __name__ == '__main__':
    run('no file names a machine or a registry', check, CASES)
