#!/usr/bin/env python3
"""tamper-test.py: whatever is changed in the file by hand, kontor-audit must find it.

tamper-test.py BOOKS AUDIT KONTORD [SEED]: BOOKS makes two data directories with every movement of
money in them, one sealed to its end and one whose newest rows are not sealed yet; a third is made by
a server that is asked over HTTP. Each case copies one, changes one thing, and expects the auditor to
complain about it, and about an untouched copy not.
"""

import hashlib
import json
import os
import random
import shutil
import sqlite3
import struct
import subprocess
import sys
import tempfile

from receipt import proves
from server import Server

NOUNS = ['payment_methods', 'payment_intents', 'charges', 'refunds', 'balance_transactions']
JOURNAL = ['ledger_accounts', 'entries', 'postings']
LOGS = ['versions', 'blocks']
MONEY = NOUNS + JOURNAL + LOGS
OTHERS = ['accounts', 'customers', 'setup_intents', 'setup_attempts']

# What the rules between objects cannot see before it is sealed: when a row was made and, where
# nobody names it, the part of its id that is chance.
NOT_BEFORE_SEALED = {('payment_methods', 'created'), ('payment_intents', 'created'),
                     ('charges', 'created'), ('refunds', 'created'),
                     ('payment_methods', 'id'), ('payment_intents', 'id'), ('refunds', 'id')}

FLIPS = 250


class Case:
    """A copy of a data directory that is to be damaged."""

    def __init__(self, template, auditor):
        self.directory = tempfile.mkdtemp(prefix='kontor-tamper-')
        self.auditor = auditor
        os.rmdir(self.directory)
        shutil.copytree(template, self.directory)
        self.path = os.path.join(self.directory, 'kontor.db')

    def __enter__(self):
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.directory)

    def run(self, *statements):
        """Executes SQL, each statement a text or a text with its values."""
        database = sqlite3.connect(self.path)
        with database:
            for statement in statements:
                database.execute(*((statement,) if isinstance(statement, str) else statement))
        database.close()

    def audit(self, *options):
        """The exit status and the checks that failed."""
        done = subprocess.run([self.auditor, *options, self.directory], capture_output=True,
                              check=False, timeout=60)
        if done.returncode not in (0, 1):
            return done.returncode, []
        report = json.loads(done.stdout)
        assert report['ok'] == (done.returncode == 0) == (not report['problems']), report
        return done.returncode, [problem['check'] for problem in report['problems']]


def rows(path, sql, *values):
    database = sqlite3.connect(f'file:{path}?mode=ro', uri=True)
    found = database.execute(sql, values).fetchall()
    database.close()
    return found


def columns(path, table):
    return [row[1] for row in rows(path, f'PRAGMA table_info ({table})')]


def altered(value):
    """A value of the same kind that is not the same."""
    if value is None:
        return 1
    if isinstance(value, int):
        return value + 1
    if isinstance(value, bytes):
        middle = len(value) // 2
        return value[:middle] + bytes([value[middle] ^ 1]) + value[middle + 1:]
    last = value[-1]
    return value[:-1] + ('b' if last == 'a' else 'a') if value else 'a'


