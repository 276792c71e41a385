// settings.test.mjs: what the operator sets is what merchants get: limits, fees and delays.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DAY, paid, refused } from './lib/flows.mjs';
import { Server, closeWith } from './lib/server.mjs';

const server = await Server.start({
  env: {
    KONTOR_RATE_LIMIT: '5',
    KONTOR_RATE_BURST: '10',
    KONTOR_FEES: 'eur 1.5% + 25, jpy 3.6%, * 2% + 10',
    KONTOR_PAYOUT_DELAY_DAYS: '5',
    KONTOR_AUTHORIZATION_DAYS: '2',
  },
});
// A key of its own for each test: the limit counts by key.
const fresh = async () => server.stripe(await server.key());

test('a key that asks too fast is told to wait', async () => {
  const key = await server.key();
  const replies = await Promise.all(
    Array.from({ length: 40 }, () => server.request('GET', '/v1/balance', { key })),
  );
  const passed = replies.filter((reply) => reply.status === 200);
  const held = replies.filter((reply) => reply.status === 429);
  assert.equal(passed.length + held.length, 40);
  assert.ok(passed.length >= 10 && passed.length <= 20, `${passed.length} were let in`);
  for (const reply of held) {
    assert.equal(reply.json.error.code, 'rate_limit');
    assert.match(reply.headers['retry-after'], /^\d+$/);
    assert.match(reply.headers['request-id'], /^req_/);
  }
  await refused(server.stripe(key).balance.retrieve(), {
    type: 'StripeRateLimitError',
    statusCode: 429,
  });
});

test('one key that asks too fast does not hold up another', async () => {
  const key = await server.key();
  await Promise.all(
    Array.from({ length: 30 }, () => server.request('GET', '/v1/balance', { key })),
  );
  assert.equal((await (await fresh()).balance.retrieve()).object, 'balance');
});

test('what was refused for haste leaves the idempotency key free', async () => {
  const key = await server.key();
  const body = { name: 'Hasty' };
  const ask = (i) =>
    server.request('POST', '/v1/customers', {
      key,
      headers: { 'Idempotency-Key': `hasty-${i}` },
      body,
    });
  const replies = await Promise.all(Array.from({ length: 30 }, (_, i) => ask(i)));
  const late = replies.findIndex((reply) => reply.status === 429);
  assert.ok(late >= 0);
  const again = await server.request('POST', '/v1/customers', {
    key: await server.key(),
    headers: { 'Idempotency-Key': `hasty-${late}` },
    body,
  });
  assert.equal(again.status, 200, again.text);
  assert.equal(again.headers['idempotent-replayed'], undefined);
});

// Each row: currency, amount, fee by the schedule above, rounded half away from zero.
for (const [currency, amount, fee] of [
  ['eur', 1000, 40],
  ['eur', 1033, 40],
  ['eur', 1100, 42],
  ['jpy', 1000, 36],
  ['jpy', 1014, 37],
  ['usd', 1000, 30],
  ['gbp', 125, 13],
]) {
  test(`${amount} ${currency} cost ${fee} by the operator's schedule`, async () => {
    const intent = await (await fresh()).paymentIntents.create(
      paid({ amount, currency, expand: ['latest_charge.balance_transaction'] }),
    );
    assert.equal(intent.latest_charge.balance_transaction.fee, fee);
  });
}

test('money waits as long as the operator says', async () => {
  const stripe = await fresh();
  const intent = await stripe.paymentIntents.create(
    paid({ expand: ['latest_charge.balance_transaction'] }),
  );
  const { id, available_on: due, created } = intent.latest_charge.balance_transaction;
  assert.ok(due - created > 4 * DAY, `${due - created} seconds`);
  await server.advance(3 * DAY);
  assert.equal((await stripe.balanceTransactions.retrieve(id)).status, 'pending');
  await server.advance(7 * DAY);
  assert.equal((await stripe.balanceTransactions.retrieve(id)).status, 'available');
});

test('a reservation lapses when the operator says', async () => {
  const stripe = await fresh();
  const held = await stripe.paymentIntents.create(paid({ capture_method: 'manual' }));
  await server.advance(1 * DAY);
  assert.equal((await stripe.paymentIntents.retrieve(held.id)).status, 'requires_capture');
  await server.advance(2 * DAY);
  assert.equal((await stripe.paymentIntents.retrieve(held.id)).status, 'canceled');
});

closeWith(server);
