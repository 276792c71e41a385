// payment-intents.test.mjs: the life of a payment intent, from its creation to capture or the end.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DAY, cardNumber, eventTypesAbout, paid, paidWithReturn, refused } from './lib/flows.mjs';
import { Server, closeWith } from './lib/server.mjs';

const server = await Server.start();
const stripe = server.stripe(await server.key());

test('a new intent waits for a payment method', async () => {
  const intent = await stripe.paymentIntents.create({ amount: 2000, currency: 'USD' });
  assert.equal(intent.object, 'payment_intent');
  assert.match(intent.id, /^pi_\w{14,}$/);
  assert.equal(intent.status, 'requires_payment_method');
  assert.match(intent.client_secret, new RegExp(`^${intent.id}_secret_\\w{16,}$`));
  assert.equal(intent.amount, 2000);
  assert.equal(intent.currency, 'usd');
  assert.equal(intent.amount_capturable, 0);
  assert.equal(intent.amount_received, 0);
  assert.equal(intent.capture_method, 'automatic_async');
  assert.equal(intent.confirmation_method, 'automatic');
  assert.equal(intent.livemode, false);
  assert.equal(intent.latest_charge, null);
  assert.equal(intent.next_action, null);
  assert.equal(intent.automatic_payment_methods.enabled, true);
  assert.ok(intent.payment_method_types.includes('card'));
  assert.deepEqual(intent.metadata, {});
});

test('an intent with a payment method waits for confirmation', async () => {
  const intent = await stripe.paymentIntents.create({
    amount: 2000,
    currency: 'usd',
    payment_method: 'pm_card_visa',
    payment_method_types: ['card'],
  });
  assert.equal(intent.status, 'requires_confirmation');
  assert.equal(intent.automatic_payment_methods, null);
  assert.match(intent.payment_method, /^pm_/);
  assert.notEqual(intent.payment_method, 'pm_card_visa');
});

test('creating and confirming in one call pays', async () => {
  const intent = await stripe.paymentIntents.create(
    paid({
      description: 'Order 7',
      receipt_email: 'jenny@example.com',
      statement_descriptor_suffix: 'ORDER 7',
      metadata: { order: '7' },
      shipping: { name: 'Jenny', address: { line1: '1 Main St', country: 'US' } },
      expand: ['latest_charge.balance_transaction'],
    }),
  );
  assert.equal(intent.status, 'succeeded');
  assert.equal(intent.amount_received, 2000);
  assert.equal(intent.description, 'Order 7');
  assert.equal(intent.shipping.address.line1, '1 Main St');
  const charge = intent.latest_charge;
  assert.match(charge.id, /^(ch|py)_/);
  assert.equal(charge.amount, 2000);
  assert.equal(charge.amount_captured, 2000);
  assert.equal(charge.captured, true);
  assert.equal(charge.paid, true);
  assert.equal(charge.refunded, false);
  assert.equal(charge.status, 'succeeded');
  assert.equal(charge.payment_intent, intent.id);
  assert.equal(charge.payment_method, intent.payment_method);
  assert.equal(charge.description, 'Order 7');
  assert.equal(charge.receipt_email, 'jenny@example.com');
  assert.equal(charge.shipping.name, 'Jenny');
  assert.deepEqual(charge.metadata, { order: '7' });
  assert.equal(charge.outcome.type, 'authorized');
  assert.equal(charge.outcome.network_status, 'approved_by_network');
  assert.equal(charge.outcome.risk_level, 'normal');
  assert.equal(charge.payment_method_details.type, 'card');
  assert.equal(charge.payment_method_details.card.last4, '4242');
  assert.equal(charge.payment_method_details.card.brand, 'visa');
  const entry = charge.balance_transaction;
  assert.equal(entry.amount, 2000);
  assert.equal(entry.fee, 88);
  assert.equal(entry.net, 1912);
  assert.equal(entry.source, charge.id);
});

test('an intent is built up step by step and then confirmed', async () => {
  let intent = await stripe.paymentIntents.create({ amount: 1000, currency: 'eur' });
  intent = await stripe.paymentIntents.update(intent.id, {
    amount: 1500,
    description: 'Two chairs',
    metadata: { basket: 'b1', guest: 'yes' },
  });
  assert.equal(intent.amount, 1500);
  intent = await stripe.paymentIntents.update(intent.id, { metadata: { guest: '' } });
  assert.deepEqual(intent.metadata, { basket: 'b1' });
  intent = await stripe.paymentIntents.confirm(intent.id, {
    payment_method: 'pm_card_mastercard',
    return_url: 'https://shop.example/back',
  });
  assert.equal(intent.status, 'succeeded');
  const again = await stripe.paymentIntents.retrieve(intent.id);
  assert.equal(again.status, 'succeeded');
  assert.equal(again.latest_charge, intent.latest_charge);
});

