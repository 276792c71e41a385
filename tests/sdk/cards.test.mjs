// cards.test.mjs: every test card that Stripe documents does what it is documented to do, by its
// number, as `pm_card_…` and as `tok_…`.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CHECKS, DECLINED, DISPUTED, GOOD, RISKY, SECURE } from './lib/cards.mjs';
import { authenticate, cardNumber, paid, paidWithReturn, refused } from './lib/flows.mjs';
import { Server, closeWith } from './lib/server.mjs';

const server = await Server.start();
const stripe = server.stripe(await server.key());

const address = { line1: '1 Main St', city: 'Springfield', postal_code: '12345', country: 'US' };

// Every way to name one card, as parameters of a payment.
function waysOf(number, names) {
  const ways = number
    ? [[number, { payment_method_data: { ...cardNumber(number), billing_details: { address } } }]]
    : [];
  for (const name of names) {
    ways.push([`pm_card_${name}`, { payment_method: `pm_card_${name}` }]);
    ways.push([
      `tok_${name}`,
      { payment_method_data: { type: 'card', card: { token: `tok_${name}` } } },
    ]);
  }
  return ways;
}

const pay = (way, extra = {}) =>
  stripe.paymentIntents.create(paid({ payment_method: undefined, ...way, ...extra }));

for (const [number, names, brand, country, funding] of GOOD) {
  for (const [label, way] of waysOf(number, names)) {
    test(`${label} pays as ${brand} from ${country}, ${funding}`, async () => {
      const intent = await pay(way, { expand: ['latest_charge', 'payment_method'] });
      assert.equal(intent.status, 'succeeded');
      const { card } = intent.payment_method;
      const details = intent.latest_charge.payment_method_details.card;
      for (const seen of [card, details]) {
        assert.equal(seen.brand, brand);
        assert.equal(seen.country, country);
        assert.equal(seen.funding, funding);
        assert.equal(seen.last4, number.slice(-4));
      }
      assert.match(card.fingerprint, /^\w{16}$/);
      assert.equal(details.fingerprint, card.fingerprint);
    });
  }
}

for (const [number, names, code, declineCode, attaches] of DECLINED) {
  for (const [label, way] of waysOf(number, names)) {
    test(`${label} is declined: ${declineCode ?? code}`, async () => {
      const error = await refused(pay(way), {
        type: 'StripeCardError',
        statusCode: 402,
        code,
      });
      // Where the code says it all, a decline code adds nothing and may be left out.
      assert.ok([declineCode ?? code, declineCode].includes(error.decline_code), error.decline_code);
      assert.equal(error.payment_intent.status, 'requires_payment_method');
      const charge = await stripe.charges.retrieve(error.charge);
      assert.equal(charge.status, 'failed');
      assert.equal(charge.failure_code, code);
      if (number) assert.equal(charge.payment_method_details.card.last4, number.slice(-4));
    });
  }

  for (const name of attaches === undefined ? [] : names) {
    test(`pm_card_${name} can${attaches ? '' : 'not'} be attached to a customer`, async () => {
      const customer = await stripe.customers.create();
      const attempt = stripe.paymentMethods.attach(`pm_card_${name}`, { customer: customer.id });
      if (attaches) assert.equal((await attempt).customer, customer.id);
      else await refused(attempt, { type: 'StripeCardError', statusCode: 402, code });
    });
  }
}

test('a blocked payment says that it never reached the network', async () => {
  const error = await refused(pay({ payment_method: 'pm_card_radarBlock' }));
  const charge = await stripe.charges.retrieve(error.charge);
  assert.equal(charge.outcome.type, 'blocked');
  assert.equal(charge.outcome.network_status, 'not_sent_to_network');
  assert.equal(charge.outcome.risk_level, 'highest');
});

// Each row: what is wrong with the card, the details, the code, the parameter.
const INVALID = [
  ['a wrong check digit', { number: '4242424242424241' }, 'incorrect_number', 'number'],
  ['a number that is too short', { number: '42424242' }, /(in)?(valid|correct)_number/, 'number'],
  ['a month that is none', { exp_month: 13 }, 'invalid_expiry_month', 'exp_month'],
  ['a year long gone', { exp_year: 1970 }, 'invalid_expiry_year', 'exp_year'],
  ['a security code of two digits', { cvc: '99' }, 'invalid_cvc', 'cvc'],
];

