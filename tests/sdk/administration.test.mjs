// administration.test.mjs: what Stripe has no resource for: keys over HTTP, the log, health, figures.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { DAY, paid } from './lib/flows.mjs';
import { Server, closeWith } from './lib/server.mjs';

const server = await Server.start();
const key = await server.key();
const KEYS = '/v1/kontor/api_keys';
const ask = (method, url, body, headers) => server.request(method, url, { key, body, headers });
const works = async (secret) =>
  (await server.request('GET', '/v1/balance', { key: secret })).status === 200;

test('a key is made, shown once, and refused once it is revoked', async () => {
  const made = await ask('POST', KEYS, { name: 'Till 4' });
  assert.equal(made.status, 200, made.text);
  assert.match(made.json.secret, /^sk_test_\w{32,}$/);
  assert.equal(made.json.name, 'Till 4');
  assert.ok(await works(made.json.secret));
  const read = await ask('GET', `${KEYS}/${made.json.id}`);
  assert.equal('secret' in read.json, false);
  const listed = await ask('GET', KEYS);
  assert.ok(listed.json.data.some((each) => each.id === made.json.id));
  assert.equal(listed.text.includes(made.json.secret), false);
  const gone = await ask('DELETE', `${KEYS}/${made.json.id}`);
  assert.equal(gone.status, 200, gone.text);
  assert.equal(await works(made.json.secret), false);
});

test('a rolled key overlaps with its successor for as long as was asked', async () => {
  const made = (await ask('POST', KEYS, { name: 'Rolling' })).json;
  const rolled = await ask('POST', `${KEYS}/${made.id}/roll`, { expires_in: '3600' });
  assert.equal(rolled.status, 200, rolled.text);
  assert.notEqual(rolled.json.secret, made.secret);
  assert.ok(await works(made.secret));
  assert.ok(await works(rolled.json.secret));
  await server.advance(2 * 3600);
  assert.equal(await works(made.secret), false);
  assert.ok(await works(rolled.json.secret));
});

test('a restricted key makes no keys, and a test key none for live mode', async () => {
  const narrow = await ask('POST', KEYS, { type: 'restricted', 'scopes[]': 'charges_read' });
  assert.match(narrow.json.secret, /^rk_test_/);
  const attempt = await server.request('POST', KEYS, { key: narrow.json.secret, body: {} });
  assert.equal(attempt.status, 403);
  const listed = await ask('GET', KEYS);
  assert.ok(listed.json.data.every((each) => each.livemode === false));
});

test('the secret of a key is not kept, also not for a repeated request', async () => {
  const headers = { 'Idempotency-Key': 'key-once' };
  const made = await ask('POST', KEYS, { name: 'Once' }, headers);
  assert.equal(made.status, 200, made.text);
  await server.advance(1);
  for (const name of fs.readdirSync(server.dataDir).filter((each) => each.startsWith('kontor.db')))
    assert.equal(
      fs.readFileSync(path.join(server.dataDir, name)).includes(made.json.secret),
      false,
      name,
    );
});

test('an error names the log of its request, which tells what was asked', async () => {
  const reply = await ask('POST', '/v1/payment_intents', { currency: 'usd', zonk: '1' });
  assert.equal(reply.status, 400);
  const url = new URL(reply.json.error.request_log_url);
  assert.equal(url.port, server.port);
  // What was refused before it reached the engine is written down beside the next batch.
  let entry;
  for (let i = 0; i < 1000 && entry?.status !== 200; i++) entry = await ask('GET', url.pathname);
  assert.equal(entry.status, 200, entry.text);
  assert.equal(entry.json.id, reply.headers['request-id']);
  assert.equal(entry.json.method, 'POST');
  assert.equal(entry.json.path, '/v1/payment_intents');
  assert.equal(entry.json.status, 400);
});

test('the log is listed by status, method and path, page by page', async () => {
  const stripe = server.stripe(key);
  for (let i = 0; i < 5; i++) await stripe.paymentIntents.create(paid());
  const logs = '/v1/kontor/request_logs';
  const failed = await ask('GET', `${logs}?status=400`);
  assert.ok(failed.json.data.length >= 1);
  assert.ok(failed.json.data.every((each) => each.status === 400));
  const payments = await ask('GET', `${logs}?path=/v1/payment_intents&method=POST&limit=2`);
  assert.equal(payments.json.data.length, 2);
  assert.equal(payments.json.has_more, true);
  const after = payments.json.data[1].id;
  const next = await ask('GET', `${logs}?path=/v1/payment_intents&limit=2&starting_after=${after}`);
  assert.equal(next.json.data.length, 2);
  assert.equal(
    next.json.data.some((each) => each.id === after),
    false,
  );
});

test('another merchant or mode sees none of the log and none of the keys', async () => {
  const live = await server.key({ mode: 'live' });
  const [{ id }] = (await ask('GET', '/v1/kontor/request_logs?limit=1')).json.data;
  const entry = await server.request('GET', `/v1/kontor/request_logs/${id}`, { key: live });
  assert.equal(entry.status, 404);
  const list = await server.request('GET', KEYS, { key: live });
  assert.ok(list.json.data.every((each) => each.livemode === true));
});

test('health, readiness and figures need no key', async () => {
  for (const url of ['/healthz', '/readyz'])
    assert.equal((await server.request('GET', url)).status, 200, url);
  const figures = await server.request('GET', '/metrics');
  assert.equal(figures.status, 200);
  assert.match(figures.headers['content-type'], /^text\/plain/);
  for (const line of figures.text.trim().split('\n'))
    assert.match(line, /^(# (HELP|TYPE) \w+ .+|\w+(\{[^}]*\})? -?[\d.e+Inf]+)$/i);
  assert.match(figures.text, /payment_intents/);
  assert.equal(figures.text.includes(key), false);
});

test('the clock moves forward only, and by test keys only', async () => {
  const url = '/v1/kontor/test_helpers/advance_clock';
  for (const seconds of ['-1', 'soon', '', '99999999999999999999'])
    assert.equal((await ask('POST', url, { seconds })).status, 400, seconds);
  const live = await server.key({ mode: 'live' });
  const attempt = await server.request('POST', url, { key: live, body: { seconds: '1' } });
  assert.ok(attempt.status >= 400 && attempt.status < 500, attempt.text);
  await server.advance(DAY);
});

closeWith(server);

test('without the switch there is no clock to move', async () => {
  const other = await Server.start({ env: { KONTOR_TEST_CLOCK: '' } });
  const reply = await other.request('POST', '/v1/kontor/test_helpers/advance_clock', {
    key: await other.key(),
    body: { seconds: '1' },
  });
  assert.ok([400, 404].includes(reply.status), reply.text);
  assert.equal((await other.terminate()).code, 0);
  fs.rmSync(other.dataDir, { recursive: true });
});
