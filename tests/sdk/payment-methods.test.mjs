// payment-methods.test.mjs: cards kept for later: made, attached, made the default, detached.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cardNumber, eventTypesAbout, paid, refused } from './lib/flows.mjs';
import { Server, closeWith } from './lib/server.mjs';

const server = await Server.start();
const stripe = server.stripe(await server.key());

test('a card is made from its number, which is never shown again', async () => {
  const method = await stripe.paymentMethods.create({
    ...cardNumber('4242424242424242'),
    billing_details: {
      name: 'Jenny Rosen',
      email: 'jenny@example.com',
      phone: '+15551234567',
      address: { postal_code: '97477', country: 'US' },
    },
    metadata: { from: 'form' },
  });
  assert.match(method.id, /^pm_\w{14,}$/);
  assert.equal(method.type, 'card');
  assert.equal(method.customer, null);
  assert.equal(method.card.brand, 'visa');
  assert.equal(method.card.display_brand, 'visa');
  assert.equal(method.card.last4, '4242');
  assert.equal(method.card.exp_month, 12);
  assert.equal(method.card.exp_year, 2034);
  assert.equal(method.card.three_d_secure_usage.supported, true);
  assert.deepEqual(method.card.networks.available, ['visa']);
  assert.equal(method.billing_details.name, 'Jenny Rosen');
  assert.equal(method.billing_details.address.postal_code, '97477');
  assert.deepEqual(method.metadata, { from: 'form' });
  const text = JSON.stringify(await stripe.paymentMethods.retrieve(method.id));
  assert.equal(text.includes('4242424242424242'), false);
  assert.equal(text.includes('"cvc"'), false);
});

test('a card is made from a token', async () => {
  const method = await stripe.paymentMethods.create({ type: 'card', card: { token: 'tok_amex' } });
  assert.equal(method.card.brand, 'amex');
});

test('a card is attached, changed, listed and detached', async () => {
  const customer = await stripe.customers.create();
  const made = await stripe.paymentMethods.create(cardNumber('4242424242424242'));
  const kept = await stripe.paymentMethods.attach(made.id, { customer: customer.id });
  assert.equal(kept.id, made.id);
  assert.equal(kept.customer, customer.id);
  const changed = await stripe.paymentMethods.update(made.id, {
    billing_details: { name: 'Jenny' },
    card: { exp_month: 6, exp_year: 2036 },
    metadata: { nick: 'blue' },
  });
  assert.equal(changed.billing_details.name, 'Jenny');
  assert.equal(changed.card.exp_month, 6);
  assert.equal(changed.card.exp_year, 2036);
  assert.equal(changed.card.last4, '4242');
  for (const list of [
    await stripe.paymentMethods.list({ customer: customer.id, type: 'card' }),
    await stripe.customers.listPaymentMethods(customer.id, { type: 'card' }),
    await stripe.customers.listPaymentMethods(customer.id),
  ])
    assert.deepEqual(
      list.data.map((method) => method.id),
      [made.id],
    );
  const one = await stripe.customers.retrievePaymentMethod(customer.id, made.id);
  assert.equal(one.id, made.id);
  const gone = await stripe.paymentMethods.detach(made.id);
  assert.equal(gone.customer, null);
  assert.equal((await stripe.customers.listPaymentMethods(customer.id)).data.length, 0);
  const types = await eventTypesAbout(stripe, made.id);
  assert.deepEqual(types, [
    'payment_method.attached',
    'payment_method.updated',
    'payment_method.detached',
  ]);
});

test('attaching a test name makes a card of its own each time', async () => {
  const customer = await stripe.customers.create();
  const first = await stripe.paymentMethods.attach('pm_card_visa', { customer: customer.id });
  const second = await stripe.paymentMethods.attach('pm_card_visa', { customer: customer.id });
  assert.notEqual(first.id, second.id);
  assert.notEqual(first.id, 'pm_card_visa');
  const { data } = await stripe.customers.listPaymentMethods(customer.id);
  assert.deepEqual(
    data.map((method) => method.id),
    [second.id, first.id],
  );
});

test('only the cards that may be shown again are listed when asked so', async () => {
  const customer = await stripe.customers.create();
  const shown = [];
  for (let i = 0; i < 5; i += 1) {
    const { id } = await stripe.paymentMethods.attach('pm_card_visa', { customer: customer.id });
    if (i % 2 === 0) {
      await stripe.paymentMethods.update(id, { allow_redisplay: 'always' });
      shown.unshift(id);
    }
  }
  const wanted = { customer: customer.id, allow_redisplay: 'always', limit: 2 };
  const first = await stripe.paymentMethods.list(wanted);
  assert.equal(first.has_more, true);
  const rest = await stripe.paymentMethods.list({ ...wanted, starting_after: first.data[1].id });
  assert.equal(rest.has_more, false);
  assert.deepEqual(
    [...first.data, ...rest.data].map((method) => method.id),
    shown,
  );
});