test('card details may be sent with the intent', async () => {
  for (const data of [
    { type: 'card', card: { token: 'tok_visa' } },
    cardNumber('4242424242424242'),
    { ...cardNumber('5555555555554444'), billing_details: { name: 'Jenny Rosen' } },
  ]) {
    const intent = await stripe.paymentIntents.create(
      paid({ payment_method: undefined, payment_method_data: data, expand: ['payment_method'] }),
    );
    assert.equal(intent.status, 'succeeded');
    assert.equal(intent.payment_method.type, 'card');
    assert.equal(intent.payment_method.billing_details.name, data.billing_details?.name ?? null);
  }
});

test('currencies without and with three decimals are taken as they are', async () => {
  for (const [currency, amount] of [
    ['jpy', 500],
    ['krw', 5000],
    ['kwd', 10990],
    ['eur', 50],
    ['gbp', 30],
  ]) {
    const intent = await stripe.paymentIntents.create(paid({ currency, amount }));
    assert.equal(intent.status, 'succeeded', currency);
    assert.equal(intent.currency, currency);
    assert.equal(intent.amount_received, amount);
  }
});

// Each row: what is wrong, the parameters, what the error says.
const REFUSED = [
  ['no amount', { currency: 'usd' }, { code: 'parameter_missing', param: 'amount' }],
  ['no currency', { amount: 2000 }, { code: 'parameter_missing', param: 'currency' }],
  [
    'an amount that is no number',
    { amount: 'many', currency: 'usd' },
    { code: 'parameter_invalid_integer', param: 'amount' },
  ],
  [
    'an amount with a fraction',
    { amount: 20.5, currency: 'usd' },
    { code: 'parameter_invalid_integer', param: 'amount' },
  ],
  ['a negative amount', { amount: -1, currency: 'usd' }, { param: 'amount' }],
  ['an amount of nothing', { amount: 0, currency: 'usd' }, { param: 'amount' }],
  [
    'less than the smallest charge',
    { amount: 49, currency: 'usd' },
    { code: 'amount_too_small', param: 'amount' },
  ],
  [
    'more than the largest charge',
    { amount: 100000000, currency: 'usd' },
    { code: 'amount_too_large', param: 'amount' },
  ],
  ['an unknown currency', { amount: 2000, currency: 'xxq' }, { param: 'currency' }],
  [
    'an unknown parameter',
    { amount: 2000, currency: 'usd', zonk: 1 },
    { code: 'parameter_unknown', param: 'zonk', message: /unknown parameter: zonk/ },
  ],
  [
    'an unknown parameter inside another',
    { amount: 2000, currency: 'usd', shipping: { name: 'A', zonk: 1, address: { line1: 'x' } } },
    { code: 'parameter_unknown', param: 'shipping[zonk]' },
  ],
  [
    'a word outside an enumeration',
    { amount: 2000, currency: 'usd', capture_method: 'later' },
    { param: 'capture_method', message: /must be one of/ },
  ],
  [
    'no such payment method',
    { amount: 2000, currency: 'usd', payment_method: 'pm_none' },
    { code: 'resource_missing', param: 'payment_method' },
  ],
  [
    'no such customer',
    { amount: 2000, currency: 'usd', customer: 'cus_none' },
    { code: 'resource_missing', param: 'customer' },
  ],
  [
    'confirming without a payment method',
    { amount: 2000, currency: 'usd', confirm: true },
    { message: /payment method/ },
  ],
  [
    'parameters of confirmation without confirming',
    { amount: 2000, currency: 'usd', off_session: true },
    { param: 'off_session' },
  ],
];

for (const [name, params, wanted] of REFUSED) {
  test(`refused: ${name}`, async () => {
    const error = await refused(stripe.paymentIntents.create(params), {
      type: 'StripeInvalidRequestError',
      rawType: 'invalid_request_error',
      statusCode: 400,
      ...wanted,
    });
    assert.match(error.requestId, /^req_/);
  });
}

