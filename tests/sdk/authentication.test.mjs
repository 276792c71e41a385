// authentication.test.mjs: payments for which the customer must first prove who they are.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  authenticate,
  challengePage,
  eventTypesAbout,
  paid,
  paidWithReturn,
  refused,
} from './lib/flows.mjs';
import { Server, closeWith } from './lib/server.mjs';

const server = await Server.start();
const stripe = server.stripe(await server.key());
const challenged = (extra = {}) =>
  paidWithReturn({ payment_method: 'pm_card_authenticationRequired', ...extra });

test('a card that must be authenticated asks for a redirect', async () => {
  const intent = await stripe.paymentIntents.create(challenged());
  assert.equal(intent.status, 'requires_action');
  assert.equal(intent.next_action.type, 'redirect_to_url');
  assert.match(intent.next_action.redirect_to_url.url, /^http/);
  assert.equal(intent.next_action.redirect_to_url.return_url, 'https://shop.example/back');
  assert.equal(intent.amount_received, 0);
  assert.equal(intent.latest_charge, null);
});

test('without a return address the client library is asked to act', async () => {
  const intent = await stripe.paymentIntents.create(
    paid({ payment_method: 'pm_card_authenticationRequired' }),
  );
  assert.equal(intent.status, 'requires_action');
  assert.equal(intent.next_action.type, 'use_stripe_sdk');
  await authenticate(server, intent);
  assert.equal((await stripe.paymentIntents.retrieve(intent.id)).status, 'succeeded');
});

test('the customer who passes pays, and comes back to the shop', async () => {
  const intent = await stripe.paymentIntents.create(challenged());
  const reply = await authenticate(server, intent, 'succeeded');
  assert.equal(reply.status, 303);
  const back = new URL(reply.headers.location);
  assert.equal(back.origin + back.pathname, 'https://shop.example/back');
  assert.equal(back.searchParams.get('payment_intent'), intent.id);
  assert.equal(back.searchParams.get('payment_intent_client_secret'), intent.client_secret);
  assert.equal(back.searchParams.get('redirect_status'), 'succeeded');
  const paidIntent = await stripe.paymentIntents.retrieve(intent.id, { expand: ['latest_charge'] });
  assert.equal(paidIntent.status, 'succeeded');
  assert.equal(paidIntent.next_action, null);
  const secure = paidIntent.latest_charge.payment_method_details.card.three_d_secure;
  assert.equal(secure.result, 'authenticated');
  assert.deepEqual(await eventTypesAbout(stripe, intent.id), [
    'payment_intent.created',
    'payment_intent.requires_action',
    'payment_intent.succeeded',
  ]);
});

test('the customer who fails does not pay and may try another card', async () => {
  const intent = await stripe.paymentIntents.create(challenged());
  const reply = await authenticate(server, intent, 'failed');
  const back = new URL(reply.headers.location);
  assert.equal(back.searchParams.get('redirect_status'), 'failed');
  const failed = await stripe.paymentIntents.retrieve(intent.id);
  assert.equal(failed.status, 'requires_payment_method');
  assert.equal(failed.payment_method, null);
  assert.equal(failed.next_action, null);
  assert.equal(failed.last_payment_error.code, 'payment_intent_authentication_failure');
  assert.ok((await eventTypesAbout(stripe, intent.id)).includes('payment_intent.payment_failed'));
  const retried = await stripe.paymentIntents.confirm(intent.id, { payment_method: 'pm_card_visa' });
  assert.equal(retried.status, 'succeeded');
});

test('a page that was used up does nothing more', async () => {
  const intent = await stripe.paymentIntents.create(challenged());
  const url = new URL(challengePage(intent));
  await authenticate(server, intent, 'succeeded');
  const again = await server.request('POST', url.pathname + url.search, {
    body: { outcome: 'failed' },
  });
  assert.ok(again.status < 500, again.text);
  const after = await stripe.paymentIntents.retrieve(intent.id);
  assert.equal(after.status, 'succeeded');
  const { data } = await stripe.charges.list({ payment_intent: intent.id });
  assert.equal(data.length, 1);
});

test('a page with a made-up name is not found', async () => {
  const intent = await stripe.paymentIntents.create(challenged());
  const url = new URL(challengePage(intent));
  const forged = `${url.pathname}x${url.search}`;
  for (const method of ['GET', 'POST']) {
    const reply = await server.request(method, forged, { body: { outcome: 'succeeded' } });
    assert.ok(reply.status >= 400 && reply.status < 500, `${method}: ${reply.status}`);
  }
  assert.equal((await stripe.paymentIntents.retrieve(intent.id)).status, 'requires_action');
});

test('manual capture only reserves after the customer has passed', async () => {
  const intent = await stripe.paymentIntents.create(challenged({ capture_method: 'manual' }));
  await authenticate(server, intent);
  const held = await stripe.paymentIntents.retrieve(intent.id);
  assert.equal(held.status, 'requires_capture');
  assert.equal(held.amount_capturable, 2000);
  assert.equal((await stripe.paymentIntents.capture(intent.id)).amount_received, 2000);
});

