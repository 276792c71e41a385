// webhook-endpoints.test.mjs: where events are sent: made with a secret, changed, stopped, deleted.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { refused } from './lib/flows.mjs';
import { Server, closeWith } from './lib/server.mjs';

const server = await Server.start({ env: { KONTOR_WEBHOOK_ALLOW: '192.168.7.0/24' } });
const key = await server.key();
const stripe = server.stripe(key);
const live = server.stripe(await server.key({ mode: 'live' }));
const URL = 'https://shop.example.com/hooks';

const make = (params = {}) =>
  stripe.webhookEndpoints.create({ url: URL, enabled_events: ['charge.succeeded'], ...params });

test('an endpoint is made with a secret that is shown once', async () => {
  const made = await make({
    enabled_events: ['charge.*', 'refund.updated', 'charge.dispute.*', 'kontor.webhook_endpoint.*'],
    description: 'The shop',
    metadata: { team: 'books' },
    api_version: '2026-10-28.endive',
  });
  assert.match(made.id, /^we_\w{24}$/);
  assert.match(made.secret, /^whsec_[0-9A-Za-z]{32}$/);
  const { secret, ...shown } = await stripe.webhookEndpoints.retrieve(made.id);
  assert.equal(secret, undefined);
  assert.equal(shown.status, 'enabled');
  assert.equal(shown.url, URL);
  assert.equal(shown.description, 'The shop');
  assert.equal(shown.api_version, '2026-10-28.endive');
  assert.equal(shown.application, null);
  assert.equal(shown.livemode, false);
  assert.deepEqual({ ...shown.metadata }, { team: 'books' });
  assert.equal(shown.enabled_events[0], 'charge.*');
  const { data } = await stripe.webhookEndpoints.list();
  assert.equal(data.find((each) => each.id === made.id).secret, undefined);
  assert.notEqual((await make()).secret, made.secret);
});

test('a retry of the creation gets the same endpoint and its secret', async () => {
  const options = { idempotencyKey: 'an-endpoint' };
  const params = { url: URL, enabled_events: ['*'] };
  const first = await stripe.webhookEndpoints.create(params, options);
  const again = await stripe.webhookEndpoints.create(params, options);
  assert.equal(again.id, first.id);
  assert.equal(again.secret, first.secret);
  assert.equal(again.lastResponse.headers['idempotent-replayed'], 'true');
});

test('every event that the SDK can name is taken', async () => {
  const { default: fs } = await import('node:fs');
  const { createRequire } = await import('node:module');
  const main = createRequire(import.meta.url).resolve('stripe');
  const types = fs.readFileSync(main.replace(/\/cjs\/.*/, '/cjs/resources/WebhookEndpoints.d.ts'), 'utf8');
  const names = /type EnabledEvent = ([^;]+);/.exec(types)[1].match(/(?<=')[^']+/g).filter((n) => n !== ' | ');
  assert.ok(names.length > 200);
  assert.deepEqual((await make({ enabled_events: names })).enabled_events, names);
});

test('what names no event is refused, by its place', async () => {
  for (const [events, place] of [
    [['charge.nope'], 0],
    [['charge.succeeded', 'charge*'], 1],
    [['*', 'charge.succeeded', ''], 2],
    [['zzz.*'], 0],
  ])
    await refused(make({ enabled_events: events }), { param: `enabled_events[${place}]` });
  await refused(make({ enabled_events: [] }), { param: 'enabled_events' });
  const bare = await server.request('POST', '/v1/webhook_endpoints', { key, body: { url: URL } });
  assert.equal(bare.json.error.param, 'enabled_events');
  await refused(stripe.webhookEndpoints.create({ enabled_events: ['*'] }), { param: 'url' });
});

test('only addresses that events may be sent to are taken', async () => {
  for (const url of [
    'nonsense',
    'ftp://example.com/',
    'https://user:pass@example.com/',
    'http://localhost:4242/',
    'http://127.0.0.1/',
    'http://169.254.169.254/',
    'http://[::1]/',
    'http://10.0.0.1/',
    'http://2130706433/',
  ])
    await refused(make({ url }), { param: 'url', code: 'url_invalid' });
  const error = await refused(make({ url: 'http://192.168.8.1/' }), { param: 'url' });
  assert.match(error.message, /webhook_allow/);
  assert.equal((await make({ url: 'http://192.168.7.1/' })).url, 'http://192.168.7.1/');
  await refused(make({ url: `https://example.com/${'a'.repeat(2048)}` }), { param: 'url' });
});

