#!/usr/bin/env python3
"""check-potfiles.py: each file with sentences for people is named in po/POTFILES, so that all get translated.

With --fix, po/POTFILES is written anew.
"""

import os
import re
import sys

from tidy import ROOT, run, source_tree, without_comments

LIST = 'po/POTFILES'
HEAD = '# Files with sentences for people; ./dev fmt keeps this list.\n'
MARKED = re.compile(r'\b(?:_|N_|C_|NC_|ngettext|Q_) \("')


def with_sentences(tree):
    """The files that must be listed."""
    return sorted(path for path, text in tree.items()
                  if path.endswith('.c') and not path.endswith('-test.c')
                  and MARKED.search(without_comments(text)))


def listed(tree):
    return [line for line in tree.get(LIST, '').splitlines() if line and not line.startswith('#')]


def check(tree):
    wanted, found = set(with_sentences(tree)), set(listed(tree))
    return ([f'{LIST}: {path} is missing; ./dev fmt adds it' for path in sorted(wanted - found)]
            + [f'{LIST}: {path} has no sentences' for path in sorted(found - wanted)])


def fix():
    text = HEAD + ''.join(path + '\n' for path in with_sentences(source_tree()))
    with open(os.path.join(ROOT, LIST), encoding='utf-8') as file:
        if file.read() == text:
            return
    with open(os.path.join(ROOT, LIST), 'w', encoding='utf-8') as file:
        file.write(text)
    print(f'wrote {LIST}')


CASES = [
    ('a file that is listed is fine', {'cli/a.c': 'x = _ ("A");\n', LIST: '# c\ncli/a.c\n'}, 0),
    ('a file that is not is found', {'cli/a.c': 'x = N_ ("A");\n', LIST: ''}, 1),
    ('a listed file without sentences is found', {'cli/a.c': 'x = 1;\n', LIST: 'cli/a.c\n'}, 1),
    ('a listed file that is gone is found', {LIST: 'cli/a.c\n'}, 1),
    ('a sentence in a comment is none', {'cli/a.c': '/* _ ("A") */\n', LIST: ''}, 0),
    ('a function of another name is none', {'cli/a.c': 'x = g_ ("A"), f (_, "");\n', LIST: ''}, 0),
]

if __name__ == '__main__':
    if '--fix' in sys.argv:
        fix()
    else:
        run('each file with sentences for people is named in po/POTFILES', check, CASES)
