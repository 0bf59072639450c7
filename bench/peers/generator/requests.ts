/** The requests as text. Every one comes as from a proxy that tells whom it speaks for, as in front of any of these. */
import type { Counter } from './notes.ts';

export interface Asker {
  readonly id: string;
  readonly address: string;
  /** What the line gave them; nothing where there is no line. */
  readonly pass: string;
}

const BYTE = 256;

/** Of its own for each shopper. */
export function addressOf(at: number): string {
  return `10.${Math.floor(at / BYTE ** 2) % BYTE}.${Math.floor(at / BYTE) % BYTE}.${at % BYTE}`;
}

export interface Written {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly address: string;
  readonly bearer?: string;
  readonly key?: string;
  readonly body?: object;
}

export function write({ method, path, address, bearer, key, body }: Written): string {
  const content = body === undefined ? '' : JSON.stringify(body);
  return [
    `${method} ${path} HTTP/1.1`,
    'Host: 127.0.0.1',
    `X-Forwarded-For: ${address}`,
    ...(bearer === undefined ? [] : [`Authorization: Bearer ${bearer}`]),
    ...(key === undefined ? [] : [`Idempotency-Key: ${key}`]),
    ...(body === undefined ? [] : ['Content-Type: application/json', `Content-Length: ${content.length}`]),
    '',
    content,
  ].join('\r\n');
}

/** The same text is sent again where the answer did not come: with the key it had, where keys are known. */
export function writeClaim({ path, sku, line }: Counter, { id, address, pass }: Asker, key: string): string {
  return line === null
    ? write({ method: 'POST', path, address, body: { sku, qty: 1, shopper: id } })
    : write({ method: 'POST', path, address, bearer: pass, key, body: { sku, qty: 1 } });
}
