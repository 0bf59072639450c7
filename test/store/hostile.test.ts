/**
 * What each route answers to what nobody honest sends. The routes are those of the live document, so that a new one is tried
 * without being named here. One rule for all: a refusal with a problem document, never a failure.
 */
import Type, { type Static } from 'typebox';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LIMITS } from '../../contracts/limits.ts';
import { newId } from '../fixtures/drop.ts';
import { type Answer, type Method, useStore } from '../fixtures/store.ts';
import { shapedAt } from '../fixtures/told.ts';

const store = useStore();
/** Some two hundred routes, each tried many times. */
const WALK_MS = 60_000;
const METHODS = { get: 'GET', post: 'POST', put: 'PUT', patch: 'PATCH', delete: 'DELETE' } as const;
const Schema = Type.Cyclic(
  {
    Schema: Type.Object({
      properties: Type.Optional(Type.Record(Type.String(), Type.Ref('Schema'))),
      type: Type.Optional(Type.Union([Type.String(), Type.Array(Type.String())])),
      anyOf: Type.Optional(Type.Array(Type.Ref('Schema'))),
    }),
  },
  'Schema',
);
type Schema = Static<typeof Schema>;
const Names = Type.Optional(Type.Array(Type.String()));
const Operation = Type.Object({
  'x-access': Type.Object({ roles: Names, orRoles: Names }),
  parameters: Type.Optional(Type.Array(Type.Object({ in: Type.String(), name: Type.String() }))),
  requestBody: Type.Optional(Type.Object({ content: Type.Record(Type.String(), Type.Object({ schema: Schema })) })),
});
const Paths = Type.Record(Type.String(), Type.Record(Type.String(), Operation));
interface Route {
  readonly method: Method;
  readonly path: string;
  readonly body: Schema | undefined;
  readonly query: readonly string[];
  readonly token: string;
}

let routes: readonly Route[] = [];
const table = new Map<string, Map<number, number>>();

beforeAll(async () => {
  const { body } = await store.call('GET', '/openapi.json');
  const tokens = new Map<string, string>();
  for (const role of ['shopper', 'merchant', 'admin', 'support'] as const)
    tokens.set(role, (await store.person(role)).token);
  const paths = shapedAt(Paths, body, 'paths');
  routes = Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(METHODS).flatMap(([key, method]) => {
      const operation = operations[key];
      if (operation === undefined || !path.startsWith('/api/')) return [];
      const access = operation['x-access'];
      const role = access.roles?.[0] ?? access.orRoles?.[0] ?? 'shopper';
      const query = (operation.parameters ?? []).filter((one) => one.in === 'query').map((one) => one.name);
      const form = operation.requestBody?.content['application/json']?.schema;
      return [{ method, path, body: form, query, token: tokens.get(role) ?? '' }];
    }),
  );
});

afterAll(() => {
  for (const [what, statuses] of table) {
    const counts = [...statuses].sort(([one], [other]) => one - other).map(([status, count]) => `${status}×${count}`);
    process.stdout.write(`hostile: ${what.padEnd(40)} ${counts.join(' ')}\n`);
  }
});

function note(what: string, { method, path }: Route, answer: Answer): void {
  const statuses = table.get(what) ?? new Map<number, number>();
  statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
  table.set(what, statuses);
  const where = `${what}: ${method} ${path} answered ${answer.status} ${answer.text.slice(0, 300)}`;
  expect(answer.status, where).toBeLessThan(500);
  if (answer.status >= 400) expect(String(answer.headers['content-type']), where).toContain('application/problem+json');
}

const plainPath = (path: string) => path.replaceAll(/\{\w+\}/g, () => newId());
const withBody = () => routes.filter(({ body }) => body !== undefined);

async function sendBody(what: string, body: string | Buffer, statuses: readonly number[]): Promise<void> {
  for (const route of withBody()) {
    const answer = await store.call(route.method, plainPath(route.path), { token: route.token, body });
    note(what, route, answer);
    expect(statuses, `${what}: ${route.method} ${route.path} ${answer.text}`).toContain(answer.status);
  }
}

