// keys.test.mjs: who may do what: key types, test and live, and one merchant beside another.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { authenticate, cardNumber, paid, paidWithReturn, refused } from './lib/flows.mjs';
import { Server, closeWith } from './lib/server.mjs';

const server = await Server.start();
const key = await server.key();
const stripe = server.stripe(key);

test('keys say what they are', async () => {
  const patterns = [
    [{ mode: 'test', type: 'secret' }, /^sk_test_\w{32,}$/],
    [{ mode: 'live', type: 'secret' }, /^sk_live_\w{32,}$/],
    [{ mode: 'test', type: 'publishable' }, /^pk_test_\w{32,}$/],
    [{ type: 'restricted', flags: ['--scopes', 'charges_read'] }, /^rk_test_\w{32,}$/],
  ];
  for (const [wanted, pattern] of patterns) assert.match(await server.key(wanted), pattern);
});

test('a key made while the server runs works at once', async () => {
  const fresh = await server.key();
  assert.notEqual(fresh, key);
  assert.equal((await server.stripe(fresh).balance.retrieve()).object, 'balance');
});

test('a key may come as a bearer token or as the user of basic authentication', async () => {
  const basic = (text) => ({ Authorization: `Basic ${Buffer.from(text).toString('base64')}` });
  for (const headers of [
    { Authorization: `Bearer ${key}` },
    { Authorization: `bearer ${key}` },
    basic(`${key}:`),
    basic(`${key}:anything`),
  ])
    assert.equal((await server.request('GET', '/v1/balance', { headers })).status, 200);
});

test('no key, half a key and a wrong key are not let in', async () => {
  const cases = [
    {},
    { Authorization: 'Bearer' },
    { Authorization: 'Bearer ' },
    { Authorization: 'Basic !!!' },
    { Authorization: `Digest ${key}` },
    { Authorization: `Bearer ${key.slice(0, -1)}` },
    { Authorization: `Bearer ${key}x` },
    { Authorization: `Bearer ${key.replace('test', 'live')}` },
    { Authorization: 'Bearer sk_test_' },
  ];
  for (const headers of cases) {
    const reply = await server.request('GET', '/v1/balance', { headers });
    assert.equal(reply.status, 401, JSON.stringify(headers).slice(0, 40));
    assert.equal(reply.json.error.type, 'invalid_request_error');
    assert.match(reply.headers['www-authenticate'] ?? '', /^(Basic|Bearer)/);
    assert.equal(reply.text.includes(key), false);
  }
});

test('test and live are separate worlds', async () => {
  const live = server.stripe(await server.key({ mode: 'live' }));
  const here = await stripe.customers.create({ name: 'Test' });
  const there = await live.customers.create({ name: 'Live' });
  assert.equal(here.livemode, false);
  assert.equal(there.livemode, true);
  const error = await refused(live.customers.retrieve(here.id), {
    statusCode: 404,
    code: 'resource_missing',
  });
  assert.match(error.message, /test mode/);
  await refused(stripe.customers.retrieve(there.id), { statusCode: 404 });
  assert.deepEqual(
    (await live.customers.list()).data.map((each) => each.name),
    ['Live'],
  );
  assert.equal((await live.events.list()).data.length, 1);
  assert.equal((await live.balance.retrieve()).livemode, true);
});

test('live mode takes no money while no rail is set up', async () => {
  const live = server.stripe(await server.key({ mode: 'live' }));
  const made = await live.paymentIntents.create({
    amount: 2000,
    currency: 'usd',
    payment_method_types: ['card'],
  });
  assert.equal(made.status, 'requires_payment_method');
  assert.equal(made.livemode, true);
  for (const method of ['pm_card_visa', 'pm_none'])
    await refused(live.paymentIntents.confirm(made.id, { payment_method: method }), {
      type: 'StripeInvalidRequestError',
    });
  await refused(
    live.paymentIntents.create(
      paid({ payment_method: undefined, payment_method_data: cardNumber('4242424242424242') }),
    ),
  );
  assert.equal((await live.charges.list()).data.length, 0);
  assert.equal((await live.balanceTransactions.list()).data.length, 0);
});

test('a publishable key does only what a customer may', async () => {
  const open = server.stripe(await server.key({ type: 'publishable' }));
  const method = await open.paymentMethods.create(cardNumber('4242424242424242'));
  const made = await stripe.paymentIntents.create({ amount: 2000, currency: 'usd' });
  const secret = { client_secret: made.client_secret };
  const seen = await open.paymentIntents.retrieve(made.id, secret);
  assert.equal(seen.id, made.id);
  assert.equal(seen.amount, 2000);
  const done = await open.paymentIntents.confirm(made.id, {
    ...secret,
    payment_method: method.id,
    return_url: 'https://shop.example/back',
  });
  assert.equal(done.status, 'succeeded');
  const setup = await stripe.setupIntents.create();
  const kept = await open.setupIntents.confirm(setup.id, {
    client_secret: setup.client_secret,
    payment_method: 'pm_card_visa',
    return_url: 'https://shop.example/back',
  });
  assert.equal(kept.status, 'succeeded');
});