test('manual confirmation comes back to the server after the customer has passed', async () => {
  const intent = await stripe.paymentIntents.create(
    challenged({ confirmation_method: 'manual', return_url: undefined }),
  );
  assert.equal(intent.status, 'requires_action');
  await authenticate(server, intent);
  const ready = await stripe.paymentIntents.retrieve(intent.id);
  assert.equal(ready.status, 'requires_confirmation');
  const done = await stripe.paymentIntents.confirm(intent.id);
  assert.equal(done.status, 'succeeded');
});

test('a declined card is declined after the customer has passed', async () => {
  const intent = await stripe.paymentIntents.create(
    paidWithReturn({ payment_method: 'pm_card_authenticationRequiredChargeDeclinedInsufficientFunds' }),
  );
  assert.equal(intent.status, 'requires_action');
  await authenticate(server, intent);
  const declined = await stripe.paymentIntents.retrieve(intent.id);
  assert.equal(declined.status, 'requires_payment_method');
  assert.equal(declined.last_payment_error.code, 'card_declined');
  assert.equal(declined.last_payment_error.decline_code, 'insufficient_funds');
});

test('off session nobody can be asked, so the payment is refused', async () => {
  const error = await refused(
    stripe.paymentIntents.create(challenged({ off_session: true, return_url: undefined })),
    {
      type: 'StripeCardError',
      statusCode: 402,
      code: 'authentication_required',
      decline_code: 'authentication_required',
    },
  );
  assert.equal(error.payment_intent.status, 'requires_payment_method');
  assert.equal(error.payment_intent.last_payment_error.code, 'authentication_required');
  assert.equal(error.payment_intent.last_payment_error.payment_method.card.last4, '3184');
  const back = await stripe.paymentIntents.confirm(error.payment_intent.id, {
    payment_method: 'pm_card_authenticationRequired',
    return_url: 'https://shop.example/back',
  });
  assert.equal(back.status, 'requires_action');
});

test('a merchant may prefer an error to an action', async () => {
  const error = await refused(
    stripe.paymentIntents.create(
      challenged({ error_on_requires_action: true, return_url: undefined }),
    ),
    { type: 'StripeCardError', statusCode: 402, code: 'authentication_required' },
  );
  assert.equal(error.payment_intent.status, 'requires_payment_method');
});

test('a merchant may ask for a challenge that the card does not need', async () => {
  const intent = await stripe.paymentIntents.create(
    paidWithReturn({
      payment_method: 'pm_card_threeDSecureOptional',
      payment_method_options: { card: { request_three_d_secure: 'challenge' } },
    }),
  );
  assert.equal(intent.status, 'requires_action');
  await authenticate(server, intent);
  assert.equal((await stripe.paymentIntents.retrieve(intent.id)).status, 'succeeded');
});

test('an intent can be cancelled while the customer is asked', async () => {
  const intent = await stripe.paymentIntents.create(challenged());
  const gone = await stripe.paymentIntents.cancel(intent.id);
  assert.equal(gone.status, 'canceled');
  assert.equal(gone.next_action, null);
  const url = new URL(challengePage(intent));
  await server.request('POST', url.pathname + url.search, { body: { outcome: 'succeeded' } });
  assert.equal((await stripe.paymentIntents.retrieve(intent.id)).status, 'canceled');
});

test('a card set up during a payment later pays off session', async () => {
  const customer = await stripe.customers.create();
  const first = await stripe.paymentIntents.create(
    paidWithReturn({
      customer: customer.id,
      payment_method: 'pm_card_authenticationRequiredOnSetup',
      setup_future_usage: 'off_session',
    }),
  );
  assert.equal(first.status, 'requires_action');
  await authenticate(server, first);
  const done = await stripe.paymentIntents.retrieve(first.id);
  assert.equal(done.status, 'succeeded');
  assert.equal(done.setup_future_usage, 'off_session');
  const { data } = await stripe.customers.listPaymentMethods(customer.id);
  assert.deepEqual(
    data.map((method) => method.id),
    [done.payment_method],
  );
  const later = await stripe.paymentIntents.create({
    amount: 999,
    currency: 'usd',
    customer: customer.id,
    payment_method: done.payment_method,
    payment_method_types: ['card'],
    off_session: true,
    confirm: true,
  });
  assert.equal(later.status, 'succeeded');
});

test('a card that was never set up is refused off session', async () => {
  await refused(
    stripe.paymentIntents.create(
      paid({ payment_method: 'pm_card_authenticationRequiredOnSetup', off_session: true }),
    ),
    { type: 'StripeCardError', code: 'authentication_required' },
  );
});

test('a card set up elsewhere pays off session but is challenged on session', async () => {
  const card = 'pm_card_authenticationRequiredSetupForOffSession';
  const away = await stripe.paymentIntents.create(paid({ payment_method: card, off_session: true }));
  assert.equal(away.status, 'succeeded');
  const here = await stripe.paymentIntents.create(paidWithReturn({ payment_method: card }));
  assert.equal(here.status, 'requires_action');
});

closeWith(server);
