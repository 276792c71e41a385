#!/usr/bin/env python3
"""check-docs.py: what a header declares is explained above its definition, and each file says its idea."""

import re

from prototypes import declared, definitions
from tidy import run


def documents(source, offset, name):
    """Whether a doc comment that names @name ends right above @offset."""
    above = source[:offset].rstrip()
    if not above.endswith('*/'):
        return False
    comment = above[above.rfind('/*'):]
    return re.match(rf'/\*\*\s*\n \* {re.escape(name)}:', comment) is not None


def check(tree):
    complaints = []
    defined = {}  # by name: the files and offsets
    for path, text in tree.items():
        if path.endswith('.c'):
            for name, offset in definitions(text).items():
                defined.setdefault(name, []).append((path, offset))
    for path, text in tree.items():
        if not path.endswith(('.c', '.h')):
            continue
        if not re.match(rf'/\* {re.escape(path.rsplit("/", 1)[-1])}: ', text):
            complaints.append(f'{path}: the first sentence does not say what this file is about')
        if not path.endswith('.h') or path.startswith('tests/'):
            continue
        for name in declared(text):
            complaints += [f'{source}: no doc comment above {name}()'
                           for source, offset in defined.get(name, [])
                           if not documents(tree[source], offset, name)]
    return complaints


def module(body):
    return {'core/a.h': '/* a.h: A. */\nint kontor_a (void);\n', 'core/a.c': '/* a.c: A. */\n' + body}


CASES = [
    ('a doc comment above the definition is fine',
     module('/**\n * kontor_a:\n *\n * Says it.\n */\nint\nkontor_a (void)\n{\n}\n'), 0),
    ('a function without one is found', module('int\nkontor_a (void)\n{\n}\n'), 1),
    ('a doc comment of something else is found',
     module('/**\n * kontor_b:\n */\nint\nkontor_a (void)\n{\n}\n'), 1),
    ('a comment of another kind is found',
     module('/* It does it. */\nint\nkontor_a (void)\n{\n}\n'), 1),
    ('a static function needs none', module('static int\nb (void)\n{\n}\n'), 0),
    ('a file that does not say its idea is found', {'core/a.c': 'int a;\n'}, 1),
]

if __name__ == '__main__':
    run('each function of a header is documented where it is defined', check, CASES)
