/** OpenSearch and Elasticsearch over plain HTTP: what they share of their API is all that is used. */
import { DropgateError } from '../../../contracts/errors.ts';

export interface OpenSearchClient {
  /** The body of the answer; rejects with UNAVAILABLE for any other status than 2xx and those that are expected. */
  call(
    method: 'GET' | 'POST' | 'PUT' | 'DELETE' | 'HEAD',
    path: string,
    body?: object | string,
    expected?: number,
  ): Promise<unknown>;
}

/** A search that takes longer is of no use to who waits for it. Making an index takes seconds on a busy machine. */
const SEARCH_DEADLINE_MS = 2_000;
const DEADLINE_MS = 60_000;
const SHOWN_CHARS = 500;

export function createOpenSearchClient(address: string): OpenSearchClient {
  const url = new URL(address);
  const user = decodeURIComponent(url.username);
  const password = decodeURIComponent(url.password);
  const authorization: Readonly<Record<string, string>> =
    user === '' ? {} : { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` };
  const base = `${url.origin}${url.pathname.replace(/\/$/, '')}`;

  return {
    async call(method, path, body, expected) {
      const answer = await fetch(`${base}${path}`, {
        ...{ method, ...sent(body, authorization) },
        signal: AbortSignal.timeout(path.endsWith('/_search') ? SEARCH_DEADLINE_MS : DEADLINE_MS),
      }).catch((cause: unknown) => {
        throw new DropgateError('UNAVAILABLE', 'the search engine does not answer', { cause });
      });
      const text = await answer.text();
      if (!answer.ok && answer.status !== expected) {
        throw new DropgateError(
          'UNAVAILABLE',
          `the search engine answered ${answer.status}: ${text.slice(0, SHOWN_CHARS)}`,
        );
      }
      return text === '' ? undefined : JSON.parse(text);
    },
  };
}

function sent(body: object | string | undefined, authorization: Readonly<Record<string, string>>): RequestInit {
  if (body === undefined) return { headers: authorization };
  // Lines are what many products are sent as at once.
  const isLines = typeof body === 'string';
  return {
    headers: { ...authorization, 'content-type': isLines ? 'application/x-ndjson' : 'application/json' },
    body: isLines ? body : JSON.stringify(body),
  };
}