test('a card belongs to one customer at most, and once', async () => {
  const one = await stripe.customers.create();
  const other = await stripe.customers.create();
  const { id } = await stripe.paymentMethods.attach('pm_card_visa', { customer: one.id });
  await refused(stripe.paymentMethods.attach(id, { customer: other.id }), { statusCode: 400 });
  await stripe.paymentMethods.detach(id);
  const error = await refused(stripe.paymentMethods.attach(id, { customer: one.id }), {
    type: 'StripeInvalidRequestError',
    statusCode: 400,
  });
  assert.match(error.message, /detached|previously used|attached/);
  await refused(stripe.paymentMethods.detach(id), { statusCode: 400 });
});

test('a card used up without a customer cannot be used again', async () => {
  const { id } = await stripe.paymentMethods.create(cardNumber('4242424242424242'));
  const intent = await stripe.paymentIntents.create(paid({ payment_method: id }));
  assert.equal(intent.status, 'succeeded');
  await refused(stripe.paymentIntents.create(paid({ payment_method: id })), {
    type: 'StripeInvalidRequestError',
    statusCode: 400,
  });
});

test("another customer's card is refused", async () => {
  const owner = await stripe.customers.create();
  const other = await stripe.customers.create();
  const { id } = await stripe.paymentMethods.attach('pm_card_visa', { customer: owner.id });
  for (const customer of [other.id, undefined])
    await refused(stripe.paymentIntents.create(paid({ payment_method: id, customer })), {
      type: 'StripeInvalidRequestError',
      statusCode: 400,
    });
  const own = await stripe.paymentIntents.create(paid({ payment_method: id, customer: owner.id }));
  assert.equal(own.status, 'succeeded');
});

test('the default of a customer is one of their cards', async () => {
  const customer = await stripe.customers.create();
  const { id } = await stripe.paymentMethods.attach('pm_card_visa', { customer: customer.id });
  const updated = await stripe.customers.update(customer.id, {
    invoice_settings: { default_payment_method: id },
    expand: ['invoice_settings.default_payment_method'],
  });
  assert.equal(updated.invoice_settings.default_payment_method.id, id);
  const stray = await stripe.paymentMethods.create(cardNumber('4242424242424242'));
  await refused(
    stripe.customers.update(customer.id, {
      invoice_settings: { default_payment_method: stray.id },
    }),
    { type: 'StripeInvalidRequestError', statusCode: 400 },
  );
  await stripe.paymentMethods.detach(id);
  const after = await stripe.customers.retrieve(customer.id);
  assert.equal(after.invoice_settings.default_payment_method, null);
});

test('a customer may be made with a card at once', async () => {
  const customer = await stripe.customers.create({
    payment_method: 'pm_card_visa',
    email: 'jenny@example.com',
  });
  const { data } = await stripe.customers.listPaymentMethods(customer.id);
  assert.equal(data.length, 1);
  assert.equal(data[0].customer, customer.id);
});

test('deleting a customer lets go of their cards', async () => {
  const customer = await stripe.customers.create();
  const { id } = await stripe.paymentMethods.attach('pm_card_visa', { customer: customer.id });
  await stripe.customers.del(customer.id);
  assert.equal((await stripe.paymentMethods.retrieve(id)).customer, null);
});

// Each row: what is wrong, the parameters, the parameter that the error names.
const REFUSED = [
  ['no type', { card: { number: '4242424242424242', exp_month: 1, exp_year: 2034 } }, 'type'],
  ['an unknown type', { type: 'zonk' }, 'type'],
  ['a card without details', { type: 'card' }, 'card'],
  ['a card without a number', { type: 'card', card: { exp_month: 1, exp_year: 2034 } }, 'number'],
  ['a card without a month', { type: 'card', card: { number: '4242424242424242' } }, 'exp_month'],
];

for (const [name, params, param] of REFUSED) {
  test(`refused: ${name}`, async () => {
    const error = await refused(stripe.paymentMethods.create(params), { statusCode: 400 });
    assert.match(error.param, new RegExp(param));
  });
}

test('attaching needs a customer that exists', async () => {
  await refused(stripe.paymentMethods.attach('pm_card_visa', {}), {
    code: 'parameter_missing',
    param: 'customer',
  });
  await refused(stripe.paymentMethods.attach('pm_card_visa', { customer: 'cus_none' }), {
    code: 'resource_missing',
    param: 'customer',
  });
});

closeWith(server);
