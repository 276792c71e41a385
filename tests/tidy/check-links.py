#!/usr/bin/env python3
"""check-links.py: a link in the documentation leads somewhere."""

import os
import posixpath
import re

from tidy import run

LINK = re.compile(r'\[[^\]\n]*\]\(([^)\s]+)\)')
ELSEWHERE = ('http://', 'https://', 'mailto:', '#')


def headings(text):
    """The anchors of @text's headings, spelt as the usual renderers do."""
    titles = re.findall(r'^#+ +(.*?) *$', text, flags=re.MULTILINE)
    return {re.sub(r'[^\w\- ]', '', title.lower()).replace(' ', '-') for title in titles}


def check(tree):
    folders = {posixpath.dirname(path) for path in tree}
    folders |= {parent for folder in folders for parent in parents(folder)}
    complaints = []
    for path, text in tree.items():
        if not path.endswith('.md'):
            continue
        text = re.sub(r'^```.*?^```', '', text, flags=re.MULTILINE | re.DOTALL)
        for link in LINK.findall(text):
            if link.startswith(ELSEWHERE):
                continue
            place, _, anchor = link.partition('#')
            target = posixpath.normpath(posixpath.join(posixpath.dirname(path), place))
            if target not in tree and target not in folders:
                complaints.append(f'{path}: nothing is at {link}')
            elif anchor and anchor not in headings(tree.get(target, '')):
                complaints.append(f'{path}: no heading is at {link}')
    return complaints


def parents(folder):
    while os.path.dirname(folder):
        folder = os.path.dirname(folder)
        yield folder


CASES = [
    ('a link to a file is fine', {'docs/a.md': '[b](b.md)', 'docs/b.md': ''}, 0),
    ('a link to a folder is fine', {'a.md': '[b](docs/)', 'docs/x/b.md': ''}, 0),
    ('a link to a heading is fine', {'a.md': '[b](b.md#keys-and-scopes)',
                                     'b.md': '# Keys, and scopes\n'}, 0),
    ('a link to another site is not followed', {'a.md': '[b](https://example.com/)'}, 0),
    ('a link in an example does not count', {'a.md': '```\n[b](c)\n```\n'}, 0),
    ('a link to nothing is found', {'a.md': '[b](b.md)'}, 1),
    ('a link to no heading is found', {'a.md': '[b](b.md#c)', 'b.md': '# d\n'}, 1),
]

if __name__ == '__main__':
    run('each link in the documentation leads somewhere', check, CASES)
