// flows.mjs: steps that many tests share: taking a payment, passing a 3D Secure page, and so on.

import assert from 'node:assert/strict';

export const DAY = 86400;

/** Parameters of a payment that is made and confirmed in one call. */
export const paid = (extra = {}) => ({
  amount: 2000,
  currency: 'usd',
  payment_method: 'pm_card_visa',
  confirm: true,
  automatic_payment_methods: { enabled: true, allow_redirects: 'never' },
  ...extra,
});

/** Like `paid`, for a card that may send the customer elsewhere. */
export const paidWithReturn = (extra = {}) => ({
  amount: 2000,
  currency: 'usd',
  confirm: true,
  payment_method_types: ['card'],
  return_url: 'https://shop.example/back',
  ...extra,
});

/** Card details as a developer's form would send them; the year is far enough for any clock. */
export const cardNumber = (number, extra = {}) => ({
  type: 'card',
  card: { number, exp_month: 12, exp_year: 2034, cvc: /^3[47]/.test(number) ? '1234' : '123', ...extra },
});

/** Waits for a call of the SDK to be refused and hands back the error. */
export async function refused(promise, wanted = {}) {
  let value;
  try {
    value = await promise;
  } catch (problem) {
    for (const [key, expected] of Object.entries(wanted)) {
      const actual = problem[key];
      const label = `${key}: ${actual} (${problem.message})`;
      if (expected instanceof RegExp) assert.match(String(actual), expected, label);
      else assert.equal(actual, expected, label);
    }
    return problem;
  }
  assert.fail(`was not refused: ${JSON.stringify(value).slice(0, 300)}`);
}

/** The page on which a customer passes or fails authentication. */
export function challengePage(intent) {
  const action = intent.next_action;
  assert.ok(action, `no next_action: ${intent.status}`);
  if (action.type === 'redirect_to_url') return action.redirect_to_url.url;
  assert.equal(action.type, 'use_stripe_sdk');
  return action.use_stripe_sdk.stripe_js;
}

/** Passes (or fails) the authentication that `intent` asks for, as a customer's browser would. */
export async function authenticate(server, intent, outcome = 'succeeded') {
  const url = new URL(challengePage(intent));
  const page = await server.request('GET', url.pathname + url.search);
  assert.equal(page.status, 200, page.text);
  assert.match(page.headers['content-type'], /^text\/html/);
  const reply = await server.request('POST', url.pathname + url.search, { body: { outcome } });
  assert.ok([200, 303].includes(reply.status), `${reply.status} ${reply.text}`);
  return reply;
}

/** All events of the given types, oldest first. */
export async function eventsOf(stripe, types, limit = 100) {
  const page = await stripe.events.list({ types, limit });
  return page.data.reverse();
}

/** The types of all events about one object, oldest first. */
export async function eventTypesAbout(stripe, id) {
  const types = [];
  for await (const event of stripe.events.list({ limit: 100 }))
    if (event.data.object.id === id) types.push(event.type);
  return types.reverse();
}