for (const [name, change, code, param] of INVALID) {
  test(`${name} is refused at once`, async () => {
    const error = await refused(
      stripe.paymentMethods.create(cardNumber('4242424242424242', change)),
      { type: 'StripeCardError', statusCode: 402, code },
    );
    assert.match(error.param, new RegExp(param));
  });
}

for (const [number, names, checks] of CHECKS) {
  for (const [label, way] of waysOf(number, names)) {
    test(`${label} pays, and its checks say ${JSON.stringify(checks)}`, async () => {
      const intent = await pay(way, { expand: ['latest_charge'] });
      assert.equal(intent.status, 'succeeded');
      const found = intent.latest_charge.payment_method_details.card.checks;
      // What is not sent is not checked: the names stand for a card without an address.
      for (const [check, result] of Object.entries(checks))
        if (label === number) assert.equal(found[check], result, check);
    });
  }
}

for (const [number, names, level] of RISKY) {
  for (const [label, way] of waysOf(number, names)) {
    test(`${label} pays at ${level} risk`, async () => {
      const intent = await pay(way, { expand: ['latest_charge'] });
      assert.equal(intent.latest_charge.outcome.risk_level, level);
      assert.equal(intent.status, 'succeeded');
    });
  }
}

for (const [number, names] of DISPUTED) {
  for (const [label, way] of waysOf(number, names)) {
    test(`${label} pays now`, async () => {
      assert.equal((await pay(way)).status, 'succeeded');
    });
  }
}

for (const [number, names, challenge, end] of SECURE) {
  for (const [label, way] of waysOf(number, names)) {
    test(`${label} ${challenge ? 'is challenged' : 'is not challenged'}, then ${end}`, async () => {
      const intent = await stripe.paymentIntents.create(paidWithReturn(way));
      assert.equal(intent.status, challenge ? 'requires_action' : 'succeeded');
      if (!challenge) return;
      await authenticate(server, intent);
      const after = await stripe.paymentIntents.retrieve(intent.id);
      if (end === 'succeeded') assert.equal(after.status, 'succeeded');
      else {
        assert.equal(after.status, 'requires_payment_method');
        assert.equal(after.last_payment_error.code, end);
      }
    });
  }
}

test('a challenge that the bank cannot give is an error', async () => {
  const error = await refused(
    stripe.paymentIntents.create(
      paidWithReturn({
        payment_method: 'pm_card_threeDSecureOptionalProcessingError',
        payment_method_options: { card: { request_three_d_secure: 'any' } },
      }),
    ),
    { type: 'StripeCardError', statusCode: 402, code: 'processing_error' },
  );
  assert.equal(error.payment_intent.status, 'requires_payment_method');
});

test('funds of the bypass cards are available at once', async () => {
  const available = async () =>
    (await stripe.balance.retrieve()).available.find((each) => each.currency === 'usd')?.amount ?? 0;
  for (const name of ['bypassPending', 'bypassPendingInternational']) {
    const before = await available();
    const intent = await pay(
      { payment_method: `pm_card_${name}` },
      { expand: ['latest_charge.balance_transaction'] },
    );
    const entry = intent.latest_charge.balance_transaction;
    assert.equal(entry.status, 'available');
    assert.equal(await available(), before + entry.net);
  }
});

test('one card has one fingerprint, another card another', async () => {
  const fingerprint = async (number) =>
    (await stripe.paymentMethods.create(cardNumber(number))).card.fingerprint;
  const first = await fingerprint('4242424242424242');
  assert.equal(await fingerprint('4242424242424242'), first);
  assert.notEqual(await fingerprint('4000056655665556'), first);
});

test('an unknown test name is no payment method', async () => {
  await refused(pay({ payment_method: 'pm_card_zonk' }), { code: 'resource_missing' });
  await refused(pay({ payment_method_data: { type: 'card', card: { token: 'tok_zonk' } } }), {
    code: 'resource_missing',
  });
});

closeWith(server);
