// webhook-signatures.test.mjs: what endpoints get is what the official libraries verify.

import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import http from 'node:http';
import { test } from 'node:test';
import { Webhook, WebhookVerificationError } from 'standardwebhooks';
import { paid } from './lib/flows.mjs';
import { Server, closeWith } from './lib/server.mjs';

const server = await Server.start({
  env: { KONTOR_WEBHOOK_ALLOW: '127.0.0.0/8 ::1', KONTOR_WEBHOOK_TIMEOUT: '2' },
});
const key = await server.key();
const stripe = server.stripe(key);

/** A receiver of events; `answer` gives the status for each of them. */
class Sink {
  static async open(answer = () => 200) {
    const sink = new Sink();
    sink.arrivals = [];
    sink.waiting = [];
    sink.http = http.createServer((request, response) => {
      const chunks = [];
      request.on('data', (chunk) => chunks.push(chunk));
      request.on('end', () => {
        const arrival = { headers: request.headers, body: Buffer.concat(chunks) };
        sink.arrivals.push(arrival);
        response.writeHead(answer(arrival, sink.arrivals.length));
        response.end();
        sink.waiting = sink.waiting.filter((each) => !each());
      });
    });
    await new Promise((resolve) => sink.http.listen(0, '127.0.0.1', resolve));
    sink.url = `http://127.0.0.1:${sink.http.address().port}/hook`;
    return sink;
  }

  /** Resolves with the arrival of that number, from 0. */
  nth(n) {
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(new Error(`only ${this.arrivals.length} came`)), 10000);
      const look = () => {
        if (this.arrivals.length <= n) return false;
        clearTimeout(late);
        resolve(this.arrivals[n]);
        return true;
      };
      if (!look()) this.waiting.push(look);
    });
  }

  close() {
    this.http.closeAllConnections?.();
    this.http.close();
  }
}

/** Runs `body` with an endpoint at a new sink; both are gone afterwards. */
async function withHook(events, body, answer) {
  const sink = await Sink.open(answer);
  const endpoint = await stripe.webhookEndpoints.create({ url: sink.url, enabled_events: events });
  try {
    await body(sink, endpoint);
  } finally {
    await stripe.webhookEndpoints.del(endpoint.id);
    sink.close();
  }
}

const ours = (path, body) => server.request('POST', `/v1/kontor/${path}`, { key, body });
const OTHER = `whsec_${'b'.repeat(32)}`;

