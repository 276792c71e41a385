// customers.test.mjs: customers from first to last, and the rules for metadata.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventTypesAbout, refused } from './lib/flows.mjs';
import { Server, closeWith } from './lib/server.mjs';

const server = await Server.start();
const stripe = server.stripe(await server.key());

const FULL = {
  name: 'Jenny Rosen',
  email: 'jenny@example.com',
  phone: '+15551234567',
  description: 'Comes on Fridays',
  address: {
    line1: '1 Main St',
    line2: 'Flat 2',
    city: 'Springfield',
    state: 'OR',
    postal_code: '97477',
    country: 'US',
  },
  shipping: {
    name: 'Jenny',
    phone: '+15557654321',
    address: { line1: '2 Side St', city: 'Eugene', state: 'OR', postal_code: '97401', country: 'US' },
  },
  metadata: { tier: 'gold' },
  preferred_locales: ['en', 'fr'],
  tax_exempt: 'none',
};

test('an empty customer is a customer', async () => {
  const customer = await stripe.customers.create();
  assert.match(customer.id, /^cus_\w{14,}$/);
  assert.equal(customer.object, 'customer');
  assert.equal(customer.email, null);
  assert.equal(customer.default_source, null);
  assert.equal(customer.livemode, false);
  assert.equal(customer.balance, 0);
  assert.equal(customer.delinquent, false);
  assert.deepEqual(customer.metadata, {});
  assert.equal(customer.invoice_settings.default_payment_method, null);
  assert.match(customer.invoice_prefix, /^[A-Z0-9]{3,12}$/);
});

test('everything said about a customer is kept', async () => {
  const made = await stripe.customers.create(FULL);
  const read = await stripe.customers.retrieve(made.id);
  for (const seen of [made, read]) {
    for (const key of ['name', 'email', 'phone', 'description', 'metadata', 'preferred_locales'])
      assert.deepEqual(seen[key], FULL[key], key);
    assert.deepEqual(seen.address, FULL.address);
    assert.equal(seen.shipping.name, 'Jenny');
    assert.equal(seen.shipping.address.line2, null);
  }
});

test('an update changes what it names and nothing else', async () => {
  const { id } = await stripe.customers.create(FULL);
  const updated = await stripe.customers.update(id, {
    email: 'new@example.com',
    description: '',
    address: { city: 'Portland' },
  });
  assert.equal(updated.email, 'new@example.com');
  assert.equal(updated.description, null);
  assert.equal(updated.name, FULL.name);
  assert.equal(updated.address.city, 'Portland');
  assert.deepEqual(await eventTypesAbout(stripe, id), ['customer.created', 'customer.updated']);
  const event = (await stripe.events.list({ type: 'customer.updated', limit: 1 })).data[0];
  assert.equal(event.data.previous_attributes.email, FULL.email);
  assert.equal(event.data.previous_attributes.description, FULL.description);
  assert.equal('name' in event.data.previous_attributes, false);
});

test('a deleted customer leaves its name behind', async () => {
  const { id } = await stripe.customers.create(FULL);
  assert.deepEqual({ ...(await stripe.customers.del(id)) }, { id, object: 'customer', deleted: true });
  const read = await stripe.customers.retrieve(id);
  assert.equal(read.deleted, true);
  assert.equal('email' in read, false);
  const { data } = await stripe.customers.list({ limit: 100 });
  assert.equal(
    data.some((customer) => customer.id === id),
    false,
  );
  await refused(stripe.customers.update(id, { name: 'Ghost' }), {
    code: 'resource_missing',
    statusCode: 404,
  });
  await refused(stripe.customers.del(id), { code: 'resource_missing', statusCode: 404 });
  assert.ok((await eventTypesAbout(stripe, id)).includes('customer.deleted'));
});

test('customers are found by their e-mail address, in its exact case', async () => {
  const email = 'Only.One@example.com';
  const { id } = await stripe.customers.create({ email });
  const found = await stripe.customers.list({ email });
  assert.deepEqual(
    found.data.map((customer) => customer.id),
    [id],
  );
  assert.equal((await stripe.customers.list({ email: email.toLowerCase() })).data.length, 0);
});

test('text in any script comes back as it went', async () => {
  const name = 'Žofie 渡辺 🏦 "quoted" \\ back & amp; <b> \u0001 %00 + plus';
  const made = await stripe.customers.create({ name, metadata: { 'clé, x': 'ñ=1&b=2' } });
  const read = await stripe.customers.retrieve(made.id);
  assert.equal(read.name, name);
  assert.deepEqual(read.metadata, { 'clé, x': 'ñ=1&b=2' });
});

// Each row: what is wrong, the parameters, the parameter that the error names.
const REFUSED = [
  ['an e-mail address that is none', { email: 'nobody' }, 'email'],
  ['an unknown parameter', { zonk: '1' }, 'zonk'],
  ['a list where text belongs', { name: ['a'] }, 'name'],
  ['a map where text belongs', { name: { a: 'b' } }, 'name'],
  ['text where a map belongs', { address: 'Main St' }, 'address'],
  ['a name that is too long', { name: 'x'.repeat(5001) }, 'name'],
];

for (const [name, params, param] of REFUSED) {
  test(`refused: ${name}`, async () => {
    const error = await refused(stripe.customers.create(params), {
      type: 'StripeInvalidRequestError',
      statusCode: 400,
    });
    assert.match(error.param, new RegExp(`^${param}`));
  });
}

test('metadata is merged, and an empty value takes a key away', async () => {
  const { id } = await stripe.customers.create({ metadata: { a: '1', b: '2' } });
  const more = await stripe.customers.update(id, { metadata: { b: '3', c: '4' } });
  assert.deepEqual(more.metadata, { a: '1', b: '3', c: '4' });
  const less = await stripe.customers.update(id, { metadata: { a: '' } });
  assert.deepEqual(less.metadata, { b: '3', c: '4' });
  const same = await stripe.customers.update(id, { name: 'Jenny' });
  assert.deepEqual(same.metadata, { b: '3', c: '4' });
  const none = await stripe.customers.update(id, { metadata: '' });
  assert.deepEqual(none.metadata, {});
});

test('metadata values are text, whatever they were sent as', async () => {
  const { metadata } = await stripe.customers.create({ metadata: { n: 7, t: true } });
  assert.deepEqual(metadata, { n: '7', t: 'true' });
});

const keys = (n) => Object.fromEntries(Array.from({ length: n }, (_, i) => [`k${i}`, 'v']));

test('metadata holds fifty keys of forty letters with five hundred letters each', async () => {
  const { id, metadata } = await stripe.customers.create({
    metadata: { ...keys(49), ['k'.repeat(40)]: 'v'.repeat(500) },
  });
  assert.equal(Object.keys(metadata).length, 50);
  await refused(stripe.customers.update(id, { metadata: { another: 'v' } }), { statusCode: 400 });
  const swapped = await stripe.customers.update(id, { metadata: { k0: '', another: 'v' } });
  assert.equal(Object.keys(swapped.metadata).length, 50);
});

for (const [name, metadata] of [
  ['fifty-one keys', keys(51)],
  ['a key of forty-one letters', { ['k'.repeat(41)]: 'v' }],
  ['a value of five hundred and one letters', { k: 'v'.repeat(501) }],
  ['a map inside the map', { k: { deeper: 'v' } }],
]) {
  test(`metadata refuses ${name}`, async () => {
    const error = await refused(stripe.customers.create({ metadata }), {
      type: 'StripeInvalidRequestError',
      statusCode: 400,
    });
    assert.match(error.param, /^metadata/);
  });
}

closeWith(server);
