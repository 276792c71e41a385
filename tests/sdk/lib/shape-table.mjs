// shape-table.mjs: turns the type declarations of the installed `stripe` package into a table that
// a checker can walk.
//
// A node of the table is an array whose first element names its kind:
//   ['string'] ['number'] ['boolean'] ['null'] ['any'] ['other-string']
//   ['enum', [values]]            one of these literals
//   ['array', ref] ['map', ref]   ref is the index of another node
//   ['object', name, required, optional]   both {property: ref}
//   ['partial', ref]              an object of which any part may be missing, at every depth
//   ['union', [refs]]
// Types refer to each other in circles (a charge has a customer has a charge), hence the indexes.

import crypto from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createRequire } from 'node:module';

const FORMAT = 2;
// Parameters of the nouns that are served.
const PARAMS =
  /^(Account|Balance|BalanceTransaction|Charge|Customer|Event|PaymentIntent|PaymentMethod|Refund|SetupAttempt|SetupIntent|WebhookEndpoint)(Create|Update|List|Retrieve|Confirm|Capture|Cancel|Attach|Detach|Search|IncrementAuthorization)Params$/;
const require = createRequire(import.meta.url);
// The package exports only its entry point, which lies one folder below its root.
const packageDir = path.dirname(path.dirname(require.resolve('stripe')));

function declarationFiles(ts) {
  const found = [];
  const visit = (dir) => {
    for (const entry of fs.readdirSync(dir, { withFileTypes: true })) {
      const file = path.join(dir, entry.name);
      // The second generation of the API ("v2") speaks another dialect; one of its nouns is served.
      if (entry.isDirectory()) {
        if (entry.name !== 'V2') visit(file);
      } else if (entry.name.endsWith('.d.ts') && entry.name !== 'index.d.ts') {
        found.push(file);
      }
    }
  };
  visit(path.join(packageDir, 'cjs', 'resources'));
  for (const other of ['resources/V2/Core/EventDestinations.d.ts', 'Types.d.ts'])
    found.push(path.join(packageDir, 'cjs', other));
  return found.map((file) => ts.sys.resolvePath(file));
}

class Compiler {
  constructor(ts, checker) {
    this.ts = ts;
    this.checker = checker;
    this.nodes = [];
    this.byType = new Map();
    this.byText = new Map();
  }

  // Leaves look alike everywhere, so they are stored once.
  leaf(...node) {
    const text = JSON.stringify(node);
    if (!this.byText.has(text)) this.byText.set(text, this.nodes.push(node) - 1);
    return this.byText.get(text);
  }

  compile(type) {
    const known = this.byType.get(type);
    if (known !== undefined) return known;

    const { TypeFlags } = this.ts;
    if (type.flags & TypeFlags.Any || type.flags & TypeFlags.Unknown) return this.leaf('any');
    if (type.flags & TypeFlags.StringLiteral) return this.leaf('enum', [type.value]);
    if (type.flags & TypeFlags.NumberLiteral) return this.leaf('enum', [type.value]);
    if (type.flags & TypeFlags.BooleanLiteral)
      return this.leaf('enum', [this.checker.typeToString(type) === 'true']);
    if (type.flags & TypeFlags.String) return this.leaf('string');
    if (type.flags & TypeFlags.Number) return this.leaf('number');
    if (type.flags & TypeFlags.BigInt) return this.leaf('number');
    if (type.flags & TypeFlags.Boolean) return this.leaf('boolean');
    if (type.flags & TypeFlags.Null) return this.leaf('null');
    if (type.isUnion()) return this.compileUnion(type);
    if (type.isIntersection()) return this.leaf('other-string'); // `OtherString`, see below

    // `Decimal` exists in the SDK only; on the wire it is text.
    const name = (type.aliasSymbol ?? type.symbol)?.name ?? '';
    if (name === 'Decimal') return this.leaf('string');
    if (this.checker.isArrayType(type)) {
      const ref = this.reserve(type);
      this.nodes[ref] = ['array', this.compile(this.checker.getTypeArguments(type)[0])];
      return ref;
    }
    if (name === 'Partial' && type.aliasTypeArguments) {
      const ref = this.reserve(type);
      this.nodes[ref] = ['partial', this.compile(type.aliasTypeArguments[0])];
      return ref;
    }
    return this.compileObject(type, name);
  }

  reserve(type) {
    const ref = this.nodes.push(null) - 1;
    this.byType.set(type, ref);
    return ref;
  }

