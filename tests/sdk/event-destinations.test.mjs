// event-destinations.test.mjs: webhook endpoints by their newer name, as the SDK's v2 half speaks.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { refused } from './lib/flows.mjs';
import { Server, closeWith } from './lib/server.mjs';

const server = await Server.start();
const key = await server.key();
const stripe = server.stripe(key);
const { eventDestinations } = stripe.v2.core;
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

const make = (params = {}) =>
  eventDestinations.create({
    name: 'Shop',
    type: 'webhook_endpoint',
    event_payload: 'snapshot',
    enabled_events: ['charge.succeeded'],
    webhook_endpoint: { url: 'https://shop.example.com/hooks' },
    ...params,
  });

test('a destination is made, and is a webhook endpoint too', async () => {
  const made = await make({
    description: 'The shop',
    metadata: { team: 'books' },
    include: ['webhook_endpoint.url', 'webhook_endpoint.signing_secret'],
  });
  assert.match(made.id, /^we_/);
  assert.equal(made.object, 'v2.core.event_destination');
  assert.match(made.created, INSTANT);
  assert.match(made.updated, INSTANT);
  assert.equal(made.name, 'Shop');
  assert.equal(made.description, 'The shop');
  assert.equal(made.status, 'enabled');
  assert.equal(made.status_details, null);
  assert.equal(made.type, 'webhook_endpoint');
  assert.equal(made.event_payload, 'snapshot');
  assert.deepEqual(made.events_from, ['@self']);
  assert.equal(made.snapshot_api_version, '2026-10-28.endive');
  assert.deepEqual({ ...made.metadata }, { team: 'books' });
  assert.equal(made.webhook_endpoint.url, 'https://shop.example.com/hooks');
  assert.match(made.webhook_endpoint.signing_secret, /^whsec_\w{32}$/);
  const older = await stripe.webhookEndpoints.retrieve(made.id);
  assert.equal(older.url, 'https://shop.example.com/hooks');
  assert.deepEqual(older.enabled_events, ['charge.succeeded']);
});

test('an endpoint made by the older name is shown by the newer', async () => {
  const { id } = await stripe.webhookEndpoints.create({ url: 'https://a.example/', enabled_events: ['*'] });
  const shown = await eventDestinations.retrieve(id, { include: ['webhook_endpoint.url'] });
  assert.equal(shown.name, 'https://a.example/');
  assert.equal(shown.description, '');
  assert.deepEqual(shown.webhook_endpoint, { signing_secret: null, url: 'https://a.example/' });
  assert.equal((await eventDestinations.retrieve(id)).webhook_endpoint, null);
});

test('a destination is changed, stopped, started and deleted', async () => {
  const { id } = await make({ metadata: { a: '1', b: '2' } });
  const changed = await eventDestinations.update(id, {
    name: 'Other',
    description: 'New',
    enabled_events: ['*'],
    metadata: { a: null, c: '3' },
    webhook_endpoint: { url: 'https://new.example.com/' },
    include: ['webhook_endpoint.url'],
  });
  assert.equal(changed.name, 'Other');
  assert.deepEqual(changed.enabled_events, ['*']);
  assert.deepEqual({ ...changed.metadata }, { b: '2', c: '3' });
  assert.equal(changed.webhook_endpoint.url, 'https://new.example.com/');
  const stopped = await eventDestinations.disable(id);
  assert.equal(stopped.status, 'disabled');
  assert.equal(stopped.status_details.disabled.reason, 'user');
  assert.equal((await eventDestinations.enable(id)).status, 'enabled');
  assert.equal((await eventDestinations.del(id)).id, id);
  const error = await refused(eventDestinations.retrieve(id), { statusCode: 404 });
  assert.equal(error.code, 'not_found');
});

test('a ping is sent to the destination alone', async () => {
  const { id } = await make({ enabled_events: ['charge.succeeded'] });
  await make({ enabled_events: ['*'] });
  const event = await eventDestinations.ping(id);
  assert.match(event.id, /^evt_/);
  assert.equal(event.object, 'v2.core.event');
  assert.equal(event.type, 'v2.core.event_destination.ping');
  assert.match(event.created, INSTANT);
  assert.equal(event.livemode, false);
  assert.deepEqual(
    { ...event.related_object },
    { id, type: 'v2.core.event_destination', url: `/v2/core/event_destinations/${id}` },
  );
  const sent = await server.request('GET', `/v1/kontor/webhook_deliveries?event=${event.id}`, { key });
  assert.deepEqual(
    sent.json.data.map((each) => each.endpoint),
    [id],
  );
  await eventDestinations.disable(id);
  await refused(eventDestinations.ping(id), { statusCode: 400 });
});

test('what is not here is refused by name', async () => {
  for (const [params, param] of [
    [{ type: 'amazon_eventbridge' }, 'type'],
    [{ event_payload: 'thin' }, 'event_payload'],
    [{ events_from: ['@organization_members'] }, 'events_from'],
    [{ include: ['everything'] }, 'include[0]'],
    [{ enabled_events: ['nope'] }, 'enabled_events[0]'],
    [{ webhook_endpoint: { url: 'http://10.0.0.1/' } }, 'webhook_endpoint[url]'],
    [{ webhook_endpoint: {} }, 'webhook_endpoint[url]'],
    [{ snapshot_api_version: 'x' }, 'snapshot_api_version'],
    [{ name: undefined }, 'name'],
    [{ nonsense: 1 }, 'nonsense'],
  ]) {
    const error = await refused(make(params), { statusCode: 400, param });
    assert.equal(error.code, 'invalid_fields');
    assert.equal(error.type, 'StripeInvalidRequestError');
  }
});

test('pages are turned by their URLs, both ways', async () => {
  const made = [];
  for (let i = 0; i < 5; i++) made.unshift((await make({ name: `n${i}` })).id);
  const walked = [];
  const listed = eventDestinations.list({ limit: 2, include: ['webhook_endpoint.url'] });
  for await (const each of listed) {
    walked.push(each.id);
    assert.ok(each.webhook_endpoint.url);
  }
  assert.deepEqual(walked.slice(0, 5), made);
  const all = (await stripe.webhookEndpoints.list({ limit: 100 })).data.map((each) => each.id);
  assert.deepEqual(walked, all);
  const first = await server.request('GET', '/v2/core/event_destinations?limit=2', { key });
  assert.equal(first.json.previous_page_url, null);
  const second = await server.request('GET', first.json.next_page_url, { key });
  assert.deepEqual(
    second.json.data.map((each) => each.id),
    made.slice(2, 4),
  );
  const back = await server.request('GET', second.json.previous_page_url, { key });
  assert.deepEqual(back.json.data, first.json.data);
  assert.equal(back.json.previous_page_url, null);
  const none = await server.request('GET', '/v2/core/event_destinations?page=x', { key });
  assert.equal(none.json.error.param, 'page');
});

test('unknown URLs are told from known ones', async () => {
  const reply = await server.request('GET', '/v2/core/nothing', { key });
  assert.equal(reply.status, 404);
  assert.equal(reply.json.error.code, 'not_found');
  assert.match(reply.json.error.message, /Unrecognized request URL/);
});

closeWith(server);
