/** ClickHouse over its plain HTTP interface: a statement in, lines of JSON out. */
import { PlatformError } from '../errors.ts';
import { PLATFORM_LIMITS } from '../limits.ts';

export interface ClickHouse {
  /** Values take the place of `{name:Type}` in the statement, by ClickHouse itself. */
  query<T>(text: string, values?: Readonly<Record<string, string | number>>): Promise<T[]>;
  /** All rows or none; of the same token only once, however often it is sent. */
  insert(table: string, rows: readonly object[], token: string): Promise<void>;
}

const SHOWN_CHARS = 500;

export function connectClickHouse(address: string): ClickHouse {
  const url = new URL(address);
  const headers: Record<string, string> =
    url.username === ''
      ? {}
      : {
          'x-clickhouse-user': decodeURIComponent(url.username),
          'x-clickhouse-key': decodeURIComponent(url.password),
        };
  const database = url.pathname.replace(/^\//, '') || 'default';

  async function post(parameters: Readonly<Record<string, string>>, body: string): Promise<string> {
    const asked = new URL(url.origin);
    asked.search = new URLSearchParams({ database, ...parameters }).toString();
    const answer = await fetch(asked, {
      ...{ method: 'POST', headers, body },
      signal: AbortSignal.timeout(PLATFORM_LIMITS.postgresQueryMs),
    }).catch((cause: unknown) => {
      throw unreachable('ClickHouse does not answer', cause);
    });
    const text = await answer.text();
    if (!answer.ok) throw unreachable(`ClickHouse answered ${answer.status}: ${text.slice(0, SHOWN_CHARS)}`);
    return text;
  }

  return {
    async query<T>(text: string, values: Readonly<Record<string, string | number>> = {}) {
      const given = Object.entries(values).map(([name, value]) => [`param_${name}`, String(value)] as const);
      const answer = await post({ default_format: 'JSONEachRow', ...Object.fromEntries(given) }, text);
      return answer.split('\n').flatMap((line): T[] => (line === '' ? [] : [JSON.parse(line)]));
    },
    async insert(table, rows, token) {
      if (rows.length === 0) return;
      const lines = rows.map((row) => JSON.stringify(row)).join('\n');
      await post({ query: `INSERT INTO ${table} FORMAT JSONEachRow`, insert_deduplication_token: token }, lines);
    },
  };
}

function unreachable(message: string, cause?: unknown): PlatformError {
  return new PlatformError('CLICKHOUSE_UNREACHABLE', message, { retryable: true, cause });
}