const nested = (depth: number) => `{"a":${'['.repeat(depth)}${']'.repeat(depth)}}`;

describe('every route with a body', { timeout: WALK_MS }, () => {
  it('refuses what is no form at all', async () => {
    await sendBody('not JSON', '{"email": ', [400]);
    await sendBody('a body that is a list', '[]', [400, 404, 428]);
    await sendBody('nested 10,000 deep', nested(10_000), [400]);
    await sendBody('nested 30 deep', nested(30), [400]);
    await sendBody('__proto__', '{"__proto__":{"isAdmin":true}}', [400]);
    await sendBody('constructor.prototype', '{"constructor":{"prototype":{"isAdmin":true}}}', [400]);
    await sendBody('a NUL', '{"a":"\\u0000"}', [400]);
    await sendBody('half a character', '{"a":"\\ud800"}', [400]);
    await sendBody('bytes that are no UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d]), [400]);
    await sendBody('a body too large', JSON.stringify({ a: 'x'.repeat(LIMITS.httpBodyBytes) }), [413, 400]);
  });

  it('refuses, or stores as it is, whatever stands in a field', async () => {
    const values: readonly (readonly [string, unknown])[] = [
      ['SQL', `'; drop table users; --`],
      ['a template and a script', '{{7*7}}<script>alert(1)</script>'],
      ['a negative number', -1],
      ['money that overflows', 1e308],
      ['an integer beyond 2^53', 2 ** 53 + 2],
      ['an object for a value', { $gt: '' }],
      ['null', null],
      ['a number that is a text', '5'],
      ['true', true],
      ['a very long text', 'x'.repeat(20_000)],
      ['line breaks', 'a\r\nSet-Cookie: b=c'],
    ];
    for (const [what, value] of values) {
      for (const route of withBody()) {
        const body = JSON.stringify(filled(route.body, value));
        note(
          `${what} in each field`,
          route,
          await store.call(route.method, plainPath(route.path), { token: route.token, body }),
        );
      }
    }
    expect(
      (await store.database.pool.query('select count(*)::int as people from users')).rows[0].people,
    ).toBeGreaterThan(3);
  });
});

describe('every route', { timeout: WALK_MS }, () => {
  it('refuses what is wrong in its path and query', async () => {
    const values = [
      `'%20or%201=1--`,
      '%00',
      '%ff%fe',
      '..%2f..%2fetc%2fpasswd',
      '-1',
      '9'.repeat(400),
      '%F0%9F%92%A5',
      '%',
    ];
    for (const value of values) {
      for (const route of routes) {
        const inPath = route.path.replaceAll(/\{\w+\}/g, value);
        if (inPath !== route.path)
          note('a path with what is no id', route, await store.call(route.method, inPath, { token: route.token }));
        if (route.query.length === 0) continue;
        const query = route.query.map((name) => `${name}=${value}`).join('&');
        const url = `${plainPath(route.path)}?${query}`;
        note('a query with what is none', route, await store.call(route.method, url, { token: route.token }));
      }
    }
  });

  it('refuses a number without end in one field of its query at a time', async () => {
    for (const route of routes) {
      for (const name of route.query) {
        for (const value of ['9'.repeat(400), `-${'9'.repeat(400)}`, '1e999', 'NaN']) {
          const url = `${plainPath(route.path)}?${name}=${value}`;
          const answer = await store.call(route.method, url, { token: route.token });
          note('a number without end in one field of a query', route, answer);
        }
      }
    }
  });

  it('answers ids of things that are not there', async () => {
    for (const route of routes) {
      const url = plainPath(route.path);
      if (url !== route.path)
        note('ids of nothing', route, await store.call(route.method, url, { token: route.token }));
    }
  });
});

/** A form in which every field has this value, whatever it should have. */
function filled(schema: Schema | undefined, value: unknown): Record<string, unknown> {
  const properties = schema?.properties ?? schema?.anyOf?.[0]?.properties ?? {};
  return Object.fromEntries(Object.keys(properties).map((name) => [name, value]));
}
