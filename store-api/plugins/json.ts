/**
 * Bodies as they may come in: JSON in good UTF-8, not too deep, without keys that reach for prototypes and without
 * characters that PostgreSQL cannot store. Refused here, once, so that no route has to think of it.
 */
import { LIMITS } from '../../contracts/limits.ts';
import type { StoreApp } from '../store-app.ts';
import { Refusal } from './problems.ts';

const utf8 = new TextDecoder('utf-8', { fatal: true });
const FORBIDDEN_KEYS: ReadonlySet<string> = new Set(['__proto__', 'constructor']);
const NUL = '\u0000';
/** In a path or a query; a NUL that is not encoded does not get through HTTP. */
const ENCODED_NUL = '%00';

export function installJson(app: StoreApp): void {
  app.removeContentTypeParser(['application/json', 'text/plain']);
  const limits = { parseAs: 'buffer', bodyLimit: LIMITS.httpBodyBytes } as const;
  app.addContentTypeParser<Buffer>('application/json', limits, (_request, body, parsed) => {
    try {
      // Clients that name a type for every call mean no body by an empty one.
      parsed(null, body.length === 0 ? undefined : parseBody(body));
    } catch (error) {
      parsed(error instanceof Error ? error : new Refusal('INVALID'));
    }
  });
  app.addHook('onRequest', async (request) => {
    if (request.url.includes(ENCODED_NUL)) throw new Refusal('INVALID', { detail: 'The address has a NUL in it.' });
  });
}

export function parseBody(body: Buffer): unknown {
  let value: unknown;
  try {
    value = JSON.parse(utf8.decode(body));
  } catch {
    throw new Refusal('INVALID', { detail: 'The body is not JSON in UTF-8.' });
  }
  const why = whyRefused(value);
  if (why !== undefined) throw new Refusal('INVALID', { detail: why });
  return value;
}

interface Pending {
  readonly value: unknown;
  readonly depth: number;
}

/** Walks without recursion: what came is as deep as its sender likes. */
export function whyRefused(root: unknown): string | undefined {
  const pending: Pending[] = [{ value: root, depth: 0 }];
  let seen = 0;
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    seen += 1;
    if (seen > LIMITS.jsonValues) return 'The body has too many values.';
    const { value } = next;
    if (typeof value === 'string' && !isStorable(value)) return 'The body has characters that are none.';
    const why = typeof value === 'object' && value !== null ? openObject(value, next.depth, pending) : undefined;
    if (why !== undefined) return why;
  }
  return undefined;
}

function openObject(object: object, depth: number, pending: Pending[]): string | undefined {
  if (depth >= LIMITS.jsonDepth) return 'The body is nested too deep.';
  for (const [key, value] of Object.entries(object)) {
    if (FORBIDDEN_KEYS.has(key) || !isStorable(key)) return 'The body has a key that is not allowed.';
    pending.push({ value, depth: depth + 1 });
  }
  return undefined;
}

function isStorable(text: string): boolean {
  return !text.includes(NUL) && text.isWellFormed();
}
