// webhook-endpoints.test.mjs: where events are sent: made with a secret, changed, stopped, deleted.

import assert from 'node:assert/strict';
import http from 'node:http';
import { test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { refused } from './lib/flows.mjs';
import { Server, closeWith } from './lib/server.mjs';

const server = await Server.start({ env: { KONTOR_WEBHOOK_ALLOW: '192.168.7.0/24 127.0.0.1' } });
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
    'http://127.0.0.2/',
    'http://169.254.169.254/',
    'http://[::1]:4242/',
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

const kontor = (method, path, body, headers) =>
  server.request(method, `/v1/kontor/webhook_endpoints/${path}`, { key, body, headers });

test('what Stripe does not tell is told apart', async () => {
  const { id, secret } = await make();
  const { status, json } = await kontor('GET', id);
  assert.equal(status, 200);
  const { secrets, counters, ...rest } = json;
  assert.deepEqual(rest, {
    id,
    object: 'kontor.webhook_endpoint',
    disabled_at: null,
    disabled_reason: null,
    filter: null,
    livemode: false,
    max_concurrency: null,
    max_per_second: null,
    public_key: null,
    signature_scheme: 'hmac',
  });
  assert.equal(secrets.length, 1);
  assert.match(secrets[0].id, /^whs_\d+$/);
  assert.equal(secrets[0].hint, `whsec_****${secret.slice(-4)}`);
  assert.equal(secrets[0].expires, null);
  assert.equal(counters.succeeded, 0);
  assert.equal(counters.pending, 0);
  assert.equal(counters.last_failure, null);
  await stripe.webhookEndpoints.update(id, { disabled: true });
  assert.equal((await kontor('GET', id)).json.disabled_reason, 'user');
  assert.equal((await kontor('GET', 'we_none')).status, 404);
  await stripe.webhookEndpoints.del(id);
  assert.equal((await kontor('GET', id)).status, 404);
});

test('limits and filters are set and cleared', async () => {
  const { id } = await make();
  const filter = 'amount>=1000 AND currency:"eur"';
  const set = { max_concurrency: 3, max_per_second: 50, filter };
  const { json } = await kontor('POST', id, set);
  for (const [name, value] of Object.entries(set)) assert.equal(json[name], value);
  for (const [body, param] of [
    [{ max_concurrency: 0 }, 'max_concurrency'],
    [{ max_per_second: 'many' }, 'max_per_second'],
    [{ filter: 'amount>=' }, 'filter'],
    [{ signature_scheme: 'rot13' }, 'signature_scheme'],
    [{ url: URL }, 'url'],
  ]) {
    const reply = await kontor('POST', id, body);
    assert.equal(reply.status, 400, reply.text);
    assert.equal(reply.json.error.param, param);
  }
  const cleared = await kontor('POST', id, { max_concurrency: '', max_per_second: '', filter: '' });
  assert.equal(cleared.json.max_concurrency, null);
  assert.equal(cleared.json.max_per_second, null);
  assert.equal(cleared.json.filter, null);
});

test('a public key stands beside the secret as long as it is wanted', async () => {
  const { id } = await make();
  const signed = (await kontor('POST', id, { signature_scheme: 'ed25519' })).json;
  assert.match(signed.public_key, /^whpk_[A-Za-z0-9+/]{43}=$/);
  assert.deepEqual(
    signed.secrets.map((each) => each.kind),
    ['ed25519', 'hmac'],
  );
  const again = (await kontor('POST', id, { signature_scheme: 'ed25519' })).json;
  assert.equal(again.public_key, signed.public_key);
  const rolled = (await kontor('POST', `${id}/roll_secret`, {})).json;
  assert.notEqual(rolled.public_key, signed.public_key);
  assert.equal(rolled.secrets.length, 4);
  const plain = (await kontor('POST', id, { signature_scheme: 'hmac' })).json;
  assert.equal(plain.public_key, null);
  assert.equal(plain.secrets.length, 2);
});

test('a secret is rolled, and the old one signs for a while', async () => {
  const { id, secret } = await make();
  const headers = { 'Idempotency-Key': 'a-roll' };
  const rolled = await kontor('POST', `${id}/roll_secret`, { expires_in: 3600 }, headers);
  assert.match(rolled.json.secret, /^whsec_\w{32}$/);
  assert.notEqual(rolled.json.secret, secret);
  assert.equal(rolled.json.secrets[0].expires, null);
  const [, old] = rolled.json.secrets;
  assert.equal(old.hint, `whsec_****${secret.slice(-4)}`);
  const again = await kontor('POST', `${id}/roll_secret`, { expires_in: 3600 }, headers);
  assert.equal(again.json.secret, rolled.json.secret);
  assert.equal((await kontor('GET', id)).json.secret, undefined);
  await server.advance(3601);
  assert.equal((await kontor('GET', id)).json.secrets.length, 1);
  const atOnce = await kontor('POST', `${id}/roll_secret`, { expires_in: 0 });
  assert.equal(atOnce.json.secrets.length, 1);
  const late = await kontor('POST', `${id}/roll_secret`, { expires_in: 8 * 86400 });
  assert.equal(late.json.error.param, 'expires_in');
});

test('no more secrets sign than a header can bear', async () => {
  const { id } = await make();
  let reply;
  for (let i = 0; i < 10; i++) {
    reply = await kontor('POST', `${id}/roll_secret`, {});
    if (reply.status !== 200) break;
  }
  assert.equal(reply.json.error.param, 'expires_in');
  assert.equal((await kontor('POST', `${id}/roll_secret`, { expires_in: 0 })).status, 200);
});

// A receiver on this machine: `next()` waits for what comes in.
async function receive() {
  const got = [];
  let wake = () => {};
  const receiver = http.createServer((request, response) => {
    const chunks = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => {
      got.push({ headers: request.headers, body: Buffer.concat(chunks).toString('utf8') });
      response.end();
      wake();
    });
  });
  await new Promise((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  const next = async () => {
    const late = Date.now() + 20000;
    while (!got.length) {
      assert.ok(Date.now() < late, `nothing came in: ${server.log}`);
      await Promise.race([new Promise((resolve) => (wake = resolve)), setTimeout(1000)]);
    }
    return got.shift();
  };
  return { url: `http://127.0.0.1:${receiver.address().port}/`, next, close: () => receiver.close() };
}

test('what is sent is signed with the secret that was shown, and with both while it is rolled', async () => {
  const receiver = await receive();
  const { id, secret } = await make({ url: receiver.url, enabled_events: ['customer.created'] });
  const customer = await stripe.customers.create({ name: 'Ada' });
  const { body, headers } = await receiver.next();
  const event = stripe.webhooks.constructEvent(body, headers['stripe-signature'], secret);
  assert.equal(event.data.object.id, customer.id);
  const fresh = (await kontor('POST', `${id}/roll_secret`, {})).json.secret;
  await stripe.customers.create({ name: 'Grace' });
  const after = await receiver.next();
  for (const each of [secret, fresh])
    assert.equal(
      stripe.webhooks.constructEvent(after.body, after.headers['stripe-signature'], each).type,
      'customer.created',
    );
  await kontor('POST', `${id}/roll_secret`, { expires_in: 0 });
  await stripe.customers.create({ name: 'Emmy' });
  const last = await receiver.next();
  for (const each of [secret, fresh])
    assert.throws(() =>
      stripe.webhooks.constructEvent(last.body, last.headers['stripe-signature'], each),
    );
  await stripe.webhookEndpoints.del(id);
  receiver.close();
});

closeWith(server);
