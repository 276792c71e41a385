// lists.test.mjs: reading much: pages in both directions, expansion, and search.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { paid, refused } from './lib/flows.mjs';
import { Server, closeWith } from './lib/server.mjs';

const server = await Server.start();
const stripe = server.stripe(await server.key());

const MANY = 25;
const made = [];
for (let i = 0; i < MANY; i++)
  made.unshift((await stripe.customers.create({ name: `Customer ${i}` })).id);
const ids = (page) => page.data.map((each) => each.id);

test('a page holds ten, the newest first', async () => {
  const page = await stripe.customers.list();
  assert.equal(page.object, 'list');
  assert.equal(page.url, '/v1/customers');
  assert.equal(page.has_more, true);
  assert.deepEqual(ids(page), made.slice(0, 10));
});

test('pages follow one another in both directions', async () => {
  const second = await stripe.customers.list({ limit: 10, starting_after: made[9] });
  assert.deepEqual(ids(second), made.slice(10, 20));
  assert.equal(second.has_more, true);
  const last = await stripe.customers.list({ limit: 10, starting_after: made[19] });
  assert.deepEqual(ids(last), made.slice(20));
  assert.equal(last.has_more, false);
  const back = await stripe.customers.list({ limit: 10, ending_before: made[20] });
  assert.deepEqual(ids(back), made.slice(10, 20));
  assert.equal(back.has_more, true);
  const front = await stripe.customers.list({ limit: 10, ending_before: made[10] });
  assert.deepEqual(ids(front), made.slice(0, 10));
  assert.equal(front.has_more, false);
  const none = await stripe.customers.list({ starting_after: made.at(-1) });
  assert.deepEqual(ids(none), []);
  assert.equal(none.has_more, false);
});

test('the SDK walks all pages by itself', async () => {
  const all = await stripe.customers.list({ limit: 7 }).autoPagingToArray({ limit: 1000 });
  assert.deepEqual(
    all.map((each) => each.id),
    made,
  );
  const seen = [];
  for await (const customer of stripe.customers.list({ limit: 4, ending_before: made.at(-1) }))
    seen.push(customer.id);
  assert.deepEqual(seen, made.slice(0, -1).reverse());
});

test('a page stays where it was while others insert', async () => {
  const first = await stripe.customers.list({ limit: 5 });
  const extra = await stripe.customers.create({ name: 'Late' });
  const second = await stripe.customers.list({ limit: 5, starting_after: first.data.at(-1).id });
  assert.deepEqual(ids(second), made.slice(5, 10));
  await stripe.customers.del(extra.id);
});

for (const [name, params, param] of [
  ['a page of nothing', { limit: 0 }, 'limit'],
  ['a page of more than a hundred', { limit: 101 }, 'limit'],
  ['a page of a word', { limit: 'all' }, 'limit'],
  ['a place that is not there', { starting_after: 'cus_none' }, 'starting_after'],
  ['a place of another kind', { ending_before: 'pi_none' }, 'ending_before'],
  ['an unknown filter', { zonk: 'x' }, 'zonk'],
  ['a time that is none', { created: { gte: 'yesterday' } }, 'created'],
  ['an unknown comparison', { created: { about: 1 } }, 'created'],
]) {
  test(`refused: ${name}`, async () => {
    const error = await refused(stripe.customers.list(params), {
      type: 'StripeInvalidRequestError',
      statusCode: 400,
    });
    assert.match(error.param, new RegExp(`^${param}`));
  });
}

test('both directions at once are refused', async () => {
  await refused(stripe.customers.list({ starting_after: made[0], ending_before: made[9] }), {
    type: 'StripeInvalidRequestError',
    statusCode: 400,
  });
});

test('fields are expanded four levels deep', async () => {
  const customer = await stripe.customers.create({ name: 'Deep' });
  const { id: card } = await stripe.paymentMethods.attach('pm_card_visa', { customer: customer.id });
  await stripe.customers.update(customer.id, { invoice_settings: { default_payment_method: card } });
  const intent = await stripe.paymentIntents.create(
    paid({ customer: customer.id, payment_method: card }),
  );
  const refund = await stripe.refunds.create({
    payment_intent: intent.id,
    expand: ['payment_intent.latest_charge.customer.default_source', 'balance_transaction.source'],
  });
  assert.equal(refund.payment_intent.latest_charge.customer.name, 'Deep');
  assert.equal(refund.balance_transaction.source.id, refund.id);
  const four = await stripe.refunds.list({
    payment_intent: intent.id,
    expand: ['data.charge.payment_intent.customer', 'data.balance_transaction'],
  });
  const [first] = four.data;
  assert.equal(first.charge.payment_intent.customer.name, 'Deep');
  assert.equal(first.balance_transaction.type, 'refund');
  const charge = await stripe.charges.retrieve(intent.latest_charge, {
    expand: ['customer.invoice_settings.default_payment_method', 'payment_intent.payment_method'],
  });
  assert.equal(charge.customer.invoice_settings.default_payment_method.card.last4, '4242');
  assert.equal(charge.payment_intent.payment_method.id, card);
});

