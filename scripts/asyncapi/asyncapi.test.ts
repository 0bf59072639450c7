import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { decodeEdgeFrame, decodeShopperFrame, encodeMessage } from '../../contracts/line/codec.ts';
import { EdgeMessage, ShopperMessage } from '../../contracts/line/messages.ts';
import { asyncapiDocument } from './document.ts';
import { EDGE_EXAMPLES, SHOPPER_EXAMPLES } from './examples.ts';
import { asyncapiText } from './text.ts';

const written = readFileSync(join(import.meta.dirname, '../../docs/asyncapi.json'), 'utf8');
const document: unknown = JSON.parse(written);
const specification: object = createRequire(import.meta.url)('@asyncapi/specs/schemas/3.0.0-without-$id.json');
// Formats name shapes of addresses, which the schema also gives as patterns.
const isAsyncapi = new Ajv({ strict: false, validateFormats: false, allErrors: true }).compile(specification);

/** Every `$ref` of a value. */
function refsOf(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => (name === '$ref' ? [String(inner)] : refsOf(inner)));
}

function leadsSomewhere(ref: string): boolean {
  const steps = ref.replace(/^#\//, '').split('/');
  let at: unknown = document;
  for (const step of steps) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, step)) return false;
    at = Object.entries(at).find(([name]) => name === step)?.[1];
  }
  return true;
}

describe('docs/asyncapi.json', () => {
  it('is what the contracts say: node scripts/asyncapi/main.ts --write', () => {
    expect(written).toBe(asyncapiText());
  });

  it('is an AsyncAPI 3 document', () => {
    isAsyncapi(document);
    expect(isAsyncapi.errors).toBeNull();
    expect(refsOf(document).filter((ref) => !leadsSomewhere(ref))).toEqual([]);
  });

  it('would not be one with a channel that has no messages of the right form', () => {
    expect(isAsyncapi({ ...Object(asyncapiDocument()), channels: { line: { messages: 5 } } })).toBe(false);
  });

  it('has every message', () => {
    const names = [...ShopperMessage.anyOf, ...EdgeMessage.anyOf].map(({ properties }) => properties.t.const);
    expect(document).toMatchObject({
      components: { messages: Object.fromEntries(names.map((name) => [name, { name }])) },
    });
  });
});

describe('its examples', () => {
  it.each(Object.values(SHOPPER_EXAMPLES))('may be said by a shopper: %j', (message) => {
    const frame = new TextEncoder().encode(encodeMessage(message)).buffer;
    expect(decodeShopperFrame(frame, false)).toEqual({ ok: true, message });
  });

  it.each(Object.values(EDGE_EXAMPLES))('may be said by the edge: %j', (message) => {
    expect(decodeEdgeFrame(encodeMessage(message))).toEqual({ ok: true, message });
  });
});