test('live events are never sent in clear', async () => {
  const params = { enabled_events: ['*'], url: 'http://shop.example.com/' };
  const error = await refused(live.webhookEndpoints.create(params), { param: 'url' });
  assert.match(error.message, /https/);
  const made = await live.webhookEndpoints.create({ ...params, url: URL });
  assert.equal(made.livemode, true);
  await refused(stripe.webhookEndpoints.retrieve(made.id), { statusCode: 404 });
});

test('an endpoint is changed, stopped and started', async () => {
  const { id } = await make({ description: 'Before', metadata: { a: '1', b: '2' } });
  const changed = await stripe.webhookEndpoints.update(id, {
    description: '',
    url: 'https://new.example.com/',
    enabled_events: ['*'],
    metadata: { a: '', c: '3' },
    disabled: true,
  });
  assert.equal(changed.description, null);
  assert.equal(changed.url, 'https://new.example.com/');
  assert.deepEqual(changed.enabled_events, ['*']);
  assert.deepEqual({ ...changed.metadata }, { b: '2', c: '3' });
  assert.equal(changed.status, 'disabled');
  assert.equal(changed.secret, undefined);
  assert.equal((await stripe.webhookEndpoints.update(id, {})).status, 'disabled');
  assert.equal((await stripe.webhookEndpoints.update(id, { disabled: false })).status, 'enabled');
  await refused(stripe.webhookEndpoints.update(id, { url: 'http://10.0.0.1/' }), { param: 'url' });
  await refused(stripe.webhookEndpoints.update(id, { enabled_events: ['x'] }), {
    param: 'enabled_events[0]',
  });
  await refused(stripe.webhookEndpoints.update(id, { api_version: '2022-11-15' }), {
    code: 'parameter_unknown',
  });
  assert.equal((await stripe.webhookEndpoints.retrieve(id)).url, 'https://new.example.com/');
});

test('a deleted endpoint is gone', async () => {
  const { id } = await make();
  const gone = await stripe.webhookEndpoints.del(id);
  assert.deepEqual(
    { id: gone.id, object: gone.object, deleted: gone.deleted },
    { id, object: 'webhook_endpoint', deleted: true },
  );
  for (const call of ['retrieve', 'del', 'update']) {
    const error = await refused(stripe.webhookEndpoints[call](id), { statusCode: 404 });
    assert.match(error.message, /^No such webhook endpoint/);
  }
  const all = await stripe.webhookEndpoints.list({ limit: 100 });
  assert.equal(all.data.some((each) => each.id === id), false);
});

test('endpoints are listed newest first, page by page', async () => {
  const made = [];
  for (let i = 0; i < 5; i++) made.unshift((await make()).id);
  const first = await stripe.webhookEndpoints.list({ limit: 3 });
  assert.deepEqual(
    first.data.map((each) => each.id),
    made.slice(0, 3),
  );
  assert.equal(first.has_more, true);
  const next = await stripe.webhookEndpoints.list({ limit: 2, starting_after: made[2] });
  assert.deepEqual(
    next.data.map((each) => each.id),
    made.slice(3),
  );
  const back = await stripe.webhookEndpoints.list({ ending_before: made[2], limit: 2 });
  assert.deepEqual(
    back.data.map((each) => each.id),
    made.slice(0, 2),
  );
});

test('a Connect endpoint is accepted', async () => {
  assert.match((await make({ connect: true })).id, /^we_/);
});

test('a version of the API must look like one', async () => {
  await refused(make({ api_version: 'yesterday' }), { param: 'api_version' });
  await refused(make({ api_version: '2022-11-15; beta=v1' }), { param: 'api_version' });
  assert.equal((await make({ api_version: '2022-11-15' })).api_version, '2022-11-15');
});

test('a restricted key needs the scope', async () => {
  const flags = ['--scopes', 'webhook_endpoints_read'];
  const reader = server.stripe(await server.key({ type: 'restricted', flags }));
  assert.ok((await reader.webhookEndpoints.list()).data.length > 0);
  await refused(reader.webhookEndpoints.create({ url: URL, enabled_events: ['*'] }), {
    statusCode: 403,
  });
});

closeWith(server);
