/** Signatures as of Standard Webhooks: HMAC-SHA256 over id, time and the very bytes of the body. */
import { createHmac } from 'node:crypto';

export interface SignedParts {
  readonly id: string;
  readonly atSeconds: number;
  readonly body: string;
}

const PREFIX = 'whsec_';

export function secretText(key: Uint8Array): string {
  return `${PREFIX}${Buffer.from(key).toString('base64')}`;
}

/** With every key that is good just now: while a secret is exchanged for another one that is two. */
export function signatureHeaders(
  { id, atSeconds, body }: SignedParts,
  keys: readonly Uint8Array[],
): Readonly<Record<string, string>> {
  const signed = keys.map(
    (key) => `v1,${createHmac('sha256', key).update(`${id}.${atSeconds}.${body}`).digest('base64')}`,
  );
  return { 'webhook-id': id, 'webhook-timestamp': String(atSeconds), 'webhook-signature': signed.join(' ') };
}
