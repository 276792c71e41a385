// balance.test.mjs: the merchant's money: fees, what is pending, what is available, and every entry.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DAY, paid, refused } from './lib/flows.mjs';
import { Server, closeWith } from './lib/server.mjs';

const server = await Server.start();
const stripe = server.stripe(await server.key());

async function holdings(currency) {
  const balance = await stripe.balance.retrieve();
  const sum = (list) => list.find((each) => each.currency === currency)?.amount ?? 0;
  return { pending: sum(balance.pending), available: sum(balance.available) };
}

test('a merchant without payments has nothing', async () => {
  const balance = await stripe.balance.retrieve();
  assert.equal(balance.object, 'balance');
  assert.equal(balance.livemode, false);
  for (const list of [balance.available, balance.pending])
    assert.ok(list.every((each) => each.amount === 0));
});

// Each row: currency, amount, fee: 2.9 % and 30 of the smallest unit that the schedule names.
for (const [currency, amount, fee] of [
  ['usd', 2000, 88],
  ['usd', 50, 31],
  ['usd', 99999999, 2900030],
  ['usd', 1017, 59],
  ['usd', 1000, 59],
]) {
  test(`${amount} ${currency} cost ${fee} and are pending`, async () => {
    const before = await holdings(currency);
    const intent = await stripe.paymentIntents.create(
      paid({ amount, currency, expand: ['latest_charge.balance_transaction'] }),
    );
    const entry = intent.latest_charge.balance_transaction;
    assert.equal(entry.type, 'charge');
    assert.equal(entry.reporting_category, 'charge');
    assert.equal(entry.amount, amount);
    assert.equal(entry.fee, fee);
    assert.equal(entry.net, amount - fee);
    assert.equal(entry.status, 'pending');
    assert.ok(entry.available_on > entry.created);
    assert.equal(entry.currency, currency);
    assert.equal(
      entry.fee_details.reduce((sum, part) => sum + part.amount, 0),
      fee,
    );
    assert.equal(entry.fee_details[0].type, 'stripe_fee');
    const after = await holdings(currency);
    assert.equal(after.pending, before.pending + amount - fee);
    assert.equal(after.available, before.available);
  });
}

test('what is pending becomes available, and no cent is lost', async () => {
  const before = await holdings('usd');
  assert.ok(before.pending > 0);
  await server.advance(8 * DAY);
  const after = await holdings('usd');
  assert.equal(after.pending, 0);
  assert.equal(after.available, before.available + before.pending);
  const { data } = await stripe.balanceTransactions.list({ limit: 100 });
  assert.ok(data.every((entry) => entry.status === 'available'));
});

test('a refund lowers the balance by the whole amount and keeps the fee', async () => {
  const before = await holdings('usd');
  const intent = await stripe.paymentIntents.create(paid());
  await stripe.refunds.create({ payment_intent: intent.id, amount: 700 });
  const after = await holdings('usd');
  const total = (each) => each.pending + each.available;
  assert.equal(total(after) - total(before), 2000 - 88 - 700);
});

test('the entries of a balance add up to it', async () => {
  const { pending, available } = await holdings('usd');
  let sum = 0;
  for await (const entry of stripe.balanceTransactions.list({ currency: 'usd', limit: 100 }))
    sum += entry.net;
  assert.equal(sum, pending + available);
});

test('each currency is a balance of its own', async () => {
  const before = await holdings('usd');
  const intent = await stripe.paymentIntents.create(
    paid({ currency: 'eur', amount: 1000, expand: ['latest_charge.balance_transaction'] }),
  );
  const entry = intent.latest_charge.balance_transaction;
  assert.equal(entry.currency, 'eur');
  assert.equal((await holdings('eur')).pending, entry.net);
  assert.deepEqual(await holdings('usd'), before);
});

test('entries are found by type, source and time', async () => {
  const intent = await stripe.paymentIntents.create(paid());
  const refund = await stripe.refunds.create({ payment_intent: intent.id });
  const sources = async (filter) =>
    (await stripe.balanceTransactions.list(filter)).data.map((entry) => entry.source);
  assert.deepEqual(await sources({ source: intent.latest_charge }), [intent.latest_charge]);
  assert.deepEqual(await sources({ source: refund.id }), [refund.id]);
  assert.deepEqual(await sources({ type: 'refund', limit: 1 }), [refund.id]);
  assert.deepEqual(await sources({ type: 'charge', limit: 1 }), [intent.latest_charge]);
  assert.deepEqual(await sources({ created: { gt: 4102444800 } }), []);
  const [first] = (await stripe.balanceTransactions.list({ limit: 1 })).data;
  const read = await stripe.balanceTransactions.retrieve(first.id, { expand: ['source'] });
  assert.equal(read.source.object, 'refund');
});

test('no such entry', async () => {
  await refused(stripe.balanceTransactions.retrieve('txn_none'), {
    code: 'resource_missing',
    statusCode: 404,
  });
});

closeWith(server);
