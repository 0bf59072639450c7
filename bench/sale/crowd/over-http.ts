/** A claim as a client without a WebSocket makes it: whoever has the pass can. */
import { request } from 'node:http';

export interface HttpClaim {
  readonly port: number;
  readonly localAddress: string;
  readonly dropId: string;
  readonly pass: string;
  readonly key: string;
  readonly sku: string;
}

export interface HttpAnswer {
  readonly status: number;
  /** Empty where nothing was won. */
  readonly claimId: string;
}

const TIMEOUT_MS = 10_000;

export function claimOverHttp({ port, localAddress, dropId, pass, key, sku }: HttpClaim): Promise<HttpAnswer> {
  const body = JSON.stringify({ sku, qty: 1 });
  const headers = {
    ...{ authorization: `Bearer ${pass}`, 'idempotency-key': key, 'content-type': 'application/json' },
    'content-length': String(body.length),
  };
  return new Promise((resolve, reject) => {
    const path = `/v1/drops/${dropId}/claims`;
    const asked = request({
      host: '127.0.0.1',
      port,
      localAddress,
      path,
      method: 'POST',
      headers,
      timeout: TIMEOUT_MS,
    });
    asked.once('timeout', () => asked.destroy(new Error('no answer')));
    asked.once('error', reject);
    asked.once('response', (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.once('error', reject);
      answer.once('end', () => {
        const status = answer.statusCode ?? 0;
        resolve({ status, claimId: status < 300 ? claimIdIn(Buffer.concat(chunks).toString()) : '' });
      });
    });
    asked.end(body);
  });
}

function claimIdIn(text: string): string {
  const said: unknown = JSON.parse(text);
  return typeof said === 'object' && said !== null && 'claimId' in said && typeof said.claimId === 'string'
    ? said.claimId
    : '';
}
