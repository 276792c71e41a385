// setup-intents.test.mjs: cards set up for later without a payment, and each attempt at it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { authenticate, eventTypesAbout, refused } from './lib/flows.mjs';
import { Server, closeWith } from './lib/server.mjs';

const server = await Server.start();
const stripe = server.stripe(await server.key());

const setUp = (extra = {}) => ({
  confirm: true,
  payment_method: 'pm_card_visa',
  payment_method_types: ['card'],
  ...extra,
});

test('a new setup intent waits for a payment method', async () => {
  const intent = await stripe.setupIntents.create({ metadata: { a: '1' } });
  assert.match(intent.id, /^seti_\w{14,}$/);
  assert.equal(intent.object, 'setup_intent');
  assert.equal(intent.status, 'requires_payment_method');
  assert.equal(intent.usage, 'off_session');
  assert.match(intent.client_secret, new RegExp(`^${intent.id}_secret_`));
  assert.equal(intent.latest_attempt, null);
  assert.deepEqual(intent.metadata, { a: '1' });
});

test('a setup intent is changed, confirmed, and the card is kept', async () => {
  const customer = await stripe.customers.create();
  const made = await stripe.setupIntents.create({
    customer: customer.id,
    usage: 'on_session',
    payment_method_types: ['card'],
  });
  assert.equal(made.usage, 'on_session');
  const updated = await stripe.setupIntents.update(made.id, {
    description: 'Blue card',
    payment_method: 'pm_card_visa',
  });
  assert.equal(updated.status, 'requires_confirmation');
  const done = await stripe.setupIntents.confirm(made.id, { expand: ['payment_method'] });
  assert.equal(done.status, 'succeeded');
  assert.equal(done.payment_method.customer, customer.id);
  assert.equal(done.description, 'Blue card');
  assert.match(done.latest_attempt, /^setatt_/);
  const { data } = await stripe.customers.listPaymentMethods(customer.id);
  assert.deepEqual(
    data.map((method) => method.id),
    [done.payment_method.id],
  );
  assert.deepEqual(await eventTypesAbout(stripe, made.id), [
    'setup_intent.created',
    'setup_intent.succeeded',
  ]);
});

test('creating and confirming in one call sets up', async () => {
  const intent = await stripe.setupIntents.create(setUp({ expand: ['latest_attempt'] }));
  assert.equal(intent.status, 'succeeded');
  const attempt = intent.latest_attempt;
  assert.equal(attempt.object, 'setup_attempt');
  assert.equal(attempt.status, 'succeeded');
  assert.equal(attempt.setup_intent, intent.id);
  assert.equal(attempt.payment_method, intent.payment_method);
  assert.equal(attempt.payment_method_details.type, 'card');
  assert.equal(attempt.setup_error, null);
  assert.equal(attempt.usage, 'off_session');
});

test('a declined card is an error that carries the setup intent, and an attempt', async () => {
  const error = await refused(
    stripe.setupIntents.create(setUp({ payment_method: 'pm_card_visa_chargeDeclined' })),
    { type: 'StripeCardError', statusCode: 402, code: 'card_declined' },
  );
  const intent = error.setup_intent;
  assert.equal(intent.status, 'requires_payment_method');
  assert.equal(intent.last_setup_error.code, 'card_declined');
  assert.equal(intent.payment_method, null);
  const done = await stripe.setupIntents.confirm(intent.id, { payment_method: 'pm_card_visa' });
  assert.equal(done.status, 'succeeded');
  assert.equal(done.last_setup_error, null);
  const { data } = await stripe.setupAttempts.list({ setup_intent: intent.id });
  assert.deepEqual(
    data.map((attempt) => attempt.status),
    ['succeeded', 'failed'],
  );
  assert.equal(data[1].setup_error.code, 'card_declined');
  assert.deepEqual(await eventTypesAbout(stripe, intent.id), [
    'setup_intent.created',
    'setup_intent.setup_failed',
    'setup_intent.succeeded',
  ]);
});

test('a card that must be authenticated is set up once the customer has passed', async () => {
  const customer = await stripe.customers.create();
  const intent = await stripe.setupIntents.create(
    setUp({
      customer: customer.id,
      payment_method: 'pm_card_authenticationRequiredOnSetup',
      return_url: 'https://shop.example/back',
    }),
  );
  assert.equal(intent.status, 'requires_action');
  assert.equal(intent.next_action.type, 'redirect_to_url');
  const reply = await authenticate(server, intent);
  const back = new URL(reply.headers.location);
  assert.equal(back.searchParams.get('setup_intent'), intent.id);
  assert.equal(back.searchParams.get('redirect_status'), 'succeeded');
  const done = await stripe.setupIntents.retrieve(intent.id, { expand: ['latest_attempt'] });
  assert.equal(done.status, 'succeeded');
  assert.equal(done.next_action, null);
  const secure = done.latest_attempt.payment_method_details.card.three_d_secure;
  assert.equal(secure.result, 'authenticated');
  const later = await stripe.paymentIntents.create({
    amount: 500,
    currency: 'usd',
    customer: customer.id,
    payment_method: done.payment_method,
    payment_method_types: ['card'],
    off_session: true,
    confirm: true,
  });
  assert.equal(later.status, 'succeeded');
});

test('a customer who fails has not set up the card', async () => {
  const intent = await stripe.setupIntents.create(
    setUp({
      payment_method: 'pm_card_authenticationRequired',
      return_url: 'https://shop.example/back',
    }),
  );
  await authenticate(server, intent, 'failed');
  const failed = await stripe.setupIntents.retrieve(intent.id);
  assert.equal(failed.status, 'requires_payment_method');
  assert.equal(failed.last_setup_error.code, 'setup_intent_authentication_failure');
  const { data } = await stripe.setupAttempts.list({ setup_intent: intent.id });
  assert.equal(data[0].status, 'failed');
});

for (const reason of ['abandoned', 'requested_by_customer', 'duplicate']) {
  test(`a setup intent is cancelled as ${reason}`, async () => {
    const { id } = await stripe.setupIntents.create();
    const gone = await stripe.setupIntents.cancel(id, { cancellation_reason: reason });
    assert.equal(gone.status, 'canceled');
    assert.equal(gone.cancellation_reason, reason);
    await refused(stripe.setupIntents.confirm(id, { payment_method: 'pm_card_visa' }), {
      code: 'setup_intent_unexpected_state',
      statusCode: 400,
    });
    assert.ok((await eventTypesAbout(stripe, id)).includes('setup_intent.canceled'));
  });
}

test('a setup intent that succeeded is settled', async () => {
  const { id } = await stripe.setupIntents.create(setUp());
  for (const verb of ['cancel', 'confirm'])
    await refused(stripe.setupIntents[verb](id), { code: 'setup_intent_unexpected_state', statusCode: 400 });
});

test('setup intents are listed by customer and payment method', async () => {
  const customer = await stripe.customers.create();
  const intent = await stripe.setupIntents.create(setUp({ customer: customer.id }));
  await stripe.setupIntents.create(setUp());
  for (const filter of [{ customer: customer.id }, { payment_method: intent.payment_method }]) {
    const { data } = await stripe.setupIntents.list(filter);
    assert.deepEqual(
      data.map((each) => each.id),
      [intent.id],
    );
  }
});

test('attempts are listed for one setup intent only', async () => {
  await refused(stripe.setupAttempts.list({}), {
    code: 'parameter_missing',
    param: 'setup_intent',
  });
});

closeWith(server);
