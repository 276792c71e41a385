// errors.test.mjs: refusals are told in Stripe's words, so that the SDK raises the right error.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import Stripe from 'stripe';
import { paid, refused } from './lib/flows.mjs';
import { Server, closeWith } from './lib/server.mjs';

const server = await Server.start();
const key = await server.key();
const stripe = server.stripe(key);
const { errors } = Stripe;

test('each kind of refusal is an error class of its own', async () => {
  const kinds = [
    [() => stripe.customers.retrieve('cus_none'), errors.StripeInvalidRequestError, 404],
    [() => stripe.customers.create({ zonk: 1 }), errors.StripeInvalidRequestError, 400],
    [
      () => stripe.paymentIntents.create(paid({ payment_method: 'pm_card_visa_chargeDeclined' })),
      errors.StripeCardError,
      402,
    ],
    [
      () => server.stripe('sk_test_wrong').balance.retrieve(),
      errors.StripeAuthenticationError,
      401,
    ],
  ];
  for (const [attempt, kind, status] of kinds) {
    const error = await refused(attempt());
    assert.ok(error instanceof kind, `${error.constructor.name} instead of ${kind.name}`);
    assert.equal(error.statusCode, status);
    assert.match(error.requestId, /^req_\w+$/);
    assert.ok(error.message.length > 10);
  }
});

// Each row: what is asked for, how its absence is told.
const MISSING = [
  ['customers', 'cus_none', 'No such customer'],
  ['paymentIntents', 'pi_none', 'No such payment_intent'],
  ['paymentMethods', 'pm_none', 'No such PaymentMethod'],
  ['setupIntents', 'seti_none', 'No such setupintent'],
  ['charges', 'ch_none', 'No such charge'],
  ['refunds', 're_none', 'No such refund'],
  ['balanceTransactions', 'txn_none', 'No such balance transaction'],
  ['events', 'evt_none', 'No such event'],
];

for (const [resource, id, words] of MISSING) {
  test(`${resource}: what is not there is missing`, async () => {
    const error = await refused(stripe[resource].retrieve(id), {
      type: 'StripeInvalidRequestError',
      statusCode: 404,
      code: 'resource_missing',
      doc_url: /resource-missing/,
    });
    assert.equal(error.message.toLowerCase(), `${words}: '${id}'`.toLowerCase());
  });
}

test('an object of another kind is missing too', async () => {
  const { id } = await stripe.customers.create();
  await refused(stripe.charges.retrieve(id), { statusCode: 404, code: 'resource_missing' });
});

test('an address that is none is told with its method', async () => {
  for (const [method, url] of [
    ['GET', '/v1/zonk'],
    ['POST', '/v1/customers/cus_1/zonk'],
    ['DELETE', '/v1/charges'],
  ]) {
    const reply = await server.request(method, url, { key });
    assert.equal(reply.status, 404, `${method} ${url}`);
    assert.equal(reply.json.error.type, 'invalid_request_error');
    assert.match(reply.json.error.message, new RegExp(`^Unrecognized request URL \\(${method}: ${url}\\)`));
    assert.match(reply.headers['request-id'], /^req_/);
  }
});

test('every reply names its request and its version', async () => {
  const customer = await stripe.customers.create();
  const { lastResponse } = customer;
  assert.match(lastResponse.requestId, /^req_\w+$/);
  assert.equal(lastResponse.headers['stripe-version'], '2026-10-28.endive');
  assert.match(lastResponse.headers['content-type'], /^application\/json/);
  const error = await refused(stripe.customers.retrieve('cus_none'));
  assert.notEqual(error.requestId, lastResponse.requestId);
});

test('clients of older versions are served', async () => {
  for (const apiVersion of ['2022-11-15', '2020-08-27', '2024-06-20', '2025-03-31.basil']) {
    const older = server.stripe(key, { apiVersion });
    const customer = await older.customers.create({ name: 'Older' });
    assert.equal(customer.name, 'Older');
    assert.equal(customer.lastResponse.headers['stripe-version'], apiVersion);
  }
});

test('a version that never was is refused', async () => {
  const error = await refused(server.stripe(key, { apiVersion: 'zonk' }).customers.create(), {
    type: 'StripeInvalidRequestError',
    statusCode: 400,
  });
  assert.match(error.message, /version/i);
});

test('the fault of a nested parameter is named with its path', async () => {
  const cases = [
    [{ payment_method_options: { card: { zonk: 1 } } }, 'payment_method_options[card][zonk]'],
    [{ payment_method_types: ['zonk'] }, 'payment_method_types'],
    [{ automatic_payment_methods: { enabled: 'maybe' } }, 'automatic_payment_methods[enabled]'],
    [{ shipping: { address: { line1: '1' } } }, 'shipping[name]'],
  ];
  for (const [params, param] of cases) {
    const error = await refused(
      stripe.paymentIntents.create({ amount: 2000, currency: 'usd', ...params }),
      { type: 'StripeInvalidRequestError', statusCode: 400 },
    );
    assert.ok(error.param.startsWith(param), `${error.param} instead of ${param}`);
  }
});

test('numbers beyond all bounds are refused', async () => {
  for (const amount of ['9223372036854775808', '1e3', '0x10', ' 5', '5 ', '١٢٣', '+500', '--5'])
    await refused(stripe.paymentIntents.create({ amount, currency: 'usd' }), {
      type: 'StripeInvalidRequestError',
      statusCode: 400,
      param: 'amount',
    });
});

test('an error tells nothing about the inside', async () => {
  for (const id of ["cus_' OR 1=1 --", 'cus_%00', 'cus_' + 'x'.repeat(3000), '../../etc/passwd']) {
    const reply = await server.request('GET', `/v1/customers/${encodeURIComponent(id)}`, { key });
    assert.ok(reply.status >= 400 && reply.status < 500, `${id.slice(0, 20)}: ${reply.status}`);
    assert.doesNotMatch(reply.text, /sqlite|select |\/home|\/tmp|\.c:\d/i);
  }
});

closeWith(server);
