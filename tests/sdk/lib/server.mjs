// server.mjs: a real kontord over a data directory of its own, for the length of one test file.

import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { promisify } from 'node:util';
import Stripe from 'stripe';
import { ShapeChecker, checkNewerReply, checkReply, listeningClient } from './shapes.mjs';

const run = promisify(execFile);
const KONTORD = process.env.KONTORD;
const AUDIT = process.env.KONTOR_AUDIT;
const BANNER = /^kontord: listening on http:\/\/([\d.]+):(\d+)$/;
const checker = new ShapeChecker();

export class Server {
  /** Starts kontord; its clock can be moved unless `env` says otherwise. */
  static async start({ env = {}, args = [], dataDir } = {}) {
    assert.ok(KONTORD, 'KONTORD must name the kontord program');
    const server = new Server();
    server.dataDir = dataDir ?? fs.mkdtempSync(path.join(os.tmpdir(), 'kontor-sdk-'));
    server.faults = new Map();
    server.env = { ...process.env, KONTOR_TEST_CLOCK: '1', ...env };
    server.args = args;
    server.listen = '127.0.0.1:0';
    await server.launch();
    return server;
  }

  async launch() {
    const argv = ['serve', '--data-dir', this.dataDir, '--listen', this.listen, ...this.args];
    this.child = spawn(KONTORD, argv, { env: this.env, stdio: ['ignore', 'pipe', 'pipe'] });
    this.log = '';
    this.child.stderr.on('data', (chunk) => (this.log += chunk));
    this.exited = new Promise((resolve) => {
      this.child.on('exit', (code, signal) => resolve({ code, signal }));
    });
    const killIt = () => this.child.kill('SIGKILL');
    process.on('exit', killIt);
    this.exited.then(() => process.off('exit', killIt));
    const listening = new Promise((resolve) => {
      createInterface({ input: this.child.stdout }).on('line', (line) => {
        const match = BANNER.exec(line);
        if (match) resolve(match);
      });
    });
    const first = await Promise.race([listening, this.exited]);
    assert.ok(Array.isArray(first), `kontord did not start: ${this.log}`);
    [, this.host, this.port] = first;
  }

  /** Prints a fresh key; `flags` are further options of `kontord key create`. */
  async key({ mode = 'test', type = 'secret', flags = [] } = {}) {
    const argv = ['key', 'create', '--data-dir', this.dataDir, '--mode', mode, '--type', type];
    const { stdout } = await run(KONTORD, [...argv, ...flags], { env: this.env });
    return stdout.trim();
  }

  /** Adds a merchant, for which the server rests a moment, and returns the account's id. */
  async account(name) {
    const { code } = await this.terminate();
    assert.equal(code, 0, this.log);
    const argv = ['account', 'create', '--data-dir', this.dataDir, '--name', name];
    const { stdout } = await run(KONTORD, argv, { env: this.env });
    await this.launch();
    return stdout.trim();
  }

  /** The official SDK, whose every reply is also held against the SDK's types. */
  stripe(key, options = {}) {
    const client = listeningClient(Stripe.createNodeHttpClient(), (method, url, status, text) => {
      const check = url.startsWith('/v2/') ? checkNewerReply : checkReply;
      for (const fault of check(checker, text)) this.note(fault, `${method} ${url} ${status}`);
    });
    return new Stripe(key, {
      host: this.host,
      port: this.port,
      protocol: 'http',
      maxNetworkRetries: 0,
      telemetry: false,
      httpClient: client,
      ...options,
    });
  }

  note(fault, where) {
    const known = fault.replace(/\[\d+\]/g, '[]');
    if (!this.faults.has(known)) this.faults.set(known, where.replace(/\?.*(?= )/, ''));
  }

  /** A request without the SDK: `body` is sent as it is, or as a form when it is an object. */
  request(method, url, { key, headers = {}, body } = {}) {
    const form = body !== null && typeof body === 'object' && !Buffer.isBuffer(body);
    const payload = form ? new URLSearchParams(body).toString() : body;
    const sent = { ...headers };
    if (key) sent.Authorization ??= `Bearer ${key}`;
    if (payload !== undefined) {
      sent['Content-Length'] = Buffer.byteLength(payload);
      if (form) sent['Content-Type'] ??= 'application/x-www-form-urlencoded';
    }
    const target = { host: this.host, port: this.port, method, path: url, headers: sent };
    return new Promise((resolve, reject) => {
      const request = http.request(target, (response) => {
        const chunks = [];
        response.on('data', (chunk) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString('utf8');
          let json;
          try {
            json = JSON.parse(text);
          } catch {
            json = undefined;
          }
          resolve({ status: response.statusCode, headers: response.headers, text, json });
        });
      });
      request.on('error', reject);
      request.end(payload);
    });
  }

  /** Moves the server's clock and lets it do all that is then due. */
  async advance(seconds) {
    this.clockKey ??= await this.key();
    const reply = await this.request('POST', '/v1/kontor/test_helpers/advance_clock', {
      key: this.clockKey,
      body: { seconds: String(seconds) },
    });
    assert.equal(reply.status, 200, `the clock did not move: ${reply.text}`);
  }

  async terminate() {
    this.child.kill('SIGTERM');
    return this.exited;
  }

  /** What kontor-audit says about the data directory; undefined when no auditor was named. */
  async audit() {
    if (!AUDIT) return undefined;
    try {
      const { stdout } = await run(AUDIT, [this.dataDir], { maxBuffer: 1 << 26 });
      return { exit: 0, ...JSON.parse(stdout) };
    } catch (problem) {
      if (!problem.stdout) throw problem;
      const { checked, ...report } = JSON.parse(problem.stdout);
      return { exit: problem.code, ...report };
    }
  }
}

// Each kind of problem once, with an example and how often it was found.
function summary(audit) {
  const kinds = new Map();
  for (const { check, where, message } of audit.problems ?? []) {
    const kind = `${check}: ${message.replace(/\d+/g, 'N')}`;
    const seen = kinds.get(kind) ?? { where, times: 0 };
    kinds.set(kind, { ...seen, times: seen.times + 1 });
  }
  return [...kinds].map(([kind, { where, times }]) => `${kind} (${where}, ${times} times)`).join('\n');
}

/** The last tests of every file: the shapes of all replies seen, a clean end, and right books. */
export function closeWith(server) {
  test('every reply had exactly the declared fields', () => {
    const list = [...server.faults].map(([fault, where]) => `${where}: ${fault}`);
    assert.equal(list.length, 0, list.join('\n'));
  });

  test('the server stops cleanly and its books are right', async () => {
    const { code, signal } = await server.terminate();
    assert.equal(signal, null, server.log);
    assert.equal(code, 0, server.log);
    const audit = await server.audit();
    if (audit) assert.equal(audit.ok, true, summary(audit));
    fs.rmSync(server.dataDir, { recursive: true, force: true });
  });
}