test('a decline is an error that carries the intent and its charge', async () => {
  const error = await refused(
    stripe.paymentIntents.create(paid({ payment_method: 'pm_card_visa_chargeDeclined' })),
    {
      type: 'StripeCardError',
      rawType: 'card_error',
      statusCode: 402,
      code: 'card_declined',
      decline_code: 'generic_decline',
      doc_url: /^http/,
    },
  );
  const intent = error.payment_intent;
  assert.equal(intent.status, 'requires_payment_method');
  assert.equal(intent.payment_method, null);
  assert.equal(intent.last_payment_error.code, 'card_declined');
  assert.equal(intent.last_payment_error.decline_code, 'generic_decline');
  assert.equal(intent.last_payment_error.type, 'card_error');
  assert.equal(intent.last_payment_error.charge, error.charge);
  assert.equal(intent.last_payment_error.payment_method.card.last4, '0002');
  assert.equal(intent.latest_charge, error.charge);
  const charge = await stripe.charges.retrieve(error.charge);
  assert.equal(charge.status, 'failed');
  assert.equal(charge.paid, false);
  assert.equal(charge.failure_code, 'card_declined');
  assert.equal(charge.balance_transaction, null);
  assert.equal(charge.outcome.type, 'issuer_declined');
  assert.equal(charge.outcome.network_status, 'declined_by_network');
  assert.equal(charge.outcome.reason, 'generic_decline');

  const retried = await stripe.paymentIntents.confirm(intent.id, { payment_method: 'pm_card_visa' });
  assert.equal(retried.status, 'succeeded');
  assert.equal(retried.last_payment_error, null);
  assert.notEqual(retried.latest_charge, error.charge);
  const { data } = await stripe.charges.list({ payment_intent: intent.id });
  assert.deepEqual(
    data.map((each) => each.status),
    ['succeeded', 'failed'],
  );
});

test('a manual capture reserves first and takes later', async () => {
  const held = await stripe.paymentIntents.create(paid({ capture_method: 'manual' }));
  assert.equal(held.status, 'requires_capture');
  assert.equal(held.amount_capturable, 2000);
  assert.equal(held.amount_received, 0);
  const before = await stripe.charges.retrieve(held.latest_charge);
  assert.equal(before.captured, false);
  assert.equal(before.amount_captured, 0);
  assert.equal(before.balance_transaction, null);
  assert.ok(before.payment_method_details.card.capture_before > before.created);
  const taken = await stripe.paymentIntents.capture(held.id);
  assert.equal(taken.status, 'succeeded');
  assert.equal(taken.amount_capturable, 0);
  assert.equal(taken.amount_received, 2000);
  const after = await stripe.charges.retrieve(held.latest_charge);
  assert.equal(after.captured, true);
  assert.equal(after.amount_captured, 2000);
  assert.match(after.balance_transaction, /^txn_/);
});

test('a part may be captured, and the rest is released', async () => {
  const held = await stripe.paymentIntents.create(paid({ capture_method: 'manual' }));
  await refused(stripe.paymentIntents.capture(held.id, { amount_to_capture: 2001 }), {
    code: 'amount_too_large',
    statusCode: 400,
  });
  const taken = await stripe.paymentIntents.capture(held.id, {
    amount_to_capture: 1500,
    metadata: { parcel: '1' },
    expand: ['latest_charge.balance_transaction'],
  });
  assert.equal(taken.status, 'succeeded');
  assert.equal(taken.amount, 2000);
  assert.equal(taken.amount_received, 1500);
  assert.equal(taken.amount_capturable, 0);
  assert.deepEqual(taken.metadata, { parcel: '1' });
  assert.equal(taken.latest_charge.amount_captured, 1500);
  assert.equal(taken.latest_charge.balance_transaction.amount, 1500);
  assert.equal(taken.latest_charge.balance_transaction.fee, 74);
  await refused(stripe.paymentIntents.capture(held.id), {
    code: 'payment_intent_unexpected_state',
    statusCode: 400,
  });
});

test('capture may be manual for cards alone', async () => {
  const held = await stripe.paymentIntents.create(
    paid({ payment_method_options: { card: { capture_method: 'manual' } } }),
  );
  assert.equal(held.status, 'requires_capture');
  assert.equal((await stripe.paymentIntents.capture(held.id)).status, 'succeeded');
});

test('an authorization may be raised before it is captured', async () => {
  const held = await stripe.paymentIntents.create(
    paid({
      capture_method: 'manual',
      payment_method_options: { card: { request_incremental_authorization: 'if_available' } },
    }),
  );
  const charge = await stripe.charges.retrieve(held.latest_charge);
  assert.equal(charge.payment_method_details.card.incremental_authorization.status, 'available');
  const raised = await stripe.paymentIntents.incrementAuthorization(held.id, { amount: 3000 });
  assert.equal(raised.status, 'requires_capture');
  assert.equal(raised.amount, 3000);
  assert.equal(raised.amount_capturable, 3000);
  await refused(stripe.paymentIntents.incrementAuthorization(held.id, { amount: 2500 }), {
    type: 'StripeInvalidRequestError',
    param: 'amount',
  });
  const taken = await stripe.paymentIntents.capture(held.id);
  assert.equal(taken.amount_received, 3000);
});

test('an authorization that was not asked to be raisable stays as it is', async () => {
  const held = await stripe.paymentIntents.create(paid({ capture_method: 'manual' }));
  await refused(stripe.paymentIntents.incrementAuthorization(held.id, { amount: 3000 }), {
    type: 'StripeInvalidRequestError',
  });
  assert.equal((await stripe.paymentIntents.retrieve(held.id)).amount, 2000);
});

