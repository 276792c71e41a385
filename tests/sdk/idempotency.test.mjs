// idempotency.test.mjs: the same key gives the same answer, and nothing happens twice.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DAY, paid, refused } from './lib/flows.mjs';
import { Server, closeWith } from './lib/server.mjs';

const server = await Server.start();
const key = await server.key();
const stripe = server.stripe(key);
const once = (idempotencyKey) => ({ idempotencyKey });
const form = (name) => ({ key, headers: { 'Idempotency-Key': name } });

test('a repeated payment is one payment', async () => {
  const first = await stripe.paymentIntents.create(paid(), once('pay-1'));
  const again = await stripe.paymentIntents.create(paid(), once('pay-1'));
  assert.equal(again.id, first.id);
  assert.deepEqual(JSON.parse(JSON.stringify(again)), JSON.parse(JSON.stringify(first)));
  assert.equal(again.lastResponse.headers['idempotent-replayed'], 'true');
  assert.equal(first.lastResponse.headers['idempotent-replayed'], undefined);
  assert.equal(again.lastResponse.headers['idempotency-key'], 'pay-1');
  assert.equal(again.lastResponse.headers['original-request'], first.lastResponse.requestId);
  assert.notEqual(again.lastResponse.requestId, first.lastResponse.requestId);
  assert.equal((await stripe.charges.list({ payment_intent: first.id })).data.length, 1);
});

test('the replay is the first answer, byte for byte, even after a change', async () => {
  const body = { name: 'First' };
  const made = await server.request('POST', '/v1/customers', { ...form('cus-1'), body });
  await stripe.customers.update(made.json.id, { name: 'Second' });
  const again = await server.request('POST', '/v1/customers', { ...form('cus-1'), body });
  assert.equal(again.status, 200);
  assert.equal(again.text, made.text);
});

test('other parameters with the same key are refused', async () => {
  await stripe.customers.create({ name: 'A' }, once('cus-2'));
  const error = await refused(stripe.customers.create({ name: 'B' }, once('cus-2')), {
    type: 'StripeIdempotencyError',
    rawType: 'idempotency_error',
    statusCode: 400,
  });
  assert.match(error.message, /cus-2/);
});

test('another place with the same key is refused', async () => {
  await stripe.customers.create({}, once('cus-3'));
  await refused(stripe.setupIntents.create({}, once('cus-3')), { type: 'StripeIdempotencyError' });
});

test('a decline is replayed as it was', async () => {
  const params = paid({ payment_method: 'pm_card_visa_chargeDeclined' });
  const first = await refused(stripe.paymentIntents.create(params, once('pay-2')));
  const again = await refused(stripe.paymentIntents.create(params, once('pay-2')), {
    type: 'StripeCardError',
    statusCode: 402,
    code: 'card_declined',
  });
  assert.equal(again.payment_intent.id, first.payment_intent.id);
  assert.equal(again.headers['idempotent-replayed'], 'true');
});

test('a request that was refused before it began leaves the key free', async () => {
  await refused(stripe.paymentIntents.create({ currency: 'usd' }, once('pay-3')), {
    code: 'parameter_missing',
  });
  const made = await stripe.paymentIntents.create(
    { amount: 2000, currency: 'usd' },
    once('pay-3'),
  );
  assert.equal(made.status, 'requires_payment_method');
});

test('a hundred copies at once are one payment', async () => {
  const attempts = Array.from({ length: 100 }, () =>
    server.request('POST', '/v1/payment_intents', {
      ...form('pay-4'),
      body: {
        amount: 700,
        currency: 'usd',
        confirm: 'true',
        payment_method: 'pm_card_visa',
        'payment_method_types[]': 'card',
      },
    }),
  );
  const replies = await Promise.all(attempts);
  const paidIds = new Set();
  for (const reply of replies) {
    if (reply.status === 200) paidIds.add(reply.json.id);
    else {
      assert.equal(reply.status, 409, reply.text);
      assert.equal(reply.json.error.code, 'idempotency_key_in_use');
    }
  }
  assert.equal(paidIds.size, 1);
  const { data } = await stripe.paymentIntents.search({ query: 'amount:700' });
  assert.equal(data.length, 1);
});

test('a key may be long, but not endless', async () => {
  const long = 'k'.repeat(255);
  const first = await stripe.customers.create({}, once(long));
  assert.equal((await stripe.customers.create({}, once(long))).id, first.id);
  await refused(stripe.customers.create({}, once('k'.repeat(256))), { statusCode: 400 });
});

test('keys of one merchant mean nothing in another mode', async () => {
  const live = server.stripe(await server.key({ mode: 'live' }));
  const here = await stripe.customers.create({}, once('shared'));
  const there = await live.customers.create({}, once('shared'));
  assert.notEqual(here.id, there.id);
});

test('a read with a key is still a read', async () => {
  const customer = await stripe.customers.create({ name: 'Read me' });
  await stripe.customers.retrieve(customer.id, {}, once('read-1'));
  await stripe.customers.update(customer.id, { name: 'Read again' });
  const read = await stripe.customers.retrieve(customer.id, {}, once('read-1'));
  assert.equal(read.name, 'Read again');
});

test('a key is forgotten after a day', async () => {
  const first = await stripe.customers.create({}, once('daily'));
  await server.advance(23 * 3600);
  assert.equal((await stripe.customers.create({}, once('daily'))).id, first.id);
  await server.advance(2 * DAY);
  assert.notEqual((await stripe.customers.create({}, once('daily'))).id, first.id);
});

test('what was answered before a restart is replayed after it', async () => {
  const first = await stripe.paymentIntents.create(paid(), once('pay-5'));
  const { code } = await server.terminate();
  assert.equal(code, 0, server.log);
  await server.launch();
  const again = await server.stripe(key).paymentIntents.create(paid(), once('pay-5'));
  assert.equal(again.id, first.id);
});

closeWith(server);
