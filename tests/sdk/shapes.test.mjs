// shapes.test.mjs: proves that the shape checker accepts what the types allow and refuses the rest.

import assert from 'node:assert/strict';
import http from 'node:http';
import { test } from 'node:test';
import Stripe from 'stripe';
import { ShapeChecker, checkReply, listeningClient } from './lib/shapes.mjs';

const checker = new ShapeChecker();
const { nodes, live, deleted } = checker.table;

// The smallest value that a type allows: required properties alone, the simplest member of a union.
function smallest(ref) {
  const [kind, first, required] = nodes[ref];
  switch (kind) {
    case 'object':
      if (first === 'ApiList') return { object: 'list', data: [], has_more: false, url: '/v1/x' };
      return Object.fromEntries(Object.entries(required).map(([k, r]) => [k, smallest(r)]));
    case 'union': {
      const simple = first.find((r) => ['null', 'string', 'enum'].includes(nodes[r][0]));
      return smallest(simple ?? first[0]);
    }
    case 'enum':
      return first[0];
    case 'array':
      return [];
    case 'map':
    case 'partial':
      return {};
    case 'number':
      return 1;
    case 'boolean':
      return false;
    case 'null':
      return null;
    default:
      return 'text';
  }
}

const allows = (ref, kind) =>
  nodes[ref][0] === kind ||
  (nodes[ref][0] === 'union' && nodes[ref][1].some((inner) => allows(inner, kind)));

const NOUNS = [
  'account',
  'balance',
  'balance_transaction',
  'charge',
  'customer',
  'payment_intent',
  'payment_method',
  'refund',
  'setup_attempt',
  'setup_intent',
];

for (const noun of NOUNS) {
  const ref = live[noun];
  const [, , required] = nodes[ref];

  test(`${noun}: its smallest form passes`, () => {
    assert.deepEqual(checker.check(smallest(ref)), []);
  });

  test(`${noun}: each required property is missed`, () => {
    for (const key of Object.keys(required).filter((k) => k !== 'object')) {
      const value = smallest(ref);
      delete value[key];
      assert.deepEqual(checker.check(value), [`${noun}.${key}: missing`]);
    }
  });

  test(`${noun}: null is refused where the type does not say it`, () => {
    for (const [key, child] of Object.entries(required)) {
      if (key === 'object') continue;
      const faults = checker.check({ ...smallest(ref), [key]: null });
      if (allows(child, 'null') || nodes[child][0] === 'any') assert.deepEqual(faults, []);
      else assert.match(faults.join('\n'), new RegExp(`^${noun}\\.${key}: null instead of `));
    }
  });

  test(`${noun}: an unknown property is refused`, () => {
    const faults = checker.check({ ...smallest(ref), zonk: 1 });
    assert.deepEqual(faults, [`${noun}.zonk: not known`]);
  });

  test(`${noun}: a value outside an enumeration is refused`, () => {
    for (const [key, child] of Object.entries(required)) {
      if (nodes[child][0] !== 'enum' || key === 'object') continue;
      const faults = checker.check({ ...smallest(ref), [key]: 'zonk' });
      assert.match(faults[0], new RegExp(`^${noun}\\.${key}: "zonk" instead of one of `));
    }
  });
}

const charge = () => smallest(live.charge);

