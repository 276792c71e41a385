#!/usr/bin/env python3
"""make-api.py: turns openapi.json into the table of nouns, verbs and parameters that kontor knows.

usage: make-api.py OPENAPI.json OUTPUT.c
"""

import json
import re
import sys

# Where a path's first words are no noun.
ROOTS = ('v1/kontor/', 'v2/core/', 'v1/')

# Paths that are older names of others.
SKIPPED = ('/v1/balance/history',)

HEAD = '''/* api-table.c: nouns, verbs and parameters of the API; written by make-api.py. */
#include "cli/api.h"
'''


def singular(word):
    """What one of @word is called: "refunds" are a "refund"."""
    if word.endswith('ies'):
        return word[:-3] + 'y'
    return word[:-1] if word.endswith('s') and not word.endswith('ss') else word


def split(path):
    """The words of a path behind its root; None stands for what varies."""
    root = next(root for root in ROOTS if path.startswith('/' + root))
    return [None if word.startswith('{') else word for word in path[1 + len(root):].split('/')]


def has_pages(path, method, operation, paths):
    """Whether the answer is a list: its schema says so, or single ones can be read below it."""
    schema = operation['responses']['200']['content']['application/json']['schema']
    kind = schema.get('properties', {}).get('object', {}).get('const')
    return method == 'GET' and (kind in ('list', 'search_result') or path + '/{id}' in paths)


def is_single(path, paths):
    """Whether there is one of it only, and no id to tell it from others: "me"."""
    def lists(other):
        operation = paths[other].get('get')
        return operation is not None and has_pages(other, 'GET', operation, paths)
    return path + '/{id}' not in paths and 'get' in paths[path] and not lists(path)


def verb_of(words, method, is_list, also_read, is_single):
    """How the operation is called on the command line."""
    on_one = {'GET': 'retrieve', 'POST': 'update', 'DELETE': 'delete'}
    fixed = [word for word in words[1:] if word is not None]
    if not fixed and (words[-1] is None or is_single):
        return on_one[method]
    if not fixed:
        return {'GET': 'list' if is_list else 'retrieve', 'POST': 'create'}.get(method, 'delete')
    if fixed == ['search'] or (method == 'POST' and not also_read and words[-1] is not None):
        return '_'.join(fixed)
    if words[-1] is None or (method == 'POST' and also_read):
        fixed[-1] = singular(fixed[-1])
    if method == 'POST' and words[-1] is not None:
        return 'create_' + '_'.join(fixed)
    return ('list' if is_list else on_one[method]) + '_' + '_'.join(fixed)


def quoted(text):
    """@text as a C literal, or NULL."""
    if text is None:
        return 'NULL'
    return '"' + text.replace('\\', '\\\\').replace('"', '\\"').replace('\n', '\\n') + '"'


