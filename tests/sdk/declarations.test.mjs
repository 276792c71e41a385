// declarations.test.mjs: holds the tables of core/resources against the types of the SDK, so that
// also what no other test happens to show has the right name, kind and nullability, and so that no
// parameter that the SDK offers is unknown here.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { ShapeChecker } from './lib/shapes.mjs';

const program = process.env.KONTOR_DECLARATIONS;
const resources = JSON.parse(execFileSync(program, { maxBuffer: 1 << 26 }));
const checker = new ShapeChecker();
const { nodes, live, params, event } = checker.table;

const membersOf = (ref) => (nodes[ref][0] === 'union' ? nodes[ref][1] : [ref]);
const has = (field, flag) => field.flags.includes(flag);

// What JSON makes of each kind of field, as kinds of the type table.
const KINDS = {
  string: ['string', 'other-string', 'enum'],
  email: ['string'],
  currency: ['string'],
  id: ['string'],
  client_secret: ['string'],
  enum: ['string', 'other-string', 'enum'],
  int: ['number'],
  time: ['number'],
  bool: ['boolean'],
  object: ['object'],
  strings: ['array'],
  objects: ['array'],
  map: ['map', 'object'],
  sublist: ['object'],
  self_id: ['string'],
  self_created: ['number'],
  self_livemode: ['boolean'],
};

function compareField(field, ref, path, faults) {
  const members = membersOf(ref);
  const nullable = members.some((member) => nodes[member][0] === 'null');
  if (has(field, 'nullable') && !has(field, 'optional') && !nullable)
    faults.push(`${path}: may be null here, but not by the type`);
  if (field.type === 'raw') return;
  if (field.type === 'fixed') {
    checker.walk(field.fixed, ref, path, faults);
    return;
  }
  const fitting = members.filter((member) => KINDS[field.type].includes(nodes[member][0]));
  if (fitting.length === 0) {
    faults.push(`${path}: ${field.type} here, ${members.map((m) => nodes[m][0])} by the type`);
    return;
  }
  const texts = members.some((member) => ['string', 'other-string'].includes(nodes[member][0]));
  const objects = members.some((member) => nodes[member][0] === 'object');
  if (field.type === 'id' && has(field, 'expandable') !== (texts && objects))
    faults.push(`${path}: ${texts && objects ? 'expands' : 'does not expand'} by the type`);
  const words = fitting.filter((member) => nodes[member][0] === 'enum').flatMap((m) => nodes[m][1]);
  if (words.length && field.values && !texts)
    for (const value of field.values)
      if (!words.includes(value)) faults.push(`${path}: "${value}" is no word of the type`);
  if (field.fields) compareNested(field, fitting, path, faults);
}

function compareNested(field, fitting, path, faults) {
  let refs = fitting;
  if (field.type === 'objects') refs = fitting.flatMap((member) => membersOf(nodes[member][1]));
  const objects = refs.filter((member) => nodes[member][0] === 'object');
  if (objects.length !== 1) faults.push(`${path}: ${objects.length} object types to choose from`);
  else compareFields(field.fields, objects[0], path, faults);
}

function compareFields(fields, ref, path, faults) {
  const [, , required, optional] = nodes[ref];
  const shown = fields.filter((field) => !has(field, 'hidden') && !has(field, 'param_only'));
  const names = shown.map((field) => field.name);
  for (const name of Object.keys(required)) {
    const field = shown.find((each) => each.name === name);
    if (!field) faults.push(`${path}.${name}: not declared`);
    else if (has(field, 'optional') || has(field, 'when_expanded'))
      faults.push(`${path}.${name}: may be left out here, but not by the type`);
  }
  for (const field of shown) {
    const type = required[field.name] ?? optional[field.name];
    if (type === undefined) faults.push(`${path}.${field.name}: not known to the type`);
    else compareField(field, type, `${path}.${field.name}`, faults);
  }
  const twice = names.filter((name, i) => names.indexOf(name) !== i);
  for (const name of twice) faults.push(`${path}.${name}: declared twice`);
}

for (const [noun, fields] of Object.entries(resources)) {
  if (noun.startsWith('kontor.')) continue; // ours: the SDK knows nothing of it
  test(`${noun}: declared as the SDK knows it`, () => {
    const faults = [];
    // Of the many types of event the first stands for all: they differ in the object they carry.
    const ref = noun === 'event' ? membersOf(event)[0] : live[noun];
    compareFields(fields, ref, noun, faults);
    const known = faults.filter((fault) => !/^event\.(type|object):/.test(fault));
    assert.equal(known.length, 0, known.join('\n'));
  });
}

