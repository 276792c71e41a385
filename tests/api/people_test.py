"""people_test.py: people of a real server: made by its commands, signed in over HTTP, locked out again."""

import base64
import json
import os
import pty
import subprocess
import sys
import threading
import time
import unittest
import urllib.error
import urllib.parse
import urllib.request

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'lib'))

import tap  # noqa: E402
from kontord import Server  # noqa: E402

PASSWORD = 'correct horse battery'


class Place:
    """A server, and what is asked of it."""

    def __init__(self):
        self.server = Server()

    def command(self, *words, text=None, data_dir=None):
        argv = [self.server.program, *words, '--data-dir', data_dir or self.server.data_dir]
        return subprocess.run(argv, input=text, env=self.server.env, capture_output=True, text=True,
                              timeout=60, check=False)

    def ask(self, method, path, token=None, scheme='Bearer', headers=None, fields=None):
        """The status and the object of a reply."""
        request = urllib.request.Request(self.server.base + '/v1/kontor/' + path, method=method)
        if fields:
            request.data = urllib.parse.urlencode(fields).encode()
        if token:
            sent = base64.b64encode(f'{token}:'.encode()).decode() if scheme == 'Basic' else token
            request.add_header('Authorization', f'{scheme} {sent}')
        for name, value in (headers or {}).items():
            request.add_header(name, value)
        try:
            with urllib.request.urlopen(request, timeout=60) as reply:
                return reply.status, json.load(reply)
        except urllib.error.HTTPError as error:
            return error.code, json.load(error)

    def set_password(self, token, password):
        return self.ask('POST', 'passwords', fields={'token': token, 'password': password})

    def sign_in(self, email, password=PASSWORD, **more):
        return self.ask('POST', 'sessions', fields={'email': email, 'password': password, **more})


