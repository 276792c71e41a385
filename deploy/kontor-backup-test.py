#!/usr/bin/env python3
"""kontor-backup-test.py: a backup of a running server is whole, audited, and kept for as long as asked."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest
import urllib.error
import urllib.parse
import urllib.request

SCRIPT = os.environ['KONTOR_BACKUP']
KONTORD = os.environ['KONTORD']
AUDIT = os.environ['KONTOR_AUDIT']


class BackupTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix='kontor-backup-')
        self.addCleanup(shutil.rmtree, self.folder)
        self.data_dir = os.path.join(self.folder, 'data')
        self.backups = os.path.join(self.folder, 'backups')
        # The script finds the programs on its PATH, and names a copy by the time: each gets another.
        self.tools = os.path.join(self.folder, 'bin')
        os.mkdir(self.tools)
        os.symlink(KONTORD, os.path.join(self.tools, 'kontord'))
        os.symlink(AUDIT, os.path.join(self.tools, 'kontor-audit'))
        self.hour = 0
        self.start()
        self.addCleanup(self.stop)
        self.key = self.kontord('key', 'create', '--data-dir', self.data_dir, '--mode', 'test').strip()

    def start(self):
        self.server = subprocess.Popen(
            [KONTORD, 'serve', '--data-dir', self.data_dir, '--listen', '127.0.0.1:0'],
            stdout=subprocess.PIPE, text=True)
        self.url = self.server.stdout.readline().split()[-1]

    def stop(self):
        self.server.terminate()
        self.server.wait(30)
        self.server.stdout.close()

    def kontord(self, *arguments):
        return subprocess.run([KONTORD, *arguments], check=True, capture_output=True, text=True).stdout

    def post(self, path, **parameters):
        request = urllib.request.Request(
            self.url + path, urllib.parse.urlencode(parameters).encode(),
            {'Authorization': f'Bearer {self.key}'})
        with urllib.request.urlopen(request) as reply:
            return json.load(reply)

    def pay(self):
        return self.post('/v1/payment_intents', amount=2000, currency='usd', confirm='true',
                         payment_method='pm_card_visa', **{
                             'automatic_payment_methods[enabled]': 'true',
                             'automatic_payment_methods[allow_redirects]': 'never'})

    def back_up(self, kept=14):
        self.hour += 1
        with open(os.path.join(self.tools, 'date'), 'w', encoding='ascii') as date:
            date.write(f'#!/bin/sh\necho 20261122T{self.hour:02}0000Z\n')
        os.chmod(date.name, 0o755)
        return subprocess.run(
            ['sh', SCRIPT, self.data_dir, self.backups], check=False, capture_output=True, text=True,
            env={'PATH': f"{self.tools}:{os.environ['PATH']}", 'KONTOR_BACKUPS_KEPT': str(kept)})

    def test_a_copy_of_a_running_server_passes_its_audit(self):
        self.pay()
        done = self.back_up()
        self.assertEqual(done.returncode, 0, done.stderr)
        copy = done.stdout.strip()
        self.assertEqual(sorted(os.listdir(copy)), ['audit.json', 'keys', 'kontor.db'])
        self.assertEqual(os.listdir(os.path.join(copy, 'keys')), ['seal.pub'])
        with open(os.path.join(copy, 'audit.json'), encoding='utf-8') as report:
            self.assertTrue(json.load(report)['ok'])

    def test_old_copies_go_and_new_ones_stay(self):
        for _ in range(4):
            self.assertEqual(self.back_up(kept=2).returncode, 0)
        self.assertEqual(sorted(os.listdir(self.backups)), ['20261122T030000Z', '20261122T040000Z'])

    def test_books_without_what_was_sealed_before_are_no_good_copy(self):
        self.pay()
        first = self.back_up().stdout.strip()
        with open(os.path.join(first, 'audit.json'), 'r+', encoding='utf-8') as file:
            report = json.load(file)
            report['seal']['head'] = '1:' + 64 * '0'
            file.seek(0)
            json.dump(report, file, indent=1)
            file.truncate()
        done = self.back_up()
        self.assertEqual(done.returncode, 1)
        self.assertIn('failed its audit', done.stderr)
        self.assertEqual(os.listdir(self.backups), [os.path.basename(first)])

    def test_a_restored_copy_holds_what_was_paid(self):
        intent = self.pay()['id']
        copy = self.back_up().stdout.strip()
        lost = self.pay()['id']
        self.stop()
        self.kontord('restore', '--data-dir', self.data_dir, os.path.join(copy, 'kontor.db'))
        self.start()
        self.assertEqual(self.status_of(intent), 200)
        self.assertEqual(self.status_of(lost), 404)

    def status_of(self, intent):
        request = urllib.request.Request(f'{self.url}/v1/payment_intents/{intent}',
                                         headers={'Authorization': f'Bearer {self.key}'})
        try:
            with urllib.request.urlopen(request) as reply:
                return reply.status
        except urllib.error.HTTPError as error:
            with error:
                return error.code


class TapResult(unittest.TestResult):
    """Says each outcome as TAP."""

    number = 0

    def say(self, test, word, detail=''):
        self.number += 1
        for line in detail.splitlines():
            print(f'# {line}')
        print(f'{word} {self.number} - {test.id().rpartition(".")[2].replace("_", " ")}', flush=True)

    def addSuccess(self, test):
        super().addSuccess(test)
        self.say(test, 'ok')

    def addFailure(self, test, err):
        super().addFailure(test, err)
        self.say(test, 'not ok', self.failures[-1][1])

    def addError(self, test, err):
        super().addError(test, err)
        self.say(test, 'not ok', self.errors[-1][1])


if __name__ == '__main__':
    suite = unittest.defaultTestLoader.loadTestsFromTestCase(BackupTest)
    print(f'1..{suite.countTestCases()}')
    result = TapResult()
    suite.run(result)
    sys.exit(0 if result.wasSuccessful() else 1)