// Each row: the noun, the operation of its table, the parameters by the SDK.
const OPERATIONS = [
  ['balance_transaction', 'list', 'BalanceTransactionListParams'],
  ['charge', 'create', 'ChargeCreateParams'],
  ['charge', 'update', 'ChargeUpdateParams'],
  ['charge', 'list', 'ChargeListParams'],
  ['charge', 'capture', 'ChargeCaptureParams'],
  ['customer', 'create', 'CustomerCreateParams'],
  ['customer', 'update', 'CustomerUpdateParams'],
  ['customer', 'list', 'CustomerListParams'],
  ['event', 'list', 'EventListParams'],
  ['payment_intent', 'create', 'PaymentIntentCreateParams'],
  ['payment_intent', 'update', 'PaymentIntentUpdateParams'],
  ['payment_intent', 'list', 'PaymentIntentListParams'],
  ['payment_intent', 'confirm', 'PaymentIntentConfirmParams'],
  ['payment_intent', 'capture', 'PaymentIntentCaptureParams'],
  ['payment_intent', 'cancel', 'PaymentIntentCancelParams'],
  ['payment_intent', 'action', 'PaymentIntentIncrementAuthorizationParams'],
  ['payment_method', 'create', 'PaymentMethodCreateParams'],
  ['payment_method', 'update', 'PaymentMethodUpdateParams'],
  ['payment_method', 'list', 'PaymentMethodListParams'],
  ['payment_method', 'action', 'PaymentMethodAttachParams'],
  ['refund', 'create', 'RefundCreateParams'],
  ['refund', 'update', 'RefundUpdateParams'],
  ['refund', 'list', 'RefundListParams'],
  ['setup_attempt', 'list', 'SetupAttemptListParams'],
  ['setup_intent', 'create', 'SetupIntentCreateParams'],
  ['setup_intent', 'update', 'SetupIntentUpdateParams'],
  ['setup_intent', 'list', 'SetupIntentListParams'],
  ['setup_intent', 'confirm', 'SetupIntentConfirmParams'],
  ['setup_intent', 'cancel', 'SetupIntentCancelParams'],
  ['webhook_endpoint', 'create', 'WebhookEndpointCreateParams'],
  ['webhook_endpoint', 'update', 'WebhookEndpointUpdateParams'],
];

// Every operation takes these without a row of their own.
const ALWAYS = ['expand', 'limit', 'starting_after', 'ending_before'];

function compareParams(fields, ref, operation, path, faults) {
  const [, , required, optional] = nodes[ref];
  const inner = operation === 'nested' ? ['nested', ...EVERY] : [operation];
  for (const [name, type] of Object.entries({ ...required, ...optional })) {
    const label = path ? `${path}[${name}]` : name;
    if (!path && ALWAYS.includes(name)) continue;
    const rows = fields.filter(
      (field) => field.name === name && inner.some((flag) => has(field, flag)),
    );
    if (rows.length === 0) {
      faults.push(`${label}: not taken`);
      continue;
    }
    const [row] = rows;
    const objects = membersOf(type)
      .flatMap((each) => (nodes[each][0] === 'array' ? membersOf(nodes[each][1]) : [each]))
      .filter((each) => nodes[each][0] === 'object');
    if (row.fields)
      for (const each of objects) compareParams(row.fields, each, 'nested', label, faults);
    // Which ways to pay there are is the server's own choice: cards come first.
    if (row.values && !(name === 'type' && fields.some((field) => field.name === 'card'))) {
      const words = membersOf(type)
        .filter((each) => nodes[each][0] === 'enum')
        .flatMap((each) => nodes[each][1]);
      for (const word of words)
        if (word !== '' && !row.values.includes(word)) faults.push(`${label}: "${word}" not taken`);
    }
  }
}

const EVERY = ['create', 'update', 'list', 'confirm', 'capture', 'cancel', 'action', 'action2'];

for (const [noun, operation, name] of OPERATIONS) {
  test(`${noun}: ${operation} takes every parameter of the SDK`, () => {
    const faults = [];
    assert.ok(params[name] !== undefined, `${name} is not known to the SDK`);
    compareParams(resources[noun], params[name], operation, '', faults);
    assert.equal(faults.length, 0, faults.join('\n'));
  });
}

test('a table that strays from the types is found out', () => {
  const spoil = (change) => {
    const fields = structuredClone(resources.refund);
    change((name) => fields.find((field) => field.name === name), fields);
    const faults = [];
    compareFields(fields, live.refund, 'refund', faults);
    return faults;
  };
  assert.deepEqual(spoil((_, fields) => fields.splice(2, 1)), ['refund.amount: not declared']);
  assert.deepEqual(
    spoil((field) => (field('amount').type = 'string')),
    ['refund.amount: string here, number by the type'],
  );
  assert.deepEqual(
    spoil((field) => field('amount').flags.push('nullable')),
    ['refund.amount: may be null here, but not by the type'],
  );
  assert.deepEqual(
    spoil((field) => (field('status').name = 'state')),
    ['refund.status: not declared', 'refund.state: not known to the type'],
  );
  assert.deepEqual(
    spoil((field) => (field('charge').flags = [])),
    ['refund.charge: expands by the type'],
  );
  assert.deepEqual(
    spoil((field) => field('reason').flags.push('optional')),
    ['refund.reason: may be left out here, but not by the type'],
  );
});
