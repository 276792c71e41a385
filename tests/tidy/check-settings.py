#!/usr/bin/env python3
"""check-settings.py: the page of settings names each setting of the server, and what it is without."""

import re

from tidy import run

SOURCE = 'server/config.c'
PAGE = 'docs/operating/configuration.md'

# { "name", setter, …, "standard", "sentence" }
ROW = re.compile(r'\{\s*"(?P<name>[a-z_]+)",\s*set_\w+,[^"{}]*"(?P<standard>[^"]*)",\s*"')
LINE = re.compile(r'^\| `(?P<name>[a-z_]+)` \| (?:`(?P<standard>[^`]*)` )?\|', re.MULTILINE)


def check(tree):
    if SOURCE not in tree:
        return []
    settings = {match['name']: match['standard'] for match in ROW.finditer(tree[SOURCE])}
    described = {match['name']: match['standard'] or '' for match in LINE.finditer(tree.get(PAGE, ''))}
    complaints = [] if settings else [f'{SOURCE}: the table of settings was not found']
    for name in sorted(settings.keys() | described.keys()):
        if name not in described:
            complaints.append(f'{PAGE}: the setting {name} is missing')
        elif name not in settings:
            complaints.append(f'{PAGE}: there is no setting {name}')
        elif settings[name] != described[name]:
            complaints.append(f'{PAGE}: without it, {name} is "{settings[name]}"')
    return complaints


TABLE = '{ "listen", set_text, AT (listen), 0, 0, "127.0.0.1:1",\n "Where." },\n'

CASES = [
    ('a setting that is described is fine', {SOURCE: TABLE, PAGE: '| `listen` | `127.0.0.1:1` | w |'}, 0),
    ('a setting that is not described is found', {SOURCE: TABLE, PAGE: ''}, 1),
    ('a setting that is no more is found',
     {SOURCE: TABLE, PAGE: '| `listen` | `127.0.0.1:1` | w |\n| `b` | | w |'}, 1),
    ('another standard is found', {SOURCE: TABLE, PAGE: '| `listen` | `0.0.0.0:1` | w |'}, 1),
]

if __name__ == '__main__':
    run('each setting of the server is described', check, CASES)
