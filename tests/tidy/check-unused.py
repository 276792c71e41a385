#!/usr/bin/env python3
"""check-unused.py: a function that a header offers is used by somebody; code nobody calls goes."""

import re
from collections import Counter

from prototypes import declared, definitions
from tidy import run, without_comments

# Functions that are there for somebody outside these sources: name and for whom.
FOR_OTHERS = {}


def check(tree):
    sources = {path: without_comments(text) for path, text in tree.items()
               if path.endswith(('.c', '.h'))}
    words = {path: Counter(re.findall(r'\w+', text)) for path, text in sources.items()}
    defined = {path: definitions(text) for path, text in sources.items() if path.endswith('.c')}
    complaints = []
    for header in sorted(path for path in sources if path.endswith('.h')):
        for name in declared(tree[header]):
            users = [path for path, count in words.items() if count[name] > (path == header)
                     and name not in defined.get(path, {})]
            if not users and name not in FOR_OTHERS:
                complaints.append(f'{header}: nobody uses {name}()')
    return complaints


HEADER = {'core/a.h': 'void kontor_a (void);\n', 'core/a.c': 'void\nkontor_a (void)\n{\n}\n'}

CASES = [
    ('a function that another file calls is fine',
     {**HEADER, 'core/b.c': 'void\nb (void)\n{\n  kontor_a ();\n}\n'}, 0),
    ('a function named in a table is fine',
     {**HEADER, 'core/b.c': 'static const Row rows[] = { { kontor_a } };\n'}, 0),
    ('a function that its own header makes use of is fine',
     {**HEADER, 'core/a.h': 'void kontor_a (void);\n#define A() kontor_a ()\n'}, 0),
    ('a function that nobody calls is found', HEADER, 1),
    ('a call in a comment is no call', {**HEADER, 'core/b.c': '/* kontor_a () */\n'}, 1),
    ('a call from its own file alone is no reason to declare it',
     {**HEADER, 'core/a.c': HEADER['core/a.c'] + 'static void\nb (void)\n{\n  kontor_a ();\n}\n'}, 1),
]

if __name__ == '__main__':
    run('each function that a header declares is used by another file', check, CASES)
