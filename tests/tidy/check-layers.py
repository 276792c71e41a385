#!/usr/bin/env python3
"""check-layers.py: dependencies point one way: an include may only name what lies below."""

import posixpath
import re

from tidy import run, without_comments

CORE = ('core/',)
PERSON = ('core/', 'core/client/')
SERVER = ('core/', 'server/store/', 'server/engine/')

# A folder, and what its files may include besides the folder itself; the longest folder that fits counts.
LAYERS = {
    'core/': (),
    'core/resources/': CORE,
    'core/client/': CORE,
    'core/replica/': PERSON,
    'core/console/': (*PERSON, 'core/replica/'),
    'server/store/': CORE,
    'server/engine/': (*CORE, 'server/store/'),
    'server/acquirers/': SERVER,
    'server/jobs/': SERVER,
    'server/webhook/': SERVER,
    'server/http/': SERVER,
    'server/': (*SERVER, 'server/acquirers/', 'server/jobs/', 'server/webhook/',
                'server/http/'),
    'gui/': (*PERSON, 'core/replica/', 'core/console/'),
    'tui/': (*PERSON, 'core/replica/', 'core/console/'),
    'cli/': PERSON,
    'audit/': (),
    'sdk/': (*CORE, 'server/http/'),
}

# These two are one layer: the tables of core/resources are part of the vocabulary.
LAYERS['core/'] = ('core/resources/',)
EVERYWHERE = {folder: (*below, 'core/resources/') if 'core/' in below else below
              for folder, below in LAYERS.items()}

# What a layer does without, although it lies outside the project.
ABSENT = [
    ('server/engine/', r'#include <(libsoup|microhttpd|sys/socket|netinet|arpa|sqlite3)',
     'the engine knows neither sockets nor SQL'),
    ('server/engine/', r'\b(g_get_real_time|g_date_time_new_now\w*|clock_gettime|g_random_\w+|'
                       r'randombytes_\w+|time) \(',
     'the engine takes its time and its ids from what it is handed'),
    ('server/http/', r'#include <sqlite3', 'SQL stands in server/store alone'),
    ('server/jobs/', r'#include <sqlite3', 'SQL stands in server/store alone'),
    ('server/webhook/', r'#include <sqlite3', 'SQL stands in server/store alone'),
    ('server/acquirers/', r'#include <sqlite3', 'SQL stands in server/store alone'),
]

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]+"([^"]+)"', re.MULTILINE)


def layer_of(path):
    """The longest folder of the table that holds @path, or None where includes are free."""
    return max((folder for folder in LAYERS if path.startswith(folder)), key=len, default=None)


def line_of(text, position):
    return text.count('\n', 0, position) + 1


def check(tree):
    complaints = []
    for path, text in tree.items():
        layer = layer_of(path)
        # A test beside the code may bring what it needs to drive it.
        if layer is None or not path.endswith(('.c', '.h')) or path.endswith('-test.c'):
            continue
        text = without_comments(text)
        for match in INCLUDE.finditer(text):
            where = f'{path}:{line_of(text, match.start())}'
            target = match[1]
            beside = posixpath.normpath(posixpath.join(posixpath.dirname(path), target))
            if target not in tree:
                if beside in tree:
                    complaints.append(f'{where}: "{target}" is not written from the source root')
                continue
            below = layer_of(target)
            if below != layer and below not in EVERYWHERE[layer]:
                complaints.append(f'{where}: {layer} must not lean on {target}')
        for folder, pattern, why in ABSENT:
            if path.startswith(folder):
                for match in re.finditer(pattern, text):
                    complaints.append(f'{path}:{line_of(text, match.start())}: {why}: {match[0]}')
    return complaints


def include(path, target):
    return {path: f'#include "{target}"\n', target: ''}


CASES = [
    ('an include that points down is fine', include('server/http/a.c', 'server/engine/b.h'), 0),
    ('an include inside the layer is fine', include('server/engine/a.c', 'server/engine/b.h'), 0),
    ('the core and its resource tables are one', include('core/a.c', 'core/resources/b.h'), 0),
    ('a test outside the layers is free', include('tests/bench/a.c', 'server/engine/b.h'), 0),
    ('a test beside the code is free', include('server/engine/a-test.c', 'server/http/b.h'), 0),
    ('an include in a comment does not count',
     {'core/a.c': '/* #include "server/http/b.h" */\n', 'server/http/b.h': ''}, 0),
    ('an include that points up is found', include('server/store/a.c', 'server/engine/b.h'), 1),
    ('the core leans on nobody', include('core/a.h', 'server/store/b.h'), 1),
    ('jobs and http are strangers', include('server/jobs/a.c', 'server/http/b.h'), 1),
    ('the auditor shares nothing with the server', include('audit/a.c', 'server/store/b.h'), 1),
    ('nor with the core', include('audit/a.c', 'core/money.h'), 1),
    ('a console does not reach into the server', include('tui/a.c', 'server/engine/b.h'), 1),
    ('an include relative to the file is found',
     {'core/a.c': '#include "b.h"\n', 'core/b.h': ''}, 1),
    ('a clock of its own in the engine is found',
     {'server/engine/a.c': 'now = g_get_real_time ();\n'}, 1),
    ('a socket in the engine is found', {'server/engine/a.c': '#include <libsoup/soup.h>\n'}, 1),
]

if __name__ == '__main__':
    run('each include points down the order of the layers', check, CASES)