for (const reason of ['duplicate', 'fraudulent', 'requested_by_customer', 'abandoned']) {
  test(`an intent is cancelled as ${reason}`, async () => {
    const intent = await stripe.paymentIntents.create({ amount: 2000, currency: 'usd' });
    const gone = await stripe.paymentIntents.cancel(intent.id, { cancellation_reason: reason });
    assert.equal(gone.status, 'canceled');
    assert.equal(gone.cancellation_reason, reason);
    assert.ok(gone.canceled_at >= intent.created);
    await refused(stripe.paymentIntents.confirm(intent.id, { payment_method: 'pm_card_visa' }), {
      code: 'payment_intent_unexpected_state',
    });
    await refused(stripe.paymentIntents.cancel(intent.id), {
      code: 'payment_intent_unexpected_state',
    });
  });
}

test('cancelling releases what was reserved', async () => {
  const held = await stripe.paymentIntents.create(paid({ capture_method: 'manual' }));
  const gone = await stripe.paymentIntents.cancel(held.id);
  assert.equal(gone.status, 'canceled');
  assert.equal(gone.cancellation_reason, null);
  assert.equal(gone.amount_capturable, 0);
  const charge = await stripe.charges.retrieve(held.latest_charge);
  assert.equal(charge.captured, false);
  assert.equal(charge.refunded, true);
  assert.equal(charge.amount_refunded, 2000);
  assert.equal(charge.balance_transaction, null);
});

test('a paid intent can neither be cancelled, confirmed nor changed in its amount', async () => {
  const intent = await stripe.paymentIntents.create(paid());
  for (const attempt of [
    () => stripe.paymentIntents.cancel(intent.id),
    () => stripe.paymentIntents.confirm(intent.id),
    () => stripe.paymentIntents.capture(intent.id),
    () => stripe.paymentIntents.update(intent.id, { amount: 1000 }),
  ]) {
    const error = await refused(attempt(), {
      type: 'StripeInvalidRequestError',
      statusCode: 400,
      code: 'payment_intent_unexpected_state',
    });
    assert.equal(error.payment_intent.id, intent.id);
  }
  const updated = await stripe.paymentIntents.update(intent.id, { description: 'Later' });
  assert.equal(updated.description, 'Later');
});

test('an authorization lapses when nobody captures it', async () => {
  const held = await stripe.paymentIntents.create(paid({ capture_method: 'manual' }));
  await server.advance(6 * DAY);
  assert.equal((await stripe.paymentIntents.retrieve(held.id)).status, 'requires_capture');
  await server.advance(2 * DAY);
  const lapsed = await stripe.paymentIntents.retrieve(held.id);
  assert.equal(lapsed.status, 'canceled');
  assert.equal(lapsed.cancellation_reason, 'automatic');
  assert.equal(lapsed.amount_capturable, 0);
  const charge = await stripe.charges.retrieve(held.latest_charge);
  assert.equal(charge.captured, false);
  assert.equal(charge.refunded, true);
  assert.ok((await eventTypesAbout(stripe, held.latest_charge)).includes('charge.expired'));
  assert.ok((await eventTypesAbout(stripe, held.id)).includes('payment_intent.canceled'));
  await refused(stripe.paymentIntents.capture(held.id), { statusCode: 400 });
});

test('intents are listed newest first, by customer and by time', async () => {
  const customer = await stripe.customers.create({ name: 'Lister' });
  const made = [];
  for (let i = 0; i < 3; i++)
    made.push(await stripe.paymentIntents.create(paid({ customer: customer.id })));
  const { data } = await stripe.paymentIntents.list({ customer: customer.id });
  assert.deepEqual(
    data.map((intent) => intent.id),
    made.map((intent) => intent.id).reverse(),
  );
  const since = await stripe.paymentIntents.list({ created: { gte: made[0].created }, limit: 100 });
  assert.ok(since.data.length >= 3);
  assert.ok(since.data.every((intent) => intent.created >= made[0].created));
  const before = await stripe.paymentIntents.list({ created: { lt: made[0].created }, limit: 100 });
  assert.ok(before.data.every((intent) => intent.created < made[0].created));
});

test('a payment of a customer is theirs all the way down', async () => {
  const customer = await stripe.customers.create({ email: 'jenny@example.com' });
  const intent = await stripe.paymentIntents.create(
    paidWithReturn({
      payment_method: 'pm_card_visa',
      customer: customer.id,
      expand: ['customer', 'latest_charge.customer'],
    }),
  );
  assert.equal(intent.customer.id, customer.id);
  assert.equal(intent.latest_charge.customer.email, 'jenny@example.com');
});

closeWith(server);
