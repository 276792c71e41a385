"""server.py: a kontord on a port of its own, asked for a little of everything."""

import base64
import json
import signal
import sqlite3
import subprocess
import time
import urllib.parse
import urllib.request

# How long a server may take to start, or its jobs to seal what it wrote.
PATIENCE_S = 20


class Server:
    """Runs while the block lasts, then is stopped as an operator stops it."""

    def __init__(self, kontord, directory):
        self.kontord, self.directory = kontord, directory
        self.process = self.url = self.key = None

    def __enter__(self):
        self.process = subprocess.Popen([self.kontord, 'serve', '--data-dir', self.directory,
                                         '--listen', '127.0.0.1:0'],
                                        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.url = self.process.stdout.readline().split()[-1]
        self.key = subprocess.run([self.kontord, 'key', 'create', '--data-dir', self.directory,
                                   '--mode', 'test'],
                                  capture_output=True, check=True, text=True).stdout.strip()
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(PATIENCE_S)
        self.process.stdout.close()

    def post(self, path, **fields):
        """POSTs to @path and returns the reply's object. "__" in a name opens a bracket."""
        pairs = {name.replace('__', '[') + (']' if '__' in name else ''): value
                 for name, value in fields.items()}
        request = urllib.request.Request(f'{self.url}/v1/{path}', urllib.parse.urlencode(pairs).encode())
        token = base64.b64encode(f'{self.key}:'.encode()).decode()
        request.add_header('Authorization', f'Basic {token}')
        request.add_header('Idempotency-Key', f'{path} {time.monotonic_ns()}')
        with urllib.request.urlopen(request, timeout=PATIENCE_S) as reply:
            return json.load(reply)

    def fill(self):
        """Makes rows in every table, and waits until they are sealed."""
        customer = self.post('customers', email='jenny@example.com', name='Jenny')
        self.post(f"customers/{customer['id']}", metadata__order='7')
        self.post('setup_intents', customer=customer['id'], payment_method='pm_card_visa', confirm='true',
                  return_url='https://example.com/')
        for amount in (1000, 2000, 3000):
            payment = self.post('payment_intents', amount=amount, currency='eur', confirm='true',
                                payment_method='pm_card_visa', customer=customer['id'],
                                return_url='https://example.com/')
        self.post('refunds', payment_intent=payment['id'], amount=700)
        self.post('customers', email='gone@example.com')
        self.let_people_in()
        self.wait_for_seal()

    def let_people_in(self):
        """Somebody is made by a command, signs in, and does a thing: all of which is logged."""
        program = self.key
        subprocess.run([self.kontord, 'user', 'create', '--data-dir', self.directory, '--email',
                        'ada@example.com', '--password-stdin'], input='correct horse battery\n',
                       stdout=subprocess.DEVNULL, check=True, text=True)
        self.post('kontor/api_keys', name='second')
        session = self.post('kontor/sessions', email='ada@example.com', password='correct horse battery')
        self.key = session['token']
        self.post('customers', name='By hand')
        self.post('kontor/users', email='bob@example.com', role='support')
        self.key = program

    def wait_for_seal(self):
        database = sqlite3.connect(f'file:{self.directory}/kontor.db?mode=ro', uri=True)
        behind = ('SELECT max (seq) > (SELECT ifnull (max (last_version), 0) FROM blocks) OR'
                  ' (SELECT max (number) FROM audit_log) > (SELECT ifnull (max (number), 0) FROM audit_seals)'
                  ' FROM versions')
        deadline = time.monotonic() + PATIENCE_S
        while database.execute(behind).fetchone()[0] and time.monotonic() < deadline:
            time.sleep(0.05)
        database.close()