// Each row: what is checked, the reply, the faults that must be found.
const CASES = [
  ['a deleted object is three members', { id: 'cus_1', object: 'customer', deleted: true }, []],
  [
    'a deleted object has no more than three members',
    { id: 'cus_1', object: 'customer', deleted: true, email: null },
    ['customer.email: not known'],
  ],
  [
    'nested objects are named by their path',
    { ...charge(), outcome: { type: 'authorized' } },
    [
      'charge.outcome.advice_code: missing',
      'charge.outcome.network_advice_code: missing',
      'charge.outcome.network_decline_code: missing',
      'charge.outcome.network_status: missing',
      'charge.outcome.reason: missing',
      'charge.outcome.seller_message: missing',
    ],
  ],
  [
    'an expanded field is held to its own type',
    { ...charge(), payment_intent: { id: 'pi_1', object: 'refund' } },
    [/^charge\.payment_intent: \{"id":"pi_1","object":"refund"\} instead of /],
  ],
  ['an expandable field may be an id', { ...charge(), payment_intent: 'pi_1' }, []],
  [
    'metadata is a free map of text',
    { ...charge(), metadata: { order: '7', free: 'yes' } },
    [],
  ],
  [
    'metadata holds nothing but text',
    { ...charge(), metadata: { order: 7 } },
    ['charge.metadata.order: 7 instead of a string'],
  ],
  [
    'each item of a list is checked',
    { object: 'list', url: '/v1/charges', has_more: false, data: [{ ...charge(), paid: null }] },
    ['list.data[0].paid: null instead of a boolean'],
  ],
  [
    'a list has its envelope',
    { object: 'list', data: [], has_more: 0, total: 1 },
    ['list.url: missing', 'list.total: not known', 'list.has_more: not a boolean', 'list.url: not a string'],
  ],
  [
    'a search page names its next page',
    { object: 'search_result', data: [], has_more: false, url: '/v1/charges/search' },
    ['search_result.next_page: missing'],
  ],
  [
    'an event carries the object that its type promises',
    {
      id: 'evt_1',
      object: 'event',
      api_version: null,
      created: 1,
      livemode: false,
      pending_webhooks: 0,
      request: null,
      type: 'charge.succeeded',
      data: { object: smallest(live.refund) },
    },
    [/^event\.data\.object: \{.*is another object$/],
  ],
  [
    'what an event changed may be part of an object',
    {
      id: 'evt_1',
      object: 'event',
      api_version: null,
      created: 1,
      livemode: false,
      pending_webhooks: 0,
      request: { id: null, idempotency_key: null },
      type: 'charge.updated',
      data: { object: charge(), previous_attributes: { outcome: { risk_score: 5 }, zonk: 1 } },
    },
    ['event.data.previous_attributes.zonk: not known'],
  ],
  ['an unknown object is refused', { id: 'x_1', object: 'zonk' }, ['zonk.object: "zonk" is not known']],
  [
    'an error has a type and a message',
    { error: { type: 'card_error', decline_code: 4 } },
    ['error.decline_code: 4 instead of a string', 'error.message: missing'],
  ],
  [
    'an error has a known type',
    { error: { type: 'zonk', message: 'No.' } },
    [/^error\.type: "zonk" instead of one of /],
  ],
  ['a reply is an object', [], ['reply: array instead of an object']],
];

for (const [name, reply, wanted] of CASES) {
  test(name, () => {
    const faults = checker.check(reply);
    wanted.forEach((expected, i) => {
      if (expected instanceof RegExp) assert.match(faults.join('\n'), expected);
      else assert.equal(faults[i], expected);
    });
    if (!wanted.some((expected) => expected instanceof RegExp))
      assert.equal(faults.length, wanted.length, faults.join('\n'));
  });
}

test('every noun that can be deleted has its deleted form', () => {
  for (const noun of Object.keys(deleted))
    assert.equal(nodes[deleted[noun]][2].deleted !== undefined, true, noun);
});

test('one name twice in an object is found in the bytes', () => {
  const text = '{"id":"cus_1","object":"customer","deleted":true,"id":"cus_2"}';
  assert.deepEqual(checkReply(checker, text), ['id: twice in one object']);
  const apart = '{"error":{"type":"api_error","message":"a \\"type\\": {"}}';
  assert.deepEqual(checkReply(checker, apart), []);
});

test('bytes that are not JSON are refused', () => {
  assert.match(checkReply(checker, '<html>')[0], /^not JSON: /);
});

test('the listening client hands over every body that the SDK reads', async () => {
  const replies = [
    [200, JSON.stringify({ ...smallest(live.balance), zonk: 'é' })],
    [400, '{"error":{"type":"invalid_request_error"}}'],
  ];
  const line = http.createServer((_, response) => {
    const [status, text] = replies.shift();
    response.writeHead(status, { 'Content-Type': 'application/json' });
    // In two pieces, the first of which ends inside a letter.
    const bytes = Buffer.from(text);
    const half = Math.max(bytes.indexOf(0xc3) + 1, 1);
    response.write(bytes.subarray(0, half));
    setImmediate(() => response.end(bytes.subarray(half)));
  });
  await new Promise((resolve) => line.listen(0, '127.0.0.1', resolve));
  const heard = [];
  const client = listeningClient(Stripe.createNodeHttpClient(), (method, path, status, text) =>
    heard.push([method, path, status, ...checkReply(checker, text)]),
  );
  const { port } = line.address();
  const options = { host: '127.0.0.1', port, protocol: 'http', httpClient: client };
  const stripe = new Stripe('sk_test_x', { ...options, maxNetworkRetries: 0 });
  assert.equal((await stripe.balance.retrieve()).zonk, 'é');
  await assert.rejects(stripe.refunds.create({}), { type: 'StripeInvalidRequestError' });
  line.closeAllConnections();
  line.close();
  assert.deepEqual(heard, [
    ['GET', '/v1/balance', 200, 'balance.zonk: not known'],
    ['POST', '/v1/refunds', 400, 'error.message: missing'],
  ]);
});