class People(unittest.TestCase):
    """In order: each goes on where the one before ended."""

    @classmethod
    def setUpClass(cls):
        cls.place, cls.token = Place(), None

    @classmethod
    def tearDownClass(cls):
        if cls.place.server.is_alive():
            cls.place.server.stop()
        cls.place.server.remove()

    def ok(self, holds, what, detail=''):
        self.assertTrue(holds, f'{what}: {detail}')

    def test_1_commands(self):
        """commands make people while the server runs, and refuse nonsense"""
        place = self.place
        done = place.command('user', 'create', '--email', 'Ada@Example.com', '--name', 'Ada', '--password-stdin',
                             text=PASSWORD + '\n')
        self.ok(done.returncode == 0 and done.stdout.startswith('user_') and len(done.stdout) == 30,
               'a person is made while the server runs', done.stderr)
        cases = [
            ('the same again', ['--email', 'ada@example.com'], PASSWORD, 'is a member already, as owner'),
            ('a short password', ['--email', 'b@example.com'], 'short', 'has 10 to 256 characters'),
            ('the address as password', ['--email', 'bob@example.com'], 'BOB@example.com', 'not your email'),
            ('no password at all', ['--email', 'b@example.com'], '', 'no password came'),
            ('no such role', ['--email', 'b@example.com', '--role', 'boss'], PASSWORD, '--role boss'),
            ('no such account', ['--email', 'b@example.com', '--account', 'acct_1'], PASSWORD, 'acct_1'),
            ('no address', ['--email', 'bob'], PASSWORD, '--email bob'),
        ]
        for description, words, text, sentence in cases:
            done = place.command('user', 'create', *words, '--password-stdin', text=text and text + '\n')
            self.ok(done.returncode == 2 and sentence in done.stderr and done.stdout == '',
                   f'refused: {description}', f'{done.returncode} {done.stderr}')
        done = place.command('user', 'list')
        self.ok(done.stdout.split('\t')[1:4] == ['ada@example.com', 'Ada', 'password']
               and done.stdout.strip().endswith(':owner') and done.stdout.count('\n') == 1,
               'who there is is listed', done.stdout)

    def test_2_typed(self):
        """a password that is typed is asked for twice and not shown"""
        place = self.place
        child, terminal = pty.fork()
        if child == 0:
            os.execve(place.server.program, [place.server.program, 'user', 'create', '--data-dir',
                                             place.server.data_dir, '--email', 'typed@example.com'],
                      place.server.env)
        seen = b''
        for question in (b'Password: ', b'Once more: '):
            while question not in seen:
                seen += os.read(terminal, 1000)
            time.sleep(0.1)
            os.write(terminal, PASSWORD.encode() + b'\n')
        try:
            while chunk := os.read(terminal, 1000):
                seen += chunk
        except OSError:
            pass  # the other end is closed
        status = os.waitpid(child, 0)[1]
        os.close(terminal)
        self.ok(status == 0 and b'user_' in seen and PASSWORD.encode() not in seen,
               'a password that is typed is not shown', repr(seen))
        self.ok(place.sign_in('typed@example.com')[0] == 200, 'and lets its owner in')

    def test_3_sessions(self):
        """a person signs in, for a merchant and in a mode"""
        place = self.place
        status, session = place.sign_in('ADA@example.com')
        token = session.get('token', '')
        self.ok(status == 200 and token.startswith('kses_'), 'a person signs in', str(session))
        self.ok(place.ask('GET', 'me', token, 'Basic')[0] == 200, 'the token may be a Basic user too')
        account = session['accounts'][0]['account']
        status, me = place.ask('GET', 'me', token, headers={'Kontor-Account': account, 'Kontor-Mode': 'live'})
        self.ok(status == 200 and me['livemode'] and me['user']['email'] == 'ada@example.com',
               'headers choose merchant and mode', str(me))
        self.ok(place.ask('GET', 'me', 'kses_' + 'x' * 43)[0] == 401, 'a token nobody was given is none')
        with open(os.path.join(place.server.data_dir, 'kontor.db'), 'rb') as file:
            stored = file.read()
        with open(os.path.join(place.server.data_dir, 'kontor.db-wal'), 'rb') as file:
            stored += file.read()
        self.ok(token.encode() not in stored and PASSWORD.encode() not in stored,
               'neither token nor password stands in the database')
        type(self).token = token

    def test_4_turned_away(self):
        """what a command does counts in the server within two seconds"""
        place = self.place
        token = self.token
        for action in ('disable', 'reset'):
            done = place.command('user', action, '--email', 'ada@example.com')
            deadline = time.monotonic() + 3
            while place.ask('GET', 'me', token)[0] == 200 and time.monotonic() < deadline:
                time.sleep(0.1)
            self.ok(done.returncode == 0 and place.ask('GET', 'me', token)[0] == 401
                   and place.sign_in('ada@example.com')[0] == 401, f'{action} ends sessions', done.stderr)
            place.command('user', 'enable', '--email', 'ada@example.com')
            if action == 'disable':
                token = place.sign_in('ada@example.com')[1]['token']
        fresh = done.stdout.strip()
        status, reply = place.set_password(fresh, 'another password')
        self.ok(status == 200, 'the token of a reset sets a new password', str(reply))
        self.ok(place.set_password(fresh, 'a third password')[0] == 400, 'once')
        self.ok(place.sign_in('ada@example.com', 'another password')[0] == 200, 'which then counts')

    def test_5_crowd(self):
        """hashing passwords holds nobody up who asks for something else"""
        place = self.place
        key = place.server.key()
        threads = [threading.Thread(target=place.sign_in, args=(f'nobody{n}@example.com',)) for n in range(12)]
        for thread in threads:
            thread.start()
        slowest = 0
        while any(thread.is_alive() for thread in threads):
            start = time.monotonic()
            place.ask('GET', 'me', key)
            slowest = max(slowest, time.monotonic() - start)
        for thread in threads:
            thread.join()
        print(f'# the slowest of the other requests took {slowest * 1000:.0f} ms')
        self.ok(slowest < 2, 'a crowd at the door does not stop the work')

    def test_6_log(self):
        """all of it stands in the audit log, and the auditor agrees"""
        place = self.place
        token = place.sign_in('ada@example.com', 'another password')[1]['token']
        status, page = place.ask('GET', 'audit_log?limit=100&verify=true', token)
        actions = {entry['action']: entry for entry in page['data']}
        self.ok(status == 200 and {'user.create', 'user.disable', 'user.reset', 'session.create',
                                  'password.create', 'api_key.create'} <= set(actions),
               'all of it stands in the audit log', str(sorted(actions)))
        self.ok(all(entry['verified'] for entry in page['data']), 'as it was written')
        self.ok(actions['user.disable']['actor']['kind'] == 'tool', 'with who did it')
        place.server.stop()
        report = place.server.audit()
        self.ok(report['ok'] and report['audit_log']['rows'] > 10, 'the auditor agrees', str(report))


if __name__ == '__main__':
    tap.main()
