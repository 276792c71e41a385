// refunds.test.mjs: money given back: whole, in parts, too much, too late, and not at all.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DAY, eventTypesAbout, paid, refused } from './lib/flows.mjs';
import { Server, closeWith } from './lib/server.mjs';

const server = await Server.start();
const stripe = server.stripe(await server.key());
const pay = (extra) => stripe.paymentIntents.create(paid(extra));

test('a payment is refunded whole, by its intent', async () => {
  const intent = await pay();
  const refund = await stripe.refunds.create({
    payment_intent: intent.id,
    metadata: { why: 'broken' },
    expand: ['balance_transaction', 'charge'],
  });
  assert.match(refund.id, /^(re|pyr)_\w{14,}$/);
  assert.equal(refund.object, 'refund');
  assert.equal(refund.status, 'succeeded');
  assert.equal(refund.amount, 2000);
  assert.equal(refund.currency, 'usd');
  assert.equal(refund.payment_intent, intent.id);
  assert.equal(refund.reason, null);
  assert.deepEqual(refund.metadata, { why: 'broken' });
  assert.equal(refund.destination_details.type, 'card');
  assert.equal(refund.charge.id, intent.latest_charge);
  assert.equal(refund.charge.refunded, true);
  assert.equal(refund.charge.amount_refunded, 2000);
  const entry = refund.balance_transaction;
  assert.equal(entry.type, 'refund');
  assert.equal(entry.amount, -2000);
  assert.equal(entry.fee, 0);
  assert.equal(entry.net, -2000);
  assert.equal(entry.source, refund.id);
  const types = await eventTypesAbout(stripe, intent.latest_charge);
  assert.ok(types.includes('charge.refunded'), types.join());
  assert.ok((await eventTypesAbout(stripe, refund.id)).includes('refund.created'));
  assert.equal((await stripe.paymentIntents.retrieve(intent.id)).status, 'succeeded');
});

test('a payment is refunded in parts, by its charge, and never beyond the whole', async () => {
  const intent = await pay();
  const charge = intent.latest_charge;
  const parts = [];
  for (const amount of [500, 700, 1])
    parts.push(await stripe.refunds.create({ charge, amount, reason: 'requested_by_customer' }));
  const partly = await stripe.charges.retrieve(charge, { expand: ['refunds'] });
  assert.equal(partly.amount_refunded, 1201);
  assert.equal(partly.refunded, false);
  assert.deepEqual(
    partly.refunds.data.map((refund) => refund.id),
    parts.map((refund) => refund.id).reverse(),
  );
  await refused(stripe.refunds.create({ charge, amount: 800 }), {
    type: 'StripeInvalidRequestError',
    statusCode: 400,
    param: 'amount',
    message: /greater than/,
  });
  const rest = await stripe.refunds.create({ charge });
  assert.equal(rest.amount, 799);
  const whole = await stripe.charges.retrieve(charge);
  assert.equal(whole.refunded, true);
  assert.equal(whole.amount_refunded, 2000);
  await refused(stripe.refunds.create({ charge }), {
    code: 'charge_already_refunded',
    statusCode: 400,
  });
  for (const filter of [{ charge }, { payment_intent: intent.id }])
    assert.equal((await stripe.refunds.list(filter)).data.length, 4);
});

for (const reason of ['duplicate', 'fraudulent', 'requested_by_customer']) {
  test(`a refund says why: ${reason}`, async () => {
    const intent = await pay();
    const refund = await stripe.refunds.create({ payment_intent: intent.id, reason });
    assert.equal(refund.reason, reason);
  });
}

test('a refund keeps notes', async () => {
  const intent = await pay();
  const refund = await stripe.refunds.create({ payment_intent: intent.id });
  const noted = await stripe.refunds.update(refund.id, { metadata: { seen: 'yes' } });
  assert.deepEqual(noted.metadata, { seen: 'yes' });
  assert.deepEqual((await stripe.refunds.retrieve(refund.id)).metadata, { seen: 'yes' });
  await refused(stripe.refunds.update(refund.id, { amount: 1 }), { code: 'parameter_unknown' });
});

