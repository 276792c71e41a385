// secrets.test.mjs: card numbers, security codes and keys are nowhere to be read afterwards.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { cardNumber, paid, refused } from './lib/flows.mjs';
import { Server, closeWith } from './lib/server.mjs';

const server = await Server.start({ env: { KONTOR_REQUEST_LOG: 'all', KONTOR_LOG_LEVEL: 'debug' } });
const key = await server.key();
const stripe = server.stripe(key);

const NUMBER = '5555555555554444';
const CODE = '7391';
// American Express has codes of four digits, which chance does not write elsewhere as easily.
const AMEX = '378282246310005';

test('cards are used in every way that takes a number', async () => {
  await stripe.paymentMethods.create(cardNumber(NUMBER));
  await stripe.paymentMethods.create(cardNumber(AMEX, { cvc: CODE }));
  const inside = { payment_method: undefined, payment_method_data: cardNumber(NUMBER) };
  await stripe.paymentIntents.create(paid(inside), { idempotencyKey: 'with-number' });
  await stripe.setupIntents.create({
    confirm: true,
    payment_method_types: ['card'],
    payment_method_data: cardNumber(NUMBER),
  });
  await stripe.paymentMethods
    .create(cardNumber('4000000000000002', { cvc: '123' }))
    .catch((error) => error);
  await refused(stripe.paymentMethods.create(cardNumber(NUMBER, { exp_month: 13 })));
  await refused(stripe.paymentMethods.create({ ...cardNumber(NUMBER), zonk: NUMBER }));
  await server.request('POST', '/v1/payment_methods', {
    key,
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(cardNumber(NUMBER)),
  });
  await server.request('GET', `/v1/customers?email=${NUMBER}`, { key });
  await refused(server.stripe(`${key}x`).balance.retrieve());
});

test('the request log shows what was asked, without the secrets', async () => {
  const reply = await server.request('GET', '/v1/kontor/request_logs?limit=50', { key });
  assert.equal(reply.status, 200, reply.text);
  const paths = reply.json.data.map((entry) => entry.path);
  assert.ok(paths.includes('/v1/payment_methods'), paths.join());
  assert.equal(reply.text.includes(NUMBER), false);
  assert.equal(reply.text.includes(AMEX), false);
  assert.equal(reply.text.includes(key), false);
  for (const entry of reply.json.data) {
    const one = await server.request('GET', `/v1/kontor/request_logs/${entry.id}`, { key });
    assert.equal(one.status, 200, one.text);
    for (const secret of [NUMBER, AMEX, CODE, key]) assert.equal(one.text.includes(secret), false);
  }
});

test('neither the files nor the log hold a number or a key', async () => {
  const { code } = await server.terminate();
  assert.equal(code, 0);
  const places = [['log', Buffer.from(server.log)]];
  for (const entry of fs.readdirSync(server.dataDir, { withFileTypes: true, recursive: true })) {
    if (!entry.isFile()) continue;
    const file = path.join(entry.path ?? server.dataDir, entry.name);
    places.push([file, fs.readFileSync(file)]);
  }
  assert.ok(places.length > 1);
  for (const [place, bytes] of places)
    for (const secret of [NUMBER, AMEX, `cvc=${CODE}`, `"${CODE}"`, key])
      assert.equal(bytes.includes(secret), false, `${place} holds ${secret}`);
  await server.launch();
});

test('what must be secret is readable by the owner alone', () => {
  const keys = path.join(server.dataDir, 'keys');
  assert.equal(fs.statSync(keys).mode & 0o077, 0);
  for (const name of fs.readdirSync(keys).filter((each) => !each.endsWith('.pub')))
    assert.equal(fs.statSync(path.join(keys, name)).mode & 0o177, 0, name);
  for (const name of fs.readdirSync(server.dataDir).filter((each) => each.startsWith('kontor.db')))
    assert.equal(fs.statSync(path.join(server.dataDir, name)).mode & 0o007, 0, name);
});

closeWith(server);
