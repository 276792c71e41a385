// charges.test.mjs: what was charged: read, list, annotate, capture, and the older way to create.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventTypesAbout, paid, refused } from './lib/flows.mjs';
import { Server, closeWith } from './lib/server.mjs';

const server = await Server.start();
const stripe = server.stripe(await server.key());

test('a charge is made from a token, as older integrations do', async () => {
  const charge = await stripe.charges.create({
    amount: 2000,
    currency: 'usd',
    source: 'tok_visa',
    description: 'Legacy order',
    metadata: { order: '9' },
  });
  assert.match(charge.id, /^ch_\w{14,}$/);
  assert.equal(charge.status, 'succeeded');
  assert.equal(charge.captured, true);
  assert.equal(charge.payment_intent, null);
  assert.equal(charge.description, 'Legacy order');
  assert.deepEqual(charge.metadata, { order: '9' });
  assert.equal(charge.payment_method_details.card.last4, '4242');
  assert.match(charge.balance_transaction, /^txn_/);
  assert.deepEqual(await eventTypesAbout(stripe, charge.id), ['charge.succeeded']);
});

test('a charge may reserve first and be captured later', async () => {
  const held = await stripe.charges.create({
    amount: 2000,
    currency: 'usd',
    source: 'tok_visa',
    capture: false,
  });
  assert.equal(held.captured, false);
  assert.equal(held.balance_transaction, null);
  const taken = await stripe.charges.capture(held.id, { amount: 1200 });
  assert.equal(taken.captured, true);
  assert.equal(taken.amount_captured, 1200);
  assert.equal(taken.amount, 2000);
  const entry = await stripe.balanceTransactions.retrieve(taken.balance_transaction);
  assert.equal(entry.amount, 1200);
  await refused(stripe.charges.capture(held.id), {
    code: 'charge_already_captured',
    statusCode: 400,
  });
});

test('the charge of an intent is captured through the intent', async () => {
  const intent = await stripe.paymentIntents.create(paid({ capture_method: 'manual' }));
  await refused(stripe.charges.capture(intent.latest_charge), {
    type: 'StripeInvalidRequestError',
    statusCode: 400,
  });
  assert.equal((await stripe.paymentIntents.retrieve(intent.id)).status, 'requires_capture');
});

test('a declined charge is an error that names the charge', async () => {
  const error = await refused(
    stripe.charges.create({ amount: 2000, currency: 'usd', source: 'tok_chargeDeclined' }),
    { type: 'StripeCardError', statusCode: 402, code: 'card_declined' },
  );
  const charge = await stripe.charges.retrieve(error.charge);
  assert.equal(charge.status, 'failed');
  assert.equal(charge.failure_code, 'card_declined');
  assert.equal(typeof charge.failure_message, 'string');
  assert.deepEqual(await eventTypesAbout(stripe, charge.id), ['charge.failed']);
});

test('what is said about a charge can be changed', async () => {
  const intent = await stripe.paymentIntents.create(paid());
  const updated = await stripe.charges.update(intent.latest_charge, {
    description: 'Corrected',
    receipt_email: 'new@example.com',
    metadata: { checked: 'yes' },
    shipping: { name: 'Jenny', address: { line1: '1 Main St' } },
    fraud_details: { user_report: 'safe' },
  });
  assert.equal(updated.description, 'Corrected');
  assert.equal(updated.receipt_email, 'new@example.com');
  assert.deepEqual(updated.metadata, { checked: 'yes' });
  assert.equal(updated.shipping.address.line1, '1 Main St');
  assert.deepEqual(updated.fraud_details, { user_report: 'safe' });
  await refused(stripe.charges.update(intent.latest_charge, { amount: 1 }), {
    code: 'parameter_unknown',
    param: 'amount',
  });
  assert.ok((await eventTypesAbout(stripe, intent.latest_charge)).includes('charge.updated'));
});

test('charges are listed by customer, intent and time', async () => {
  const customer = await stripe.customers.create();
  const made = [];
  for (let i = 0; i < 3; i++) {
    const intent = await stripe.paymentIntents.create(paid({ customer: customer.id }));
    made.unshift(intent.latest_charge);
  }
  const ids = async (filter) => (await stripe.charges.list(filter)).data.map((each) => each.id);
  assert.deepEqual(await ids({ customer: customer.id }), made);
  const { payment_intent: intent } = await stripe.charges.retrieve(made[1]);
  assert.deepEqual(await ids({ payment_intent: intent }), [made[1]]);
  assert.deepEqual(await ids({ customer: customer.id, limit: 1 }), [made[0]]);
  assert.deepEqual(await ids({ customer: customer.id, created: { gt: 4102444800 } }), []);
});

test('the receipt of a charge can be opened', async () => {
  const intent = await stripe.paymentIntents.create(paid({ expand: ['latest_charge'] }));
  const { receipt_url: address } = intent.latest_charge;
  if (address === null) return;
  const url = new URL(address);
  assert.equal(url.port, server.port);
  const page = await server.request('GET', url.pathname + url.search);
  assert.equal(page.status, 200);
  assert.match(page.text, /20\.00/);
});

// Each row: what is wrong, the parameters, what the error says.
const REFUSED = [
  ['nothing to charge', { amount: 2000, currency: 'usd' }, {}],
  ['no amount', { currency: 'usd', source: 'tok_visa' }, { code: 'parameter_missing' }],
  ['a token that is none', { amount: 2000, currency: 'usd', source: 'tok_zonk' }, {}],
  ['an unknown parameter', { amount: 2000, currency: 'usd', source: 'tok_visa', zonk: 1 }, {}],
];

for (const [name, params, wanted] of REFUSED) {
  test(`refused: ${name}`, async () => {
    await refused(stripe.charges.create(params), {
      type: 'StripeInvalidRequestError',
      statusCode: 400,
      ...wanted,
    });
  });
}

test('no such charge', async () => {
  await refused(stripe.charges.retrieve('ch_none'), {
    type: 'StripeInvalidRequestError',
    statusCode: 404,
    code: 'resource_missing',
    param: 'id',
    message: /No such charge: 'ch_none'/,
  });
});

closeWith(server);
