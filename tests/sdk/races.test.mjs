// races.test.mjs: many requests for the same thing at once; whatever the order, money adds up.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { paid } from './lib/flows.mjs';
import { Server, closeWith } from './lib/server.mjs';

const server = await Server.start();
const stripe = server.stripe(await server.key());

// Runs attempts side by side; returns what succeeded and the errors of what did not.
async function together(count, attempt) {
  const outcomes = await Promise.allSettled(Array.from({ length: count }, (_, i) => attempt(i)));
  const done = outcomes.filter((each) => each.status === 'fulfilled').map((each) => each.value);
  const errors = outcomes.filter((each) => each.status === 'rejected').map((each) => each.reason);
  for (const error of errors)
    assert.equal(error.type, 'StripeInvalidRequestError', `${error.type}: ${error.message}`);
  return { done, errors };
}

test('refunds at once never give back more than was paid', async () => {
  const intent = await stripe.paymentIntents.create(paid());
  const { done, errors } = await together(20, () =>
    stripe.refunds.create({ payment_intent: intent.id, amount: 300 }),
  );
  assert.equal(done.length, 6);
  assert.equal(errors.length, 14);
  const charge = await stripe.charges.retrieve(intent.latest_charge);
  assert.equal(charge.amount_refunded, 1800);
  assert.equal(charge.refunded, false);
});

test('one of many whole refunds is carried out', async () => {
  const intent = await stripe.paymentIntents.create(paid());
  const { done, errors } = await together(10, () =>
    stripe.refunds.create({ payment_intent: intent.id }),
  );
  assert.equal(done.length, 1);
  for (const error of errors) assert.equal(error.code, 'charge_already_refunded');
});

test('one of many confirmations charges the card', async () => {
  const intent = await stripe.paymentIntents.create({
    amount: 2000,
    currency: 'usd',
    payment_method: 'pm_card_visa',
    payment_method_types: ['card'],
  });
  const { done, errors } = await together(10, () => stripe.paymentIntents.confirm(intent.id));
  assert.equal(done.length, 1);
  for (const error of errors) assert.equal(error.code, 'payment_intent_unexpected_state');
  assert.equal((await stripe.charges.list({ payment_intent: intent.id })).data.length, 1);
});

test('one of many captures takes the money', async () => {
  const held = await stripe.paymentIntents.create(paid({ capture_method: 'manual' }));
  const { done } = await together(10, (i) =>
    stripe.paymentIntents.capture(held.id, { amount_to_capture: 1000 + i }),
  );
  assert.equal(done.length, 1);
  const after = await stripe.paymentIntents.retrieve(held.id);
  assert.equal(after.amount_received, done[0].amount_received);
  const { data } = await stripe.balanceTransactions.list({ source: held.latest_charge });
  assert.equal(data.length, 1);
  assert.equal(data[0].amount, after.amount_received);
});

test('either the capture or the cancellation wins, never both', async () => {
  for (let round = 0; round < 10; round++) {
    const held = await stripe.paymentIntents.create(paid({ capture_method: 'manual' }));
    const { done } = await together(2, (i) =>
      i === round % 2 ? stripe.paymentIntents.capture(held.id) : stripe.paymentIntents.cancel(held.id),
    );
    assert.equal(done.length, 1);
    const after = await stripe.paymentIntents.retrieve(held.id);
    assert.equal(after.status, done[0].status);
    assert.equal(after.amount_received, after.status === 'succeeded' ? 2000 : 0);
  }
});

test('keys of metadata that are set at once are all kept', async () => {
  const { id } = await stripe.customers.create();
  await together(40, (i) => stripe.customers.update(id, { metadata: { [`k${i}`]: `${i}` } }));
  const { metadata } = await stripe.customers.retrieve(id);
  assert.equal(Object.keys(metadata).length, 40);
});

test('a card is attached once', async () => {
  const made = await stripe.paymentMethods.create({ type: 'card', card: { token: 'tok_visa' } });
  const owners = await Promise.all(Array.from({ length: 5 }, () => stripe.customers.create()));
  const { done } = await together(5, (i) =>
    stripe.paymentMethods.attach(made.id, { customer: owners[i].id }),
  );
  assert.equal(done.length, 1);
  let listed = 0;
  for (const owner of owners)
    listed += (await stripe.customers.listPaymentMethods(owner.id)).data.length;
  assert.equal(listed, 1);
});

test('payments at once all arrive in the balance', async () => {
  const total = async () => {
    const { available, pending } = await stripe.balance.retrieve();
    return [...available, ...pending].reduce((sum, each) => sum + each.amount, 0);
  };
  const before = await total();
  const { done } = await together(100, (i) => stripe.paymentIntents.create(paid({ amount: 1000 + i })));
  assert.equal(done.length, 100);
  assert.equal(new Set(done.map((each) => each.id)).size, 100);
  let net = 0;
  for (const { amount } of done) net += amount - (Math.round((amount * 29) / 1000) + 30);
  assert.equal((await total()) - before, net);
});

test('a list read while others pay shows each payment once', async () => {
  const writing = together(60, () => stripe.paymentIntents.create(paid({ metadata: { crowd: '1' } })));
  const seen = [];
  for await (const intent of stripe.paymentIntents.list({ limit: 10 })) seen.push(intent.id);
  await writing;
  assert.equal(new Set(seen).size, seen.length);
});

closeWith(server);
