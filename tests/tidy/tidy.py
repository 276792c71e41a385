"""tidy.py: what the checks of this folder share: the files of the source tree, and a way to say TAP.

A check is a function from a tree (a dictionary of path and text) to a list of complaints. It runs on
the real tree, and then on small invented ones, where it must find what it is there to find: a check
that cannot fail proves nothing.
"""

import os
import re
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def source_paths():
    """The paths that belong to the project, relative to its root: what git knows or would add."""
    git = subprocess.run(['git', 'ls-files', '-co', '--exclude-standard', '-z'], cwd=ROOT,
                         capture_output=True, check=False)
    if git.returncode == 0:
        paths = git.stdout.decode().split('\0')
    else:  # an unpacked archive
        paths = []
        for folder, folders, names in os.walk(ROOT):
            folders[:] = [name for name in folders
                          if not name.startswith(('build', '.git', '.dev', 'node_modules'))]
            paths += [os.path.relpath(os.path.join(folder, name), ROOT) for name in names]
    return sorted(path for path in paths if path and os.path.isfile(os.path.join(ROOT, path)))


def source_tree():
    """The project's text files, by path."""
    tree = {}
    for path in source_paths():
        with open(os.path.join(ROOT, path), 'rb') as file:
            content = file.read()
        if b'\0' not in content[:8192]:
            tree[path] = content.decode('utf-8', 'replace')
    return tree


def without_comments(text):
    """C source with each comment blanked; line numbers stay."""
    def blank(match):
        if match[0][0] == '/':
            return re.sub(r'[^\n]', ' ', match[0])
        return match[0]
    return re.sub(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', blank, text,
                  flags=re.DOTALL)


def run(title, check, cases):
    """Runs @check on the project and on each of @cases: (what it shows, tree, number of complaints)."""
    failed = 0
    print(f'1..{len(cases) + 1}')
    complaints = check(source_tree())
    for complaint in complaints:
        print(f'# {complaint}')
    failed += bool(complaints)
    print(f"{'not ok' if complaints else 'ok'} 1 - {title}")
    for number, (description, tree, expected) in enumerate(cases, 2):
        found = check(tree)
        good = len(found) == expected
        failed += not good
        if not good:
            print(f'# {expected} complaint(s) were due, found: {found}')
        print(f"{'ok' if good else 'not ok'} {number} - {description}")
    sys.exit(1 if failed else 0)
