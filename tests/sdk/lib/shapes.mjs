// shapes.mjs: checks a reply of the server against the types that the official SDK declares.
//
// A reply must have every property that the type requires, `null` only where the type allows it, no
// property that the type does not know, and of each enumeration only the named values; nested
// objects, lists, expanded fields and the objects inside events and errors are held to the same.

import { loadShapeTable } from './shape-table.mjs';

const kindOf = (value) =>
  value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value;

const isObject = (value) => kindOf(value) === 'object';

const shown = (value) => {
  const text = JSON.stringify(value) ?? 'undefined';
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
};

// What every list and search page carries; `data` is checked object by object.
const ENVELOPES = {
  list: { required: ['object', 'data', 'has_more', 'url'], optional: ['total_count'] },
  search_result: {
    required: ['object', 'data', 'has_more', 'url', 'next_page'],
    optional: ['total_count'],
  },
};

export class ShapeChecker {
  constructor(table = loadShapeTable()) {
    this.table = table;
  }

  /** Checks a whole reply body, already parsed; returns what is wrong as sentences. */
  check(body) {
    const faults = [];
    if (!isObject(body)) faults.push(`reply: ${kindOf(body)} instead of an object`);
    else if ('error' in body) this.checkError(body, faults);
    else this.checkByName(body, body.object ?? 'reply', faults);
    return faults;
  }

  checkError(body, faults) {
    const extra = Object.keys(body).filter((key) => key !== 'error');
    for (const key of extra) faults.push(`${key}: not known beside error`);
    this.walk(body.error, this.table.error, 'error', faults);
    if (!isObject(body.error)) return;
    for (const key of ['type', 'message'])
      if (typeof body.error[key] !== 'string') faults.push(`error.${key}: missing`);
  }

  checkByName(value, path, faults) {
    if (!isObject(value)) {
      faults.push(`${path}: ${kindOf(value)} instead of an object`);
      return;
    }
    const envelope = Object.hasOwn(ENVELOPES, value.object) && ENVELOPES[value.object];
    if (envelope) {
      this.checkEnvelope(value, envelope, path, faults);
      return;
    }
    // Events of our own, and pings, tell of objects that the SDK knows.
    if (value.object === 'event' && /^(kontor|v2)\./.test(value.type)) {
      this.checkByName(value.data?.object, `${path}.data.object`, faults);
      return;
    }
    const { live, deleted, event } = this.table;
    const place = value.deleted === true ? deleted : live;
    const ref = value.object === 'event' ? event : place[value.object];
    if (ref === undefined) faults.push(`${path}.object: ${shown(value.object)} is not known`);
    else this.walk(value, ref, path, faults);
  }

  checkEnvelope(value, envelope, path, faults) {
    for (const key of envelope.required) if (!(key in value)) faults.push(`${path}.${key}: missing`);
    for (const key of Object.keys(value))
      if (!envelope.required.includes(key) && !envelope.optional.includes(key))
        faults.push(`${path}.${key}: not known`);
    if (typeof value.has_more !== 'boolean') faults.push(`${path}.has_more: not a boolean`);
    if (typeof value.url !== 'string') faults.push(`${path}.url: not a string`);
    if (!Array.isArray(value.data)) faults.push(`${path}.data: not an array`);
    else
      value.data.forEach((item, i) => this.checkByName(item, `${path}.data[${i}]`, faults));
  }

  walk(value, ref, path, faults, partial = false) {
    const [kind, first, required, optional] = this.table.nodes[ref];
    const mismatch = (wanted) => faults.push(`${path}: ${shown(value)} instead of ${wanted}`);
    switch (kind) {
      case 'any':
        break;
      case 'string':
      case 'other-string':
        if (typeof value !== 'string') mismatch('a string');
        break;
      case 'number':
        if (!Number.isSafeInteger(value) && !Number.isFinite(value)) mismatch('a number');
        break;
      case 'boolean':
        if (typeof value !== 'boolean') mismatch('a boolean');
        break;
      case 'null':
        if (value !== null) mismatch('null');
        break;
      case 'enum':
        if (!first.includes(value)) mismatch(`one of ${first.join(', ')}`);
        break;
      case 'array':
        if (!Array.isArray(value)) mismatch('an array');
        else value.forEach((item, i) => this.walk(item, first, `${path}[${i}]`, faults, partial));
        break;
      case 'map':
        if (!isObject(value)) mismatch('a map');
        else
          for (const [key, item] of Object.entries(value))
            if (!(partial && item === null))
              this.walk(item, first, `${path}.${key}`, faults, partial);
        break;
      case 'partial':
        this.walk(value, first, path, faults, true);
        break;
      case 'union':
        this.walkUnion(value, first, path, faults, partial);
        break;
      case 'object':
        if (first === 'ApiList' && isObject(value)) this.checkByName(value, path, faults);
        else if (isObject(value))
          this.walkObject(value, required, optional, path, faults, partial);
        else mismatch(`an object (${first})`);
        break;
    }
  }