test('a refund that the bank sends back has failed, and the money returns', async () => {
  const intent = await pay({ payment_method: 'pm_card_refundFail' });
  const refund = await stripe.refunds.create({ payment_intent: intent.id });
  assert.equal(refund.status, 'succeeded');
  await server.advance(2 * DAY);
  const failed = await stripe.refunds.retrieve(refund.id, {
    expand: ['failure_balance_transaction'],
  });
  assert.equal(failed.status, 'failed');
  assert.equal(typeof failed.failure_reason, 'string');
  const entry = failed.failure_balance_transaction;
  assert.equal(entry.type, 'refund_failure');
  assert.equal(entry.amount, 2000);
  assert.equal(entry.source, refund.id);
  const charge = await stripe.charges.retrieve(intent.latest_charge);
  assert.equal(charge.amount_refunded, 0);
  assert.equal(charge.refunded, false);
  const types = await eventTypesAbout(stripe, refund.id);
  assert.ok(types.includes('refund.failed'), types.join());
});

test('a refund may be pending before it succeeds', async () => {
  const intent = await pay({ payment_method: 'pm_card_pendingRefund' });
  const refund = await stripe.refunds.create({ payment_intent: intent.id });
  assert.equal(refund.status, 'pending');
  await server.advance(2 * DAY);
  assert.equal((await stripe.refunds.retrieve(refund.id)).status, 'succeeded');
  assert.ok((await eventTypesAbout(stripe, refund.id)).includes('refund.updated'));
});

test('a refund that was carried out cannot be cancelled', async () => {
  const intent = await pay();
  const refund = await stripe.refunds.create({ payment_intent: intent.id });
  await refused(stripe.refunds.cancel(refund.id), {
    type: 'StripeInvalidRequestError',
    statusCode: 400,
  });
});

test('what was only reserved is cancelled, not refunded', async () => {
  const intent = await pay({ capture_method: 'manual' });
  await refused(stripe.refunds.create({ payment_intent: intent.id }), {
    type: 'StripeInvalidRequestError',
    statusCode: 400,
  });
});

test('only what was captured is refunded', async () => {
  const intent = await pay({ capture_method: 'manual' });
  await stripe.paymentIntents.capture(intent.id, { amount_to_capture: 1500 });
  await refused(stripe.refunds.create({ payment_intent: intent.id, amount: 1501 }), {
    statusCode: 400,
  });
  const refund = await stripe.refunds.create({ payment_intent: intent.id });
  assert.equal(refund.amount, 1500);
});

// Each row: what is wrong, the parameters, what the error says.
const REFUSED = [
  ['nothing to refund', {}, {}],
  ['no such charge', { charge: 'ch_none' }, { code: 'resource_missing' }],
  ['no such intent', { payment_intent: 'pi_none' }, { code: 'resource_missing' }],
  ['a reason that is none', { charge: 'ch_none', reason: 'zonk' }, { param: 'reason' }],
  ['a negative amount', { charge: 'ch_none', amount: -1 }, { param: 'amount' }],
];

for (const [name, params, wanted] of REFUSED) {
  test(`refused: ${name}`, async () => {
    const error = await refused(stripe.refunds.create(params), {
      type: 'StripeInvalidRequestError',
      ...wanted,
    });
    assert.ok([400, 404].includes(error.statusCode));
  });
}

test('an unpaid intent has nothing to give back', async () => {
  const { id } = await stripe.paymentIntents.create({ amount: 2000, currency: 'usd' });
  await refused(stripe.refunds.create({ payment_intent: id }), { statusCode: 400 });
});

test('the older addresses under a charge lead to its refunds', async () => {
  const { latest_charge: charge } = await pay();
  const { latest_charge: other } = await pay();
  const base = `/v1/charges/${charge}/refunds`;
  const made = await stripe.rawRequest('POST', base, { amount: 100 });
  assert.equal(made.charge, charge);
  const listed = await stripe.rawRequest('GET', base);
  assert.deepEqual(
    listed.data.map((refund) => refund.id),
    [made.id],
  );
  assert.equal((await stripe.rawRequest('GET', `${base}/${made.id}`)).amount, 100);
  await refused(stripe.rawRequest('GET', `/v1/charges/${other}/refunds/${made.id}`), {
    statusCode: 404,
    code: 'resource_missing',
  });
  assert.equal((await stripe.rawRequest('GET', `/v1/charges/${other}/refunds`)).data.length, 0);
});

test('refunds are listed newest first', async () => {
  const first = await stripe.refunds.create({ payment_intent: (await pay()).id });
  const second = await stripe.refunds.create({ payment_intent: (await pay()).id });
  const { data } = await stripe.refunds.list({ limit: 2 });
  assert.deepEqual(
    data.map((refund) => refund.id),
    [second.id, first.id],
  );
});

closeWith(server);
