// events.test.mjs: every change leaves an event, and events are found by type.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventTypesAbout, eventsOf, paid, paidWithReturn, refused } from './lib/flows.mjs';
import { Server, closeWith } from './lib/server.mjs';

const server = await Server.start();
const stripe = server.stripe(await server.key());

test('an event tells what happened, to what, and by which request', async () => {
  const params = { name: 'Jenny', metadata: { a: '1' } };
  const options = { idempotencyKey: 'event-origin' };
  const customer = await stripe.customers.create(params, options);
  const [event] = (await stripe.events.list({ limit: 1 })).data;
  assert.match(event.id, /^evt_\w{14,}$/);
  assert.equal(event.object, 'event');
  assert.equal(event.type, 'customer.created');
  assert.equal(event.livemode, false);
  assert.equal(event.pending_webhooks, 0);
  assert.equal(event.api_version, '2026-10-28.endive');
  assert.equal(event.request.id, customer.lastResponse.requestId);
  assert.equal(event.request.idempotency_key, 'event-origin');
  assert.deepEqual(event.data.object, JSON.parse(JSON.stringify(customer)));
  const read = await stripe.events.retrieve(event.id);
  assert.deepEqual(read.data, event.data);
});

test('an event keeps what was true then', async () => {
  const { id } = await stripe.customers.create({ name: 'Before' });
  await stripe.customers.update(id, { name: 'After', metadata: { k: 'v' } });
  const [created] = await eventsOf(stripe, ['customer.created'], 1);
  const [updated] = await eventsOf(stripe, ['customer.updated'], 1);
  assert.equal(created.data.object.name, 'Before');
  assert.equal(updated.data.object.name, 'After');
  assert.equal(updated.data.previous_attributes.name, 'Before');
  assert.equal('email' in updated.data.previous_attributes, false);
  assert.equal(created.data.previous_attributes, undefined);
});

test('an update that changes nothing is no event', async () => {
  const { id } = await stripe.customers.create({ name: 'Same' });
  await stripe.customers.update(id, { name: 'Same' });
  assert.deepEqual(await eventTypesAbout(stripe, id), ['customer.created']);
});

// Each row: what is done, and the events about the intent and about its charge, oldest first.
const STORIES = [
  [
    'a payment in one step',
    async () => stripe.paymentIntents.create(paid()),
    ['payment_intent.created', 'payment_intent.succeeded'],
    ['charge.succeeded'],
  ],
  [
    'a reservation that is captured',
    async () => {
      const { id } = await stripe.paymentIntents.create(paid({ capture_method: 'manual' }));
      return stripe.paymentIntents.capture(id);
    },
    [
      'payment_intent.created',
      'payment_intent.amount_capturable_updated',
      'payment_intent.succeeded',
    ],
    ['charge.succeeded', 'charge.captured'],
  ],
  [
    'a reservation that is cancelled',
    async () => {
      const { id } = await stripe.paymentIntents.create(paid({ capture_method: 'manual' }));
      return stripe.paymentIntents.cancel(id);
    },
    [
      'payment_intent.created',
      'payment_intent.amount_capturable_updated',
      'payment_intent.canceled',
    ],
    ['charge.succeeded', 'charge.refunded'],
  ],
  [
    'a card that is declined',
    async () => {
      const attempt = paid({ payment_method: 'pm_card_visa_chargeDeclined' });
      return (await refused(stripe.paymentIntents.create(attempt))).payment_intent;
    },
    ['payment_intent.created', 'payment_intent.payment_failed'],
    ['charge.failed'],
  ],
  [
    'a challenge',
    async () =>
      stripe.paymentIntents.create(
        paidWithReturn({ payment_method: 'pm_card_authenticationRequired' }),
      ),
    ['payment_intent.created', 'payment_intent.requires_action'],
    [],
  ],
];

for (const [name, act, aboutIntent, aboutCharge] of STORIES) {
  test(`the events of ${name}`, async () => {
    const intent = await act();
    assert.deepEqual(await eventTypesAbout(stripe, intent.id), aboutIntent);
    const charge = intent.latest_charge;
    if (charge) {
      const seen = await eventTypesAbout(stripe, charge);
      // Stripe adds `charge.updated` when the balance transaction is known.
      assert.deepEqual(
        seen.filter((type) => type !== 'charge.updated'),
        aboutCharge,
      );
    } else assert.deepEqual(aboutCharge, []);
  });
}

test('events are found by type, by a group of types, and by a list of them', async () => {
  const types = async (filter) => [
    ...new Set((await stripe.events.list({ limit: 100, ...filter })).data.map((each) => each.type)),
  ];
  assert.deepEqual(await types({ type: 'charge.succeeded' }), ['charge.succeeded']);
  const charges = await types({ type: 'charge.*' });
  assert.ok(charges.length > 1);
  assert.ok(charges.every((type) => type.startsWith('charge.')));
  const pair = await types({ types: ['customer.created', 'charge.failed'] });
  assert.deepEqual(pair.sort(), ['charge.failed', 'customer.created']);
  assert.deepEqual(await types({ type: 'invoice.paid' }), []);
  assert.deepEqual(await types({ type: 'invoice.*' }), []);
  for (const type of ['', 'zonk', 'charge*', '.', 'Charge.failed', '*.failed'])
    await refused(stripe.events.list({ type }), { statusCode: 400, param: 'type' });
  await refused(stripe.events.list({ type: 'charge.*', types: ['charge.failed'] }), {
    type: 'StripeInvalidRequestError',
    statusCode: 400,
  });
});

test('events are listed newest first, by time', async () => {
  const { data } = await stripe.events.list({ limit: 100 });
  for (let i = 1; i < data.length; i++) assert.ok(data[i - 1].created >= data[i].created);
  assert.equal((await stripe.events.list({ created: { gt: 4102444800 } })).data.length, 0);
});

test('no such event', async () => {
  await refused(stripe.events.retrieve('evt_none'), { code: 'resource_missing', statusCode: 404 });
});

test('the account tells who the merchant is', async () => {
  const account = await stripe.accounts.retrieveCurrent();
  assert.match(account.id, /^acct_\w+$/);
  assert.equal(account.object, 'account');
  assert.equal(account.charges_enabled, true);
  assert.equal(account.country, 'US');
  assert.equal(account.default_currency, 'usd');
  const same = await stripe.accounts.retrieve(account.id);
  assert.equal(same.id, account.id);
});

closeWith(server);
