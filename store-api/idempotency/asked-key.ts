/** The key of a request: whose it is, what it is for, and what the request was. */
import { createHash } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { IDEMPOTENCY_KEY_PATTERN } from '../../contracts/line/messages.ts';
import type { KeyName } from '../../db/queries/idempotency-keys.ts';
import { identityOf } from '../plugins/access.ts';
import { Refusal } from '../plugins/problems.ts';

export interface AskedKey extends KeyName {
  /** Of all that the request says: the same key with another one is refused. */
  readonly fingerprint: string;
}

const FORM = new RegExp(IDEMPOTENCY_KEY_PATTERN);

/** Undefined for a request without a key. */
export function askedKeyOf(request: FastifyRequest): AskedKey | undefined {
  const key = request.headers['idempotency-key'];
  if (key === undefined) return undefined;
  if (typeof key !== 'string' || !FORM.test(key)) {
    throw new Refusal('INVALID', { detail: 'The Idempotency-Key has another form.' });
  }
  const who = identityOf(request)?.userId ?? request.ip;
  // The route, not the address: one key for two things of the same kind is a mistake of the client, and is told so.
  const what = `${request.method} ${request.routeOptions.url ?? ''}`;
  return { scope: `${who} ${digestOf(what).slice(0, 22)}`, key, fingerprint: fingerprintOf(request) };
}

function fingerprintOf({ method, url, body, headers }: FastifyRequest): string {
  return digestOf(JSON.stringify([method, url, headers['if-match'] ?? null, inOrder(body)]));
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}

/** The same fields in another order are the same content. Bodies are not deep: plugins/json.ts sees to it. */
function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder);
  if (typeof value !== 'object' || value === null) return value ?? null;
  const entries = Object.entries(value).map(([key, inner]) => [key, inOrder(inner)] as const);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}