  walkObject(value, required, optional, path, faults, partial) {
    // Another object altogether: one sentence about that says more than a list of its members.
    if (!partial && !this.literalsFit(value, required)) {
      faults.push(`${path}: ${shown(value)} is another object`);
      return;
    }
    for (const key of Object.keys(required))
      if (!(key in value) && !partial) faults.push(`${path}.${key}: missing`);
    for (const [key, item] of Object.entries(value)) {
      const ref = Object.hasOwn(required, key)
        ? required[key]
        : Object.hasOwn(optional, key)
          ? optional[key]
          : undefined;
      if (ref === undefined) faults.push(`${path}.${key}: not known`);
      // What an attribute was before may be "nothing", also where it can no longer be that.
      else if (!(partial && item === null)) this.walk(item, ref, `${path}.${key}`, faults, partial);
    }
  }

  // Objects are told apart by their literal properties (`object`, `type`, `deleted`), everything
  // else by what JSON says it is. Of several that fit, the one with the fewest faults speaks.
  walkUnion(value, refs, path, faults, partial) {
    const candidates = refs.filter((ref) => this.couldBe(value, ref));
    if (candidates.length === 0) {
      const wanted = refs.map((ref) => this.describe(ref));
      const list = wanted.length > 12 ? `${wanted.slice(0, 12).join(', ')}, ...` : wanted.join(', ');
      faults.push(`${path}: ${shown(value)} instead of ${list}`);
      return;
    }
    let best;
    for (const ref of candidates) {
      const found = [];
      this.walk(value, ref, path, found, partial);
      if (!best || found.length < best.length) best = found;
      if (found.length === 0) break;
    }
    faults.push(...best);
  }

  couldBe(value, ref) {
    const node = this.table.nodes[ref];
    const kind = kindOf(value);
    switch (node[0]) {
      case 'any':
        return true;
      case 'enum':
        return node[1].includes(value);
      case 'other-string':
        return kind === 'string';
      case 'partial':
        return this.couldBe(value, node[1]);
      case 'union':
        return node[1].some((inner) => this.couldBe(value, inner));
      case 'map':
        return kind === 'object';
      case 'object':
        return kind === 'object' && this.literalsFit(value, node[2]);
      default:
        return kind === node[0];
    }
  }

  literalsFit(value, required) {
    for (const key of ['object', 'type', 'deleted']) {
      const node = Object.hasOwn(required, key) && this.table.nodes[required[key]];
      if (node && node[0] === 'enum' && node[1].length === 1 && value[key] !== node[1][0])
        return false;
    }
    return true;
  }

  describe(ref) {
    const node = this.table.nodes[ref];
    return node[0] === 'enum' ? node[1].join('|') : node[0] === 'object' ? node[1] : node[0];
  }
}

// JSON.parse keeps the last of two members with one name and says nothing.
function duplicateKeys(text) {
  const scopes = [];
  const found = [];
  const token = /"((?:[^"\\]|\\.)*)"(\s*:)?|[{}]/g;
  for (let match = token.exec(text); match; match = token.exec(text)) {
    if (match[0] === '{') scopes.push(new Set());
    else if (match[0] === '}') scopes.pop();
    else if (match[2]) {
      const scope = scopes.at(-1);
      if (scope?.has(match[1])) found.push(`${match[1]}: twice in one object`);
      scope?.add(match[1]);
    }
  }
  return found;
}

/** Checks the bytes of one reply; returns what is wrong with them. */
// In the second generation of the API null is another way to leave a property out.
function withoutNulls(value) {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (!isObject(value)) return value;
  const members = Object.entries(value).filter(([, member]) => member !== null);
  return Object.fromEntries(members.map(([name, member]) => [name, withoutNulls(member)]));
}

/** Checks a reply of the second generation of the API, whose pages are no objects with a name. */
export function checkNewerReply(checker, text) {
  const body = withoutNulls(JSON.parse(text));
  const { data, next_page_url, previous_page_url, ...rest } = body;
  // Its events have a type of their own for each kind; the one that is served is checked where it is asked for.
  if (body.object === 'v2.core.event') return [];
  // What was deleted says its name and its noun.
  if (body.id && Object.keys(body).every((name) => ['id', 'object'].includes(name))) return [];
  if (!data) return checker.check(body);
  const unknown = Object.keys(rest).map((name) => `${name}: not known beside data`);
  return [...unknown, ...data.flatMap((each) => checker.check(each))];
}

export function checkReply(checker, text) {
  let body;
  try {
    body = JSON.parse(text);
  } catch (problem) {
    return [`not JSON: ${problem.message}`];
  }
  return [...duplicateKeys(text), ...checker.check(body)];
}

/**
 * The SDK's own HTTP client, listening in: each raw reply body goes to `report` as
 * `(method, path, status, text)` before the SDK sees it.
 */
export function listeningClient(client, report) {
  const makeRequest = client.makeRequest.bind(client);
  client.makeRequest = async (host, port, path, method, ...rest) => {
    const response = await makeRequest(host, port, path, method, ...rest);
    const toJSON = response.toJSON.bind(response);
    response.toJSON = async () => {
      const chunks = [];
      response.getRawResponse().on('data', (chunk) => chunks.push(Buffer.from(chunk)));
      try {
        return await toJSON();
      } finally {
        const text = Buffer.concat(chunks).toString('utf8');
        report(method, path, response.getStatusCode(), text);
      }
    };
    return response;
  };
  return client;
}