  compileUnion(type) {
    const { TypeFlags } = this.ts;
    const refs = new Set();
    const literals = [];
    const booleans = new Set();
    for (const member of type.types) {
      if (member.flags & (TypeFlags.Undefined | TypeFlags.Void)) continue;
      if (member.flags & (TypeFlags.StringLiteral | TypeFlags.NumberLiteral)) {
        literals.push(member.value);
        continue;
      }
      if (member.flags & TypeFlags.BooleanLiteral) {
        booleans.add(this.checker.typeToString(member) === 'true');
        continue;
      }
      refs.add(this.compile(member));
    }
    if (booleans.size === 2) refs.add(this.leaf('boolean'));
    else literals.push(...booleans);
    // An open enum is written `'a' | 'b' | OtherString`. A server that speaks exactly this version
    // has no other values, so the opening is left out when there are named ones.
    if (literals.length) {
      refs.delete(this.leaf('other-string'));
      refs.add(this.leaf('enum', literals.sort()));
    }
    const list = [...refs];
    return list.length === 1 ? list[0] : this.leaf('union', list);
  }

  compileObject(type, name) {
    const { SymbolFlags, TypeFlags } = this.ts;
    const ref = this.reserve(type);
    const index = this.checker.getIndexInfosOfType(type)[0];
    const properties = this.checker.getPropertiesOfType(type);
    if (index && properties.length === 0) {
      this.nodes[ref] = ['map', this.compile(index.type)];
      return ref;
    }
    const required = {};
    const optional = {};
    for (const property of properties) {
      const propertyType = this.checker.getTypeOfSymbol(property);
      const isOptional = (property.flags & SymbolFlags.Optional) !== 0;
      const bare = this.checker.getNonNullableType(propertyType);
      // `deleted?: void` only helps the compiler to tell a live object from a deleted one.
      if (bare.flags & (TypeFlags.Void | TypeFlags.Never)) continue;
      (isOptional ? optional : required)[property.name] = this.compile(propertyType);
    }
    this.nodes[ref] = ['object', name, required, optional];
    return ref;
  }
}

function literalOf(compiler, ref, property) {
  const node = compiler.nodes[ref];
  const child = node?.[0] === 'object' ? node[2][property] : undefined;
  const leaf = child === undefined ? undefined : compiler.nodes[child];
  return leaf?.[0] === 'enum' && leaf[1].length === 1 ? leaf[1][0] : undefined;
}

function compileDeclarations() {
  const ts = require('typescript');
  const files = declarationFiles(ts);
  const program = ts.createProgram(files, {
    types: [],
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    target: ts.ScriptTarget.ES2020,
    module: ts.ModuleKind.Node16,
    moduleResolution: ts.ModuleResolutionKind.Node16,
  });
  const checker = program.getTypeChecker();
  const compiler = new Compiler(ts, checker);
  const live = {};
  const deleted = {};
  const params = {};
  let event;
  let error;
  for (const file of files) {
    const source = program.getSourceFile(file);
    const module = source && checker.getSymbolAtLocation(source);
    for (const symbol of module ? checker.getExportsOfModule(module) : []) {
      const declaration = symbol.declarations?.find(
        (d) => ts.isInterfaceDeclaration(d) || ts.isTypeAliasDeclaration(d),
      );
      if (!declaration) continue;
      if (symbol.name === 'Event') event = compiler.compile(checker.getDeclaredTypeOfSymbol(symbol));
      if (symbol.name === 'StripeRawError')
        error = compiler.compile(checker.getDeclaredTypeOfSymbol(symbol));
      if (PARAMS.test(symbol.name))
        params[symbol.name] = compiler.compile(checker.getDeclaredTypeOfSymbol(symbol));
      if (!ts.isInterfaceDeclaration(declaration) || symbol.name.endsWith('Event')) continue;
      const type = checker.getDeclaredTypeOfSymbol(symbol);
      if (!checker.getPropertyOfType(type, 'object')) continue;
      const ref = compiler.compile(type);
      const object = literalOf(compiler, ref, 'object');
      if (object === undefined) continue;
      const place = literalOf(compiler, ref, 'deleted') === true ? deleted : live;
      place[object] ??= ref;
    }
  }
  delete live.event;
  return { format: FORMAT, nodes: compiler.nodes, live, deleted, params, event, error };
}

/**
 * The table for the installed SDK, from the cache when this very version was compiled before.
 * The compiler costs some seconds, the cache some milliseconds, and every test file needs it.
 */
export function loadShapeTable() {
  const manifest = path.join(packageDir, 'package.json');
  const { version } = JSON.parse(fs.readFileSync(manifest, 'utf8'));
  const tag = crypto
    .createHash('sha256')
    .update(fs.readFileSync(new URL(import.meta.url)))
    .digest('hex')
    .slice(0, 12);
  const dir = process.env.KONTOR_TEST_CACHE ?? path.join(os.tmpdir(), 'kontor-test-cache');
  const cache = path.join(dir, `stripe-shapes-${version}-${tag}.json`);
  try {
    return JSON.parse(fs.readFileSync(cache, 'utf8'));
  } catch {
    const table = compileDeclarations();
    fs.mkdirSync(dir, { recursive: true });
    const half = `${cache}.${process.pid}`;
    fs.writeFileSync(half, JSON.stringify(table));
    fs.renameSync(half, cache);
    return table;
  }
}
