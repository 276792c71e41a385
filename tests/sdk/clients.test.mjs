// clients.test.mjs: the many ways in which the official SDK can be set up to talk to a server.

import assert from 'node:assert/strict';
import http from 'node:http';
import { test } from 'node:test';
import Stripe from 'stripe';
import { paid, refused } from './lib/flows.mjs';
import { Server, closeWith } from './lib/server.mjs';

const server = await Server.start();
const key = await server.key();
const stripe = server.stripe(key);
const address = { host: server.host, port: server.port, protocol: 'http' };

// Each row: what is different, the options.
const SETUPS = [
  ['as it comes', {}],
  ['through fetch', { httpClient: Stripe.createFetchHttpClient() }],
  ['with a connection for each request', { httpAgent: new http.Agent({ keepAlive: false }) }],
  ['with few connections', { httpAgent: new http.Agent({ keepAlive: true, maxSockets: 2 }) }],
  ['with retries', { maxNetworkRetries: 3 }],
  ['with the name of an application', { appInfo: { name: 'Shop', version: '1.0' } }],
  ['without a version of its own', { apiVersion: null }],
  ['without telemetry', { telemetry: false }],
  ['with a short patience', { timeout: 5000 }],
];

for (const [name, options] of SETUPS) {
  test(`the SDK ${name} takes a payment`, async () => {
    const client = new Stripe(key, { ...address, ...options });
    const made = await Promise.all(
      Array.from({ length: 5 }, () => client.paymentIntents.create(paid())),
    );
    assert.equal(new Set(made.map((intent) => intent.id)).size, 5);
    const intent = await client.paymentIntents.retrieve(made[0].id, { expand: ['latest_charge'] });
    assert.equal(intent.latest_charge.paid, true);
    await refused(client.charges.retrieve('ch_none'), { statusCode: 404 });
  });
}

test('a key may be given for one request', async () => {
  const other = await server.key({ mode: 'live' });
  const customer = await stripe.customers.create({ name: 'Live' }, { apiKey: other });
  assert.equal(customer.livemode, true);
  assert.equal((await stripe.customers.list()).data.length, 0);
});

test('the merchant may be named, and no other', async () => {
  const { id } = await stripe.accounts.retrieveCurrent();
  const own = await stripe.balance.retrieve({}, { stripeAccount: id });
  assert.equal(own.object, 'balance');
  await refused(stripe.balance.retrieve({}, { stripeAccount: 'acct_none' }), {
    type: 'StripePermissionError',
    statusCode: 403,
    code: 'account_invalid',
  });
});

test('requests can be made by address', async () => {
  const made = await stripe.rawRequest('POST', '/v1/customers', { name: 'Raw', metadata: { a: '1' } });
  assert.equal(made.name, 'Raw');
  const page = await stripe.rawRequest('GET', `/v1/customers/${made.id}`);
  assert.deepEqual(page.metadata, { a: '1' });
});

test('the SDK hears of each request and response', async () => {
  const client = new Stripe(key, address);
  const heard = [];
  client.on('request', (event) => heard.push([event.method, event.path]));
  client.on('response', (event) => heard.push([event.status, event.request_id.slice(0, 4)]));
  await client.balance.retrieve();
  assert.deepEqual(heard, [
    ['GET', '/v1/balance'],
    [200, 'req_'],
  ]);
});

test('the SDK tries again by itself when the server was away', async () => {
  const client = new Stripe(key, { ...address, maxNetworkRetries: 5 });
  const { code } = await server.terminate();
  assert.equal(code, 0, server.log);
  const waiting = client.customers.create({ name: 'Patient' });
  server.listen = `${server.host}:${server.port}`;
  await server.launch();
  const customer = await waiting;
  assert.equal(customer.name, 'Patient');
  const { data } = await server.stripe(key).customers.list();
  assert.equal(data.filter((each) => each.name === 'Patient').length, 1);
});

closeWith(server);