class Table:
    """The tables of parameters, each written once and before it is named."""

    def __init__(self, document):
        self.schemas = document['components']['schemas']
        self.out = []
        self.named = {}  # by schema: the C name of its rows
        self.words = {}  # by words: the C name of their list

    def list_of_words(self, words):
        key = tuple(words)
        if not key:
            return 'NULL'
        if key not in self.words:
            self.words[key] = f'words_{len(self.words)}'
            items = ', '.join(quoted(word) for word in key)
            self.out.append(f'static const char *const {self.words[key]}[] = {{ {items}, NULL }};')
        return self.words[key]

    def members(self, reference):
        """The C name of the rows of a schema that is named."""
        name = reference.rsplit('/', 1)[-1]
        if name not in self.named:
            self.named[name] = f'params_{re.sub("[^a-z0-9_]", "_", name)}'
            schema = self.schemas[name]
            self.rows(self.named[name], [
                (member, field, member in schema.get('required', ()))
                for member, field in schema.get('properties', {}).items()])
        return self.named[name]

    def item(self, reference):
        """The C name of a row for each object of a list."""
        members = self.members(reference)
        name = members.replace('params_', 'item_', 1)
        if name not in self.named.values():
            self.named[name] = name
            self.out.append(f'static const KontorApiParam {name}[] = {{ {{ "", KONTOR_PARAM_OBJECT, '
                            f'.members = {members} }}, {{ NULL }} }};')
        return name

    def object(self, reference, clears):
        """What is said of a member that is a schema; one that nobody describes is taken as it is."""
        if reference.rsplit('/', 1)[-1] not in self.schemas:
            return 'ANY', 'NULL', 'NULL', None, None, clears
        return 'OBJECT', self.members(reference), 'NULL', None, None, clears

    def shape(self, field):
        """Type, members, words, smallest, largest and whether "" unsets it."""
        options = field.get('anyOf')
        if options:
            reference = next((o['$ref'] for o in options if '$ref' in o), None)
            if reference:
                return self.object(reference, True)
            return 'RANGE', 'NULL', 'NULL', None, None, False
        if '$ref' in field:
            return self.object(field['$ref'], False)
        types = field.get('type', [])
        types = types if isinstance(types, list) else [types]
        words = self.list_of_words(field.get('enum') or field.get('items', {}).get('enum') or ())
        if 'array' in types:
            inner = field.get('items', {})
            members = self.item(inner['$ref']) if '$ref' in inner else 'NULL'
            return 'LIST', members, words, None, None, 'null' in types
        if 'object' in types:
            extra = field.get('additionalProperties')
            return 'MAP' if isinstance(extra, dict) else 'ANY', 'NULL', words, None, None, True
        if 'integer' in types:
            kind = 'TIME' if field.get('format') == 'unix-time' else 'INTEGER'
            return kind, 'NULL', words, field.get('minimum'), field.get('maximum'), True
        if 'boolean' in types:
            return 'BOOLEAN', 'NULL', words, None, None, False
        if 'string' in types:
            kind = 'CURRENCY' if field.get('format') == 'currency' else 'TEXT'
            return kind, 'NULL', words, None, None, True
        return 'ANY', 'NULL', words, None, None, True

    def rows(self, name, fields):
        lines = []
        for member, field, required in fields:
            kind, members, words, low, high, clears = self.shape(field)
            low = 'G_MININT64' if low is None else low
            high = 'G_MAXINT64' if high is None else high
            lines.append(f'  {{ {quoted(member)}, KONTOR_PARAM_{kind}, {int(required)}, '
                         f'{int(clears)}, {words}, {low}, {high}, {members}, '
                         f'{quoted(field.get("description"))} }},')
        self.out.append(f'static const KontorApiParam {name}[] = {{')
        self.out += [*lines, '  { NULL },', '};']


def fields_of(table, operation):
    """What may be sent: the C name of the rows."""
    body = operation.get('requestBody')
    if body:
        kind = next(iter(body['content'].values()))
        return table.members(kind['schema']['$ref'])
    name = f'params_{operation["operationId"]}'
    table.rows(name, [(p['name'], p['schema'], p.get('required', False))
                      for p in operation['parameters'] if p['in'] == 'query'])
    return name


def order(row):
    """Nouns by name; verbs as people think of them."""
    usual = ['create', 'retrieve', 'update', 'delete', 'list', 'search']
    noun, verb = row[0], row[1]
    return noun, usual.index(verb) if verb in usual else len(usual), verb


def told_apart(rows):
    """The rows, with another name for each that has one of an earlier row: what Kontor adds to a
    noun of Stripe's gets a noun of its own."""
    names, out = set(), []
    for row in sorted(rows, key=lambda row: row[3].startswith('/v1/kontor/')):
        if row[:2] in names:
            row = (f'kontor_{row[0]}', *row[1:])
        if row[:2] in names:
            row = (row[0], f'{row[1]}_by_{row[2].lower()}', *row[2:])
        names.add(row[:2])
        out.append(row)
    return out


def main(source, target):
    with open(source, encoding='utf-8') as file:
        document = json.load(file)
    table, rows = Table(document), []
    for path, operations in document['paths'].items():
        if path.startswith(SKIPPED) or not path[1:].startswith(ROOTS):
            continue
        words = split(path)
        for method, operation in operations.items():
            is_list = has_pages(path, method.upper(), operation, document['paths'])
            verb = verb_of(words, method.upper(), is_list, 'get' in operations,
                           is_single(path, document['paths']))
            rows.append((words[0], verb, method.upper(), path, operation.get('summary'),
                         is_list, fields_of(table, operation)))
    rows = sorted(told_apart(rows), key=order)
    table.out.append('const KontorApiOperation kontor_api_operations[] = {')
    for *texts, is_list, params in rows:
        texts = ', '.join(quoted(text) for text in texts)
        table.out.append(f'  {{ {texts}, {int(is_list)}, {params} }},')
    table.out += ['  { NULL },', '};']
    with open(target, 'w', encoding='utf-8') as file:
        file.write(HEAD + '\n'.join(table.out) + '\n')


if __name__ == '__main__':
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
