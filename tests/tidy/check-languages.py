#!/usr/bin/env python3
"""check-languages.py: each catalogue of po/LINGUAS says everything that the program does, and says it safely.

A sentence that is missing, doubtful ("fuzzy"), or takes other arguments than the original is a complaint.
"""

import os
import subprocess
import tempfile

from tidy import run

KEYWORDS = ['_', 'N_', 'ngettext:1,2']
MOST_TOLD = 5


def listed(tree, name):
    return [line for line in tree.get(name, '').splitlines() if line and not line.startswith('#')]


def tool(folder, *argv):
    """What a program of gettext says, for people who speak English."""
    done = subprocess.run(argv, cwd=folder, capture_output=True, text=True, check=False,
                          env={**os.environ, 'LC_ALL': 'C.UTF-8', 'LANGUAGE': 'en'})
    return done.returncode, done.stdout, done.stderr


def missing(folder, language):
    """Sentences of the program that the catalogue does not translate."""
    tool(folder, 'msgmerge', '--quiet', '--no-fuzzy-matching', '-o', 'merged.po', f'po/{language}.po', 'all.pot')
    _, left, _ = tool(folder, 'msgattrib', '--untranslated', '--no-obsolete', '--no-wrap', 'merged.po')
    _, fuzzy, _ = tool(folder, 'msgattrib', '--only-fuzzy', '--no-obsolete', '--no-wrap', f'po/{language}.po')
    texts = [line for line in (left + fuzzy).splitlines() if line.startswith('msgid ') and line != 'msgid ""']
    return [f'po/{language}.po: not translated: {line[6:]}' for line in texts[:MOST_TOLD]] + (
        [f'po/{language}.po: {len(texts)} sentences are not translated'] if len(texts) > MOST_TOLD else [])


def unsafe(folder, language):
    code, _, said = tool(folder, 'msgfmt', '--check-format', '-o', '/dev/null', f'po/{language}.po')
    return [line for line in said.splitlines() if '.po:' in line and 'warning' not in line][:1] if code else []


def check(tree):
    languages, complaints = listed(tree, 'po/LINGUAS'), []
    if not languages:
        return []
    with tempfile.TemporaryDirectory() as folder:
        for path, text in tree.items():
            if path.endswith('.c') or path.startswith('po/'):
                os.makedirs(os.path.join(folder, os.path.dirname(path)), exist_ok=True)
                with open(os.path.join(folder, path), 'w', encoding='utf-8') as file:
                    file.write(text)
        tool(folder, 'xgettext', '--from-code=UTF-8', *[f'-k{word}' for word in KEYWORDS], '-o', 'all.pot',
             *listed(tree, 'po/POTFILES'))
        for language in languages:
            complaints += unsafe(folder, language) or missing(folder, language)
    return complaints


HEAD = ('msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n'
        '"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n\n')


def project(catalogue):
    return {'a.c': 'x = _ ("A file"), y = _ ("%d files");\n', 'po/POTFILES': 'a.c\n', 'po/LINGUAS': 'de\n',
            'po/de.po': HEAD + catalogue}


A = 'msgid "A file"\nmsgstr "Eine Datei"\n\n'
N = '#, c-format\nmsgid "%d files"\nmsgstr "%d Dateien"\n\n'

CASES = [
    ('a catalogue that says all is fine', project(A + N), 0),
    ('a sentence that is missing is found', project(A), 1),
    ('an empty one is found', project(N + A.replace('Eine Datei', '')), 1),
    ('a doubtful one is found', project('#, fuzzy\n' + A + N), 1),
    ('other arguments are found', project(A + N.replace('%d Dateien', '%s Dateien')), 1),
    ('no languages are fine', {'po/LINGUAS': '# none\n'}, 0),
]

if __name__ == '__main__':
    run('each language of po/LINGUAS says all', check, CASES)
