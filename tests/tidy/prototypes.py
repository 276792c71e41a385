"""prototypes.py: finds the functions that C headers declare and where they are defined."""

import re

from tidy import without_comments

PROTOTYPE = re.compile(
    r'^(?!typedef\b|static\b|return\b|G_D\w+)'        # no type, no inline body, no GObject macro
    r'[A-Za-z_][\w \t\n*]*?[ \t\n*]'                  # what it returns
    r'(?P<name>[a-z_]\w*)[ \t]*'
    r'\((?P<parameters>[^;{}]*)\)'
    r'(?:\s*G_GNUC_\w+(?:\s*\([^;{}]*?\))?)*\s*;',
    re.MULTILINE)


def blank_preprocessor(text):
    return re.sub(r'^[ \t]*#(?:[^\n]*\\\n)*[^\n]*', lambda m: re.sub(r'[^\n]', ' ', m[0]), text,
                  flags=re.MULTILINE)


def blank_bodies(text):
    """Blanks what stands between braces, so that calls inside inline functions are no prototypes."""
    depth, out = 0, []
    for char in text:
        if char == '}':
            depth -= 1
        out.append(char if depth == 0 or char == '\n' else ' ')
        if char == '{':
            depth += 1
    return ''.join(out)


def declared(header):
    """The names of the functions that the text of a header declares, in order."""
    text = without_comments(header).replace('G_BEGIN_DECLS', '').replace('G_END_DECLS', '')
    text = blank_bodies(blank_preprocessor(text))
    return list(dict.fromkeys(match['name'] for match in PROTOTYPE.finditer(text)))


NAMED = re.compile(r'^(\w+)\s*\(', re.MULTILINE)
OPENING = re.compile(r'[^;{]*?\)[^;()]*\{')


def definitions(source):
    """The functions that @source defines: name, and the offset at which the return type begins."""
    return {match[1]: source.rfind('\n', 0, match.start() - 1) + 1 for match in NAMED.finditer(source)
            if OPENING.match(source, match.start())}