test('stripe.webhooks.constructEvent takes what it gets, and the event is the one of the API', () =>
  withHook(['payment_intent.succeeded'], async (sink, { secret }) => {
    const intent = await stripe.paymentIntents.create(paid());
    const { headers, body } = await sink.nth(0);
    const signature = headers['stripe-signature'];
    for (const payload of [body, body.toString()]) {
      const event = stripe.webhooks.constructEvent(payload, signature, secret);
      assert.equal(event.type, 'payment_intent.succeeded');
      assert.equal(event.data.object.id, intent.id);
    }
    const event = await stripe.webhooks.constructEventAsync(body, signature, secret);
    const { text } = await server.request('GET', `/v1/events/${event.id}`, { key });
    const shown = JSON.parse(text);
    assert.deepEqual({ ...event, pending_webhooks: 0 }, { ...shown, pending_webhooks: 0 });
    assert.equal(event.pending_webhooks, 1);
    assert.equal(headers['content-type'], 'application/json; charset=utf-8');
    assert.match(headers['user-agent'], /^Kontor\/\S+ \(\+http/);
  }));

test('stripe.webhooks.constructEvent refuses another secret, another body, another time', () =>
  withHook(['customer.created'], async (sink, { secret }) => {
    await stripe.customers.create({ name: 'Jürgen 🦊 \u2028 </script>' });
    const { headers, body } = await sink.nth(0);
    const signature = headers['stripe-signature'];
    const refused = { type: 'StripeSignatureVerificationError' };
    assert.ok(stripe.webhooks.constructEvent(body, signature, secret));
    assert.throws(() => stripe.webhooks.constructEvent(body, signature, OTHER), refused);
    const changed = body.toString().replace('Jürgen', 'Jurgen');
    assert.notEqual(changed, body.toString());
    assert.throws(() => stripe.webhooks.constructEvent(changed, signature, secret), refused);
    const later = Math.floor(Date.now() / 1000) + 600;
    assert.throws(
      () => stripe.webhooks.constructEvent(body, signature, secret, 300, undefined, later * 1000),
      refused,
    );
    await assert.rejects(stripe.webhooks.constructEventAsync(changed, signature, secret), refused);
  }));

test('the standardwebhooks package takes the same request', () =>
  withHook(['customer.created'], async (sink, { secret }) => {
    const customer = await stripe.customers.create({ name: 'Jenny' });
    const { headers, body } = await sink.nth(0);
    const event = new Webhook(secret).verify(body, headers);
    assert.equal(event.data.object.id, customer.id);
    assert.equal(headers['webhook-id'], event.id);
    assert.throws(() => new Webhook(OTHER).verify(body, headers), WebhookVerificationError);
    assert.throws(
      () => new Webhook(secret).verify(body.toString().replace('Jenny', 'Jonny'), headers),
      WebhookVerificationError,
    );
    assert.throws(
      () => new Webhook(secret).verify(body, { ...headers, 'webhook-id': 'evt_1' }),
      WebhookVerificationError,
    );
  }));

test('a retry is signed anew, under the same id and over the same body', () =>
  withHook(
    ['customer.created'],
    async (sink, { secret }) => {
      await stripe.customers.create();
      const first = await sink.nth(0);
      await new Promise((resolve) => setTimeout(resolve, 300));
      await server.advance(10);
      const second = await sink.nth(1);
      assert.equal(second.headers['webhook-id'], first.headers['webhook-id']);
      assert.notEqual(second.headers['webhook-timestamp'], first.headers['webhook-timestamp']);
      assert.deepEqual(second.body, first.body);
      const tolerant = 86400;
      stripe.webhooks.constructEvent(
        second.body,
        second.headers['stripe-signature'],
        secret,
        tolerant,
      );
    },
    (arrival, count) => (count === 1 ? 500 : 200),
  ));

test('while a rolled secret lives on, both verify', () =>
  withHook(['customer.created'], async (sink, { id, secret }) => {
    const rolled = await ours(`webhook_endpoints/${id}/roll_secret`, { expires_in: 3600 });
    assert.equal(rolled.status, 200, rolled.text);
    assert.notEqual(rolled.json.secret, secret);
    await stripe.customers.create();
    const { headers, body } = await sink.nth(0);
    for (const each of [secret, rolled.json.secret]) {
      const tolerant = 86400;
      stripe.webhooks.constructEvent(body, headers['stripe-signature'], each, tolerant);
      assert.ok(headers['webhook-signature'].split(' ').includes(standard(each, headers, body)));
    }
  }));

/** The signature as the standard describes it. */
function standard(secret, headers, body) {
  const signed = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`;
  const hmac = crypto.createHmac('sha256', Buffer.from(secret.slice('whsec_'.length), 'base64'));
  return `v1,${hmac.update(signed).digest('base64')}`;
}

test('an Ed25519 signature is verified with the public key that the endpoint shows', () =>
  withHook(['customer.created'], async (sink, { id }) => {
    const set = await ours(`webhook_endpoints/${id}`, { signature_scheme: 'ed25519' });
    assert.equal(set.status, 200, set.text);
    assert.match(set.json.public_key, /^whpk_/);
    await stripe.customers.create();
    const { headers, body } = await sink.nth(0);
    const raw = Buffer.from(set.json.public_key.slice('whpk_'.length), 'base64');
    assert.equal(raw.length, 32);
    const prefix = Buffer.from('302a300506032b6570032100', 'hex'); // SubjectPublicKeyInfo of RFC 8410
    const publicKey = crypto.createPublicKey({
      key: Buffer.concat([prefix, raw]),
      format: 'der',
      type: 'spki',
    });
    const signature = headers['webhook-signature']
      .split(' ')
      .find((each) => each.startsWith('v1a,'));
    assert.ok(signature, headers['webhook-signature']);
    const signed = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`;
    const bytes = Buffer.from(signature.slice('v1a,'.length), 'base64');
    assert.ok(crypto.verify(null, Buffer.from(signed), publicKey, bytes));
    assert.ok(!crypto.verify(null, Buffer.from(`${signed} `), publicKey, bytes));
  }));

test('events are listed by whether they were delivered', () =>
  withHook(
    ['customer.*'],
    async (sink) => {
      const taken = await stripe.customers.create({ name: 'taken' });
      const refused = await stripe.customers.create({ name: 'refused' });
      await sink.nth(1);
      const about = async (filter) =>
        (await stripe.events.list({ type: 'customer.created', limit: 2, ...filter })).data.map(
          (each) => each.data.object.id,
        );
      for (let turn = 0; turn < 100 && (await about({ delivery_success: true }))[0] !== taken.id; )
        await new Promise((resolve) => setTimeout(resolve, 20 + turn++));
      assert.equal((await about({ delivery_success: true }))[0], taken.id);
      assert.deepEqual(await about({ delivery_success: false }), [refused.id]);
      const [newest, before] = (await stripe.events.list({ limit: 2 })).data;
      assert.deepEqual([newest.pending_webhooks, before.pending_webhooks], [1, 0]);
      assert.equal((await stripe.events.retrieve(newest.id)).pending_webhooks, 1);
    },
    (arrival) => (JSON.parse(arrival.body).data.object.name === 'refused' ? 500 : 200),
  ));

closeWith(server);