test('a publishable key needs the client secret, the right one', async () => {
  const open = server.stripe(await server.key({ type: 'publishable' }));
  const made = await stripe.paymentIntents.create({ amount: 2000, currency: 'usd' });
  const other = await stripe.paymentIntents.create({ amount: 2000, currency: 'usd' });
  for (const params of [
    {},
    { client_secret: other.client_secret },
    { client_secret: `${made.client_secret}x` },
  ]) {
    const error = await refused(open.paymentIntents.retrieve(made.id, params));
    assert.ok([400, 401, 403, 404].includes(error.statusCode), String(error.statusCode));
    const attempt = { ...params, payment_method: 'pm_card_visa' };
    await refused(open.paymentIntents.confirm(made.id, attempt));
  }
  assert.equal(
    (await stripe.paymentIntents.retrieve(made.id)).status,
    'requires_payment_method',
  );
});

test('a publishable key sees and moves nothing else', async () => {
  const open = server.stripe(await server.key({ type: 'publishable' }));
  const intent = await stripe.paymentIntents.create(paid());
  const attempts = {
    balance: () => open.balance.retrieve(),
    customers: () => open.customers.list(),
    create: () => open.customers.create({}),
    charges: () => open.charges.list(),
    refund: () => open.refunds.create({ payment_intent: intent.id }),
    intents: () => open.paymentIntents.list(),
    payment: () => open.paymentIntents.create(paid()),
    events: () => open.events.list(),
    account: () => open.accounts.retrieveCurrent(),
  };
  for (const [name, attempt] of Object.entries(attempts)) {
    const error = await refused(attempt());
    assert.ok([401, 403].includes(error.statusCode), `${name}: ${error.statusCode}`);
    assert.match(error.message, /publishable/, name);
  }
});

test('the customer who is challenged needs no key', async () => {
  const intent = await stripe.paymentIntents.create(
    paidWithReturn({ payment_method: 'pm_card_authenticationRequired' }),
  );
  await authenticate(server, intent);
  assert.equal((await stripe.paymentIntents.retrieve(intent.id)).status, 'succeeded');
});

// Each row: what the key may do, what it can, and what it cannot.
const RESTRICTED = [
  ['customers_read', { list: (s) => s.customers.list() }, { create: (s) => s.customers.create({}) }],
  [
    'customers_write',
    { create: (s) => s.customers.create({}) },
    { pay: (s) => s.paymentIntents.create(paid()), balance: (s) => s.balance.retrieve() },
  ],
  [
    'charges_read balance_read',
    { charges: (s) => s.charges.list(), balance: (s) => s.balance.retrieve() },
    { refund: (s) => s.refunds.create({ charge: 'ch_none' }), events: (s) => s.events.list() },
  ],
  [
    'payment_intents_write',
    { pay: (s) => s.paymentIntents.create(paid()) },
    { customers: (s) => s.customers.list() },
  ],
];

for (const [scopes, allowed, denied] of RESTRICTED) {
  test(`a restricted key does no more than ${scopes}`, async () => {
    const flags = ['--scopes', scopes];
    const narrow = server.stripe(await server.key({ type: 'restricted', flags }));
    for (const attempt of Object.values(allowed)) await attempt(narrow);
    for (const [name, attempt] of Object.entries(denied))
      assert.equal(
        (await refused(attempt(narrow), { type: 'StripePermissionError' })).statusCode,
        403,
        name,
      );
  });
}

test('merchants on one server know nothing of each other', async () => {
  const id = await server.account('Second Shop');
  const stripe = server.stripe(key);
  assert.match(id, /^acct_/);
  const other = server.stripe(await server.key({ flags: ['--account', id] }));
  assert.equal((await other.accounts.retrieveCurrent()).id, id);
  assert.notEqual((await stripe.accounts.retrieveCurrent()).id, id);
  const customer = await stripe.customers.create({ name: 'Mine' });
  const intent = await stripe.paymentIntents.create(paid({ customer: customer.id }));
  const foreign = [
    () => other.customers.retrieve(customer.id),
    () => other.customers.update(customer.id, { name: 'Yours' }),
    () => other.customers.del(customer.id),
    () => other.paymentIntents.retrieve(intent.id),
    () => other.charges.retrieve(intent.latest_charge),
  ];
  for (const attempt of foreign) await refused(attempt(), { statusCode: 404 });
  await refused(other.refunds.create({ payment_intent: intent.id }), { code: 'resource_missing' });
  await refused(other.paymentIntents.create(paid({ customer: customer.id })), {
    code: 'resource_missing',
    param: 'customer',
  });
  assert.equal((await other.customers.list()).data.length, 0);
  assert.equal((await other.events.list()).data.length, 0);
  assert.equal((await other.balanceTransactions.list()).data.length, 0);
  assert.equal((await other.paymentIntents.search({ query: 'amount>0' })).data.length, 0);
  const balance = await other.balance.retrieve();
  assert.ok([...balance.available, ...balance.pending].every((each) => each.amount === 0));
  const theirs = await other.paymentIntents.create(paid({ amount: 777 }));
  await refused(stripe.paymentIntents.retrieve(theirs.id), { statusCode: 404 });
  assert.equal((await stripe.customers.retrieve(customer.id)).name, 'Mine');
});

test('one idempotency key may be used by two merchants', async () => {
  const id = await server.account('Third Shop');
  const stripe = server.stripe(key);
  const other = server.stripe(await server.key({ flags: ['--account', id] }));
  const options = { idempotencyKey: 'same-for-both' };
  const mine = await stripe.customers.create({}, options);
  const theirs = await other.customers.create({}, options);
  assert.notEqual(mine.id, theirs.id);
});

closeWith(server);