for (const [name, expand] of [
  ['a field that is no object', ['amount']],
  ['a field that is not there', ['zonk']],
  ['a field inside a plain one', ['currency.zonk']],
  ['five levels', ['latest_charge.refunds.data.charge.payment_intent']],
]) {
  test(`expansion refuses ${name}`, async () => {
    const intent = await stripe.paymentIntents.create(paid());
    await refused(stripe.paymentIntents.retrieve(intent.id, { expand }), {
      type: 'StripeInvalidRequestError',
      statusCode: 400,
      message: /expand/,
    });
  });
}

let blue, red;

test('two customers are made that will be searched for', async () => {
  blue = await stripe.customers.create({
    name: 'Blue Whale Ltd',
    email: 'accounts@whale.example',
    phone: '+15550001111',
    metadata: { tier: 'gold', "odd'key": 'x' },
  });
  red = await stripe.customers.create({
    name: 'Red Panda Inc',
    email: 'billing@panda.example',
    metadata: { tier: 'silver' },
  });
});

// Each row: the query, the names that it finds, in any order.
const QUERIES = [
  ['email:"accounts@whale.example"', ['Blue Whale Ltd']],
  ['name:"blue whale ltd"', ['Blue Whale Ltd']],
  ['name~"whale"', ['Blue Whale Ltd']],
  ['metadata["tier"]:"gold"', ['Blue Whale Ltd']],
  ["metadata['tier']:'silver'", ['Red Panda Inc']],
  ['metadata["tier"]:"gold" OR metadata["tier"]:"silver"', ['Blue Whale Ltd', 'Red Panda Inc']],
  ['metadata["tier"]:"gold" AND name~"panda"', []],
  ['metadata["tier"]:"gold" name~"whale"', ['Blue Whale Ltd']],
  ['name~"panda" AND -metadata["tier"]:"gold"', ['Red Panda Inc']],
  ['name~"Inc" AND -email:null', ['Red Panda Inc']],
  ['name~"whale" AND created>0', ['Blue Whale Ltd']],
  ['name~"whale" AND created>=4102444800', []],
  ['phone:"+15550001111"', ['Blue Whale Ltd']],
  ['name:"none \\"quoted\\""', []],
];

for (const [query, names] of QUERIES) {
  test(`customers are found by ${query}`, async () => {
    const page = await stripe.customers.search({ query });
    assert.equal(page.object, 'search_result');
    assert.equal(page.url, '/v1/customers/search');
    assert.deepEqual(page.data.map((each) => each.name).sort(), names);
    assert.equal(page.has_more, false);
    assert.equal(page.next_page, null);
  });
}

for (const query of ['', 'zonk:"x"', 'name', 'name:', 'name:"x', 'amount>"x"', 'name:"a" AND']) {
  test(`search refuses ${JSON.stringify(query)}`, async () => {
    await refused(stripe.customers.search({ query }), {
      type: 'StripeInvalidRequestError',
      statusCode: 400,
    });
  });
}

test('search does not mix AND with OR', async () => {
  const query = 'name:"a" AND name:"b" OR name:"c"';
  await refused(stripe.customers.search({ query }), { statusCode: 400 });
});

test('payments and charges are found by amount, status, card and metadata', async () => {
  const tag = { basket: 'search-1' };
  const small = await stripe.paymentIntents.create(paid({ amount: 1234, metadata: tag }));
  const large = await stripe.paymentIntents.create(
    paid({ amount: 987654, metadata: tag, payment_method: 'pm_card_amex', customer: red.id }),
  );
  const intents = async (query) =>
    (await stripe.paymentIntents.search({ query })).data.map((each) => each.id);
  const charges = async (query) =>
    (await stripe.charges.search({ query })).data.map((each) => each.payment_intent);
  const both = [large.id, small.id];
  assert.deepEqual((await intents('metadata["basket"]:"search-1"')).sort(), both.slice().sort());
  assert.deepEqual(await intents('amount>900000'), [large.id]);
  assert.deepEqual(await intents('amount:1234'), [small.id]);
  assert.deepEqual(await intents(`customer:"${red.id}"`), [large.id]);
  assert.ok((await intents('status:"succeeded" AND currency:"usd"')).includes(small.id));
  assert.deepEqual(await charges('payment_method_details.card.brand:"amex"'), [large.id]);
  assert.deepEqual(await charges('amount>900000 AND status:"succeeded"'), [large.id]);
  assert.deepEqual(await charges('payment_method_details.card.last4:"0005"'), [large.id]);
});

test('search pages follow one another', async () => {
  const query = 'name~"customer"';
  const all = await stripe.customers.search({ query, limit: 10 }).autoPagingToArray({ limit: 100 });
  assert.deepEqual(
    all.map((each) => each.id),
    made,
  );
  const counted = await stripe.customers.search({ query, limit: 1, expand: ['total_count'] });
  assert.equal(counted.total_count, MANY);
  assert.equal(counted.has_more, true);
  assert.equal(typeof counted.next_page, 'string');
  await refused(stripe.customers.search({ query, page: 'zonk' }), { statusCode: 400 });
});

test('what changes is found as it now is', async () => {
  const query = `name:"Green Gecko"`;
  assert.equal((await stripe.customers.search({ query })).data.length, 0);
  await stripe.customers.update(blue.id, { name: 'Green Gecko' });
  assert.equal((await stripe.customers.search({ query })).data[0].id, blue.id);
  await stripe.customers.del(blue.id);
  assert.equal((await stripe.customers.search({ query })).data.length, 0);
});

closeWith(server);