def sample(path, table, newest):
    """Some rows: the first, one in the middle, the last; or only the newest."""
    ids = [row[0] for row in rows(path, f'SELECT rowid FROM {table} ORDER BY rowid')]
    return ids[-2:] if newest else sorted({ids[0], ids[len(ids) // 2], ids[-1]})


def log_hash(row):
    """The hash of a row of the audit log, as docs/operating/people.md gives it."""
    form = hashlib.blake2b(b'A' + row['previous'] + struct.pack('>qqq', row['number'], row['at'], row['scope']),
                           digest_size=32)
    for name in ('actor_kind', 'actor', 'actor_name', 'action', 'object', 'summary', 'remote', 'request',
                 'outcome'):
        text = row[name]
        form.update(b'\0' if text is None else b'\1' + struct.pack('>q', len(text.encode())) + text.encode())
    return form.digest()


class Suite:
    """Counts and says what it saw, in TAP."""

    def __init__(self, books, auditor, kontord, seed):
        self.auditor = auditor
        self.kontord = kontord
        self.count = self.failed = 0
        self.random = random.Random(seed)
        self.directory = tempfile.mkdtemp(prefix='kontor-tamper-')
        self.sealed = self.make(books, 'sealed')
        self.tail = self.make(books, 'tail')

    def make(self, books, how):
        directory = os.path.join(self.directory, how)
        subprocess.run([books, directory, how], check=True, stdout=subprocess.DEVNULL)
        return directory

    def say(self, good, description, detail=''):
        self.count += 1
        self.failed += not good
        print(f"{'ok' if good else 'not ok'} {self.count} - {description}")
        if not good and detail:
            print(f'# {detail}')

    def each(self, description, template, changes):
        """One test point: each of @changes (a name and its statements) is found."""
        missed = []
        number = 0
        for name, statements in changes:
            number += 1
            with Case(template, self.auditor) as case:
                try:
                    case.run(*statements)
                except (sqlite3.IntegrityError, sqlite3.DataError):
                    continue  # the schema alone refuses it
                if case.audit()[0] == 0:
                    missed.append(name)
        self.say(not missed and number > 0, f'{description} ({number} changes)', ', '.join(missed))

    # ------------------------------------------------------------------------------ cases --

    def untouched(self):
        for name, template in (('sealed', self.sealed), ('not wholly sealed', self.tail)):
            with Case(template, self.auditor) as case:
                status, checks = case.audit()
                self.say(status == 0, f'an untouched file that is {name} is right', str(checks))

    def changed_columns(self, template, newest, tables=MONEY):
        for table in tables:
            if newest and table == 'blocks':
                continue
            path = os.path.join(template, 'kontor.db')
            changes = []
            for column in columns(path, table):
                if newest and (table, column) in NOT_BEFORE_SEALED:
                    continue
                for row in sample(path, table, newest):
                    value = rows(path, f'SELECT {column} FROM {table} WHERE rowid = ?', row)[0][0]
                    update = f'UPDATE {table} SET {column} = ? WHERE rowid = ?'
                    changes.append((f'{column} of row {row}', [(update, (altered(value), row))]))
            where = 'before it is sealed' if newest else 'once it is sealed'
            self.each(f'each column of {table} is guarded {where}', template, changes)

    def lost_rows(self, template, newest, tables=MONEY):
        path = os.path.join(template, 'kontor.db')
        for table in tables:
            if newest and table == 'blocks':
                continue
            changes = [(f'row {row}', [(f'DELETE FROM {table} WHERE rowid = ?', (row,))])
                       for row in sample(path, table, newest)]
            if table == 'blocks':
                changes.pop()  # the last one may be missing: nothing sealed remembers it
            self.each(f"a row that goes from {table} is missed {'in the tail' if newest else ''}".strip(),
                      template, changes)

    def added_rows(self):
        path = os.path.join(self.tail, 'kontor.db')
        for table in MONEY:
            names = columns(path, table)
            rest = ', '.join(names[1:])
            copy = (f'INSERT INTO {table} ({names[0]}, {rest}) SELECT (SELECT max (rowid) FROM {table}) + 1,'
                    f' {rest} FROM {table} ORDER BY rowid DESC LIMIT 1')
            self.each(f'a copied row in {table} is found', self.tail, [('copy', [copy])])

    def amounts_in_bodies(self):
        """Each digit of each number in the newest bodies, sealed or not."""
        path = os.path.join(self.tail, 'kontor.db')
        changes = []
        found = rows(path, "SELECT seq, body FROM versions WHERE kind IN (6, 7, 8, 9) AND NOT EXISTS"
                           " (SELECT 1 FROM versions n WHERE n.prev = versions.seq)"
                           " AND seq > (SELECT max (last_version) FROM blocks) ORDER BY seq")
        names = ('amount', 'amount_captured', 'amount_refunded', 'amount_received', 'amount_capturable',
                 'fee', 'net', 'available_on')
        for seq, body in found:
            fields = json.loads(body)
            for name in names:
                if name in fields:
                    other = body.replace(f'"{name}":{fields[name]}', f'"{name}":{fields[name] + 1}', 1)
                    changes.append((f'{name} in version {seq}',
                                    [('UPDATE versions SET body = ? WHERE seq = ?', (other, seq))]))
        self.each('each amount in a newest version is guarded before it is sealed', self.tail, changes)

    def patches(self):
        """A version that its own commit overtook is kept as a patch, which must lead somewhere."""
        newest = "WHERE seq = (SELECT max (seq) FROM versions WHERE body GLOB '{\"base\":*')"
        self.each('a patch of what is not there is found before it is sealed', self.tail, [
            (f'base {base}', [f"UPDATE versions SET body = json_set (body, '$.base', {base}) {newest}"])
            for base in ('seq', 'seq - 1', '1', '1000000')])

    def disguises(self):
        """A blob of the same bytes, a text of the same digits: SQLite keeps what it is given."""
        for table in NOUNS + JOURNAL + ['versions']:
            path = os.path.join(self.sealed, 'kontor.db')
            changes = []
            for column in columns(path, table):
                for row in sample(path, table, False):
                    value = rows(path, f'SELECT {column} FROM {table} WHERE rowid = ?', row)[0][0]
                    other = value.encode() if isinstance(value, str) else f'{value}x'
                    if value is not None:
                        changes.append((f'{column} of row {row}', [
                            (f'UPDATE {table} SET {column} = ? WHERE rowid = ?', (other, row))]))
            self.each(f'no value of {table} can be of another type', self.sealed, changes)

    def consistent_forgeries(self):
        """Changes that respect every rule but the seal."""
        self.each('a forgery that adds up is found by the seal', self.sealed, [
            ('a day later in the first entry', [
                'UPDATE entries SET created = created + 1 WHERE number = 1',
                'UPDATE balance_transactions SET created = created + 1'
                ' WHERE key = (SELECT source FROM entries WHERE number = 1)']),
            ('two postings exchanged', [
                'UPDATE postings SET number = -1 WHERE number = 64',
                'UPDATE postings SET number = 64 WHERE number = 65',
                'UPDATE postings SET number = 65 WHERE number = -1']),
            ('accounts renumbered', [
                'UPDATE ledger_accounts SET scope = 3 WHERE scope = 2',
                'UPDATE entries SET scope = 3']),
            ('an old body', ["UPDATE versions SET body = '{}' WHERE seq IN (SELECT prev FROM versions)"]),
            ('the newest rows cut off', [
                'DELETE FROM postings WHERE number >> 6 = (SELECT max (number) FROM entries)',
                'DELETE FROM entries WHERE number = (SELECT max (number) FROM entries)']),
        ])

    def log_forgeries(self, directory):
        """The log of who did what: rows put in, exchanged, cut off, and a chain that was made anew."""
        last = '(SELECT max (number) FROM audit_log)'
        path = os.path.join(directory, 'kontor.db')
        names = columns(path, 'audit_log')
        chain, previous = [], bytes(32)
        for row in rows(path, f'SELECT {", ".join(names)} FROM audit_log ORDER BY number'):
            entry = dict(zip(names, row))
            entry.update(actor_name='somebody else', previous=previous)
            previous = entry['hash'] = log_hash(entry)
            chain.append(('UPDATE audit_log SET actor_name = ?, previous = ?, hash = ? WHERE number = ?',
                          (entry['actor_name'], entry['previous'], previous, entry['number'])))
        self.each('forgeries in the audit log are found', directory, [
            ('a row put in at the end', [
                f'INSERT INTO audit_log ({", ".join(names)}) SELECT number + 1, {", ".join(names[1:])}'
                f' FROM audit_log WHERE number = {last}']),
            ('two rows exchanged', [
                'UPDATE audit_log SET number = -1 WHERE number = 2', 'UPDATE audit_log SET number = 2 WHERE number = 3',
                'UPDATE audit_log SET number = 3 WHERE number = -1']),
            ('the end cut off', [f'DELETE FROM audit_log WHERE number > {last} - 2']),
            ('a new chain without the key', chain),
            ('a new chain and its seal', chain + [
                ('UPDATE audit_seals SET hash = ?', (previous,))]),
        ])
        with Case(directory, self.auditor) as case:
            case.run('DELETE FROM audit_seals')
            self.say(case.audit()[0] == 0, 'a log that was never sealed is judged by its chain alone')
            case.run(*chain)
            self.say(case.audit()[0] == 0, 'the form of the hash is the one that is described')

    def blocks(self):
        changes = [(f'byte {byte} of {column}', [
            (f'UPDATE blocks SET {column} = ? WHERE number = 2',
             (flip(rows(os.path.join(self.sealed, 'kontor.db'),
                        f'SELECT {column} FROM blocks WHERE number = 2')[0][0], byte),))])
            for column, length in (('root', 32), ('previous', 32), ('signature', 64))
            for byte in range(length)]
        self.each('each byte of a block is guarded', self.sealed, changes)
        swap = ['UPDATE blocks SET number = -1 WHERE number = 1', 'UPDATE blocks SET number = 1 WHERE number = 2',
                'UPDATE blocks SET number = 2 WHERE number = -1']
        self.each('exchanged blocks are found', self.sealed, [('first and second', swap)])

    def keys(self):
        with Case(self.sealed, self.auditor) as case:
            os.remove(os.path.join(case.directory, 'keys', 'seal.pub'))
            self.say(case.audit()[1] == ['seal'], 'a public key that is not there is missed')
        with Case(self.sealed, self.auditor) as case:
            with open(os.path.join(case.directory, 'keys', 'seal.pub'), 'w', encoding='ascii') as file:
                file.write('ab' * 32 + '\n')
            self.say(set(case.audit()[1]) == {'seal'}, 'another public key does not fit')
            with open(os.path.join(self.sealed, 'keys', 'seal.pub'), encoding='ascii') as file:
                own = file.read().strip()
            self.say(case.audit('--key', own)[0] == 0 and case.audit('--key', 'cd' * 32)[0] == 1
                     and case.audit('--key', 'cd')[0] == 1,
                     'the key that is named counts, whatever the directory says')

    def head(self):
        with Case(self.sealed, self.auditor) as case:
            done = subprocess.run([self.auditor, case.directory], capture_output=True, check=True)
            head = json.loads(done.stdout)['seal']['head']
            self.say(case.audit('--head', head)[0] == 0, 'a head that was noted is found again')
            case.run('DELETE FROM blocks WHERE number = (SELECT max (number) FROM blocks)')
            self.say(case.audit()[0] == 0 and case.audit('--head', head)[0] == 1,
                     'a last block that was cut off is missed by who noted it')

    def receipts(self):
        """What the auditor proves to outsiders is checked as docs/ledger.md says, without the file."""
        database = os.path.join(self.sealed, 'kontor.db')
        bad, entries = [], [row[0] for row in rows(database, 'SELECT number FROM entries')]
        for entry in entries:
            done = subprocess.run([self.auditor, '--receipt', str(entry), self.sealed],
                                  capture_output=True, check=True)
            receipt = json.loads(done.stdout)
            forged = dict(receipt, leaf=receipt['leaf'][:-2] + '07')
            unsigned = dict(receipt, block=dict(receipt['block'], created=receipt['block']['created'] + 1))
            if not proves(receipt) or proves(forged) or proves(unsigned):
                bad.append(str(entry))
        self.say(not bad, f'a receipt proves its entry, and no other ({len(entries)} entries)', ', '.join(bad))
        last = rows(os.path.join(self.tail, 'kontor.db'), 'SELECT max (number) FROM entries')[0][0]
        done = subprocess.run([self.auditor, '--receipt', str(last), self.tail], capture_output=True, check=False)
        self.say(done.returncode == 1, 'there is no receipt for what is not sealed')

    def served(self):
        """What a server wrote over HTTP is right while it runs and afterwards, and guarded."""
        directory = os.path.join(self.directory, 'served')
        with Server(self.kontord, directory) as server:
            server.fill()
            done = subprocess.run([self.auditor, directory], capture_output=True, check=False)
            self.say(done.returncode == 0, 'what a server writes is right while it runs',
                     done.stdout.decode())
        with Case(directory, self.auditor) as case:
            self.say(case.audit()[0] == 0, 'and when it has stopped')
        self.changed_columns(directory, False, OTHERS + ['audit_log', 'audit_seals'])
        self.lost_rows(directory, False, OTHERS + ['audit_log'])
        self.log_forgeries(directory)
        self.each('an event or a stored reply points at what is there', directory, [
            ('event of no version', ['UPDATE events SET version = 1000000']),
            ('event of no type', ['UPDATE events SET type = 1000']),
            ('event of another object', ["UPDATE events SET id = 'evt_' || substr (id, 5, 7) || 'a'"
                                         " || substr (id, 13)"]),
            ('reply of no version', ['UPDATE idempotency_fresh_0 SET version = 1000000']),
            ('two replies in one', ["UPDATE idempotency_fresh_0 SET body = 'x'"]),
        ])

    def flipped_bytes(self):
        """Bytes of the file itself. Which of them are money, the tables say: when what they hold has
        changed, or cannot be read any more, the auditor must say so."""
        before = content(os.path.join(self.sealed, 'kontor.db'))
        size = os.path.getsize(os.path.join(self.sealed, 'kontor.db'))
        missed, money = [], 0
        for _ in range(FLIPS):
            offset, bit = self.random.randrange(size), 1 << self.random.randrange(8)
            with Case(self.sealed, self.auditor) as case:
                with open(case.path, 'r+b') as file:
                    file.seek(offset)
                    byte = file.read(1)[0]
                    file.seek(offset)
                    file.write(bytes([byte ^ bit]))
                if content(case.path) == before:
                    continue
                money += 1
                if case.audit()[0] == 0:
                    missed.append(f'{offset}:{bit}')
        self.say(not missed and money > 0,
                 f'a bit flipped in the file is found ({money} of {FLIPS} touched money)', ', '.join(missed))

    def odd_texts(self):
        with Case(self.sealed, self.auditor) as case:
            odd = ''.join(map(chr, range(1, 128))) + '\u2028 “”'
            case.run(('UPDATE entries SET kind = ? WHERE number = 1', (odd,)),
                     ('UPDATE charges SET id = ?', (odd + '%s%n',)))
            self.say(case.audit()[0] == 1, 'whatever stands in the file, the report is JSON')

    def unreadable(self):
        with Case(self.sealed, self.auditor) as case:
            case.run('PRAGMA user_version = 1000')
            self.say(case.audit()[0] == 2, 'a schema of the future is not judged')
        with Case(self.sealed, self.auditor) as case:
            with open(case.path, 'r+b') as file:
                file.write(b'not a database at all')
            self.say(case.audit()[0] == 2, 'a file that is no database cannot be read')
            os.remove(case.path)
            self.say(case.audit()[0] == 2, 'a file that is not there cannot be read')

    def run(self):
        self.untouched()
        self.changed_columns(self.sealed, False)
        self.changed_columns(self.tail, True)
        self.lost_rows(self.sealed, False)
        self.lost_rows(self.tail, True)
        self.added_rows()
        self.amounts_in_bodies()
        self.patches()
        self.disguises()
        self.consistent_forgeries()
        self.blocks()
        self.keys()
        self.head()
        self.receipts()
        self.served()
        self.flipped_bytes()
        self.odd_texts()
        self.unreadable()
        print(f'1..{self.count}')
        shutil.rmtree(self.directory)
        return 1 if self.failed else 0


def flip(value, byte):
    return value[:byte] + bytes([value[byte] ^ 1]) + value[byte + 1:]


def content(path):
    """All that the money tables hold, or None when that cannot be read."""
    try:
        return [rows(path, f'SELECT * FROM {table} ORDER BY rowid') for table in MONEY]
    except (sqlite3.Error, OverflowError, UnicodeDecodeError):
        return None


if __name__ == '__main__':
    SEED = int(sys.argv[4]) if len(sys.argv) > 4 else random.randrange(1 << 32)
    print(f'# seed: {SEED}')
    sys.exit(Suite(*sys.argv[1:4], SEED).run())
