/**
 * Walks every route of the live document with API keys: one with the scope opens what its merchant may, and nothing of
 * another merchant's; with every other scope, revoked, over, or where a route is for people, it opens nothing.
 */
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { API_KEY_SCOPES } from '../../contracts/api-keys.ts';
import { makeApiKey } from '../../store-api/api-keys/keys.ts';
import { newId } from '../fixtures/drop.ts';
import { useStore } from '../fixtures/store.ts';
import { valueAt } from '../fixtures/told.ts';
import { firstRoleOf, readEntries, readRoutes, type WalkedRoute } from '../fixtures/walked-routes.ts';
import { pathOf, type WalkEntries } from './walk/walk.ts';

const store = useStore({ web: { unlimited: ['127.0.0.1'], overload: { eventLoopDelayMs: 600_000, heapBytes: 0 } } });

let routes: readonly WalkedRoute[] = [];
let entries: WalkEntries = {};
let tried = 0;

beforeAll(async () => {
  routes = (await readRoutes(store)).filter(({ access }) => access.to !== 'everybody');
  entries = await readEntries();
});
afterAll(() => {
  process.stdout.write(`key walk: ${keyed().length} routes that keys open, of ${routes.length}; ${tried} calls\n`);
});

const scopeOf = ({ access }: WalkedRoute) => (access.to === 'roles' ? access.apiKey : undefined);
const keyed = () => routes.filter((route) => scopeOf(route) !== undefined);
const strangersIds = new Proxy<Record<string, string>>({}, { get: () => newId() });

async function keyOf(merchantId: string, scopes: readonly string[], end: 'works' | 'revoked' | 'over' = 'works') {
  const { text, prefix } = makeApiKey();
  const hash = createHash('sha256').update(text).digest();
  await store.database.pool.query(
    `insert into api_keys (id, merchant_id, name, prefix, hash, scopes, created_at, expires_at, revoked_at)
     values ($1, $2, 'walk', $3, $4, $5, now(), now() + case when $6 = 'over' then interval '-1 s' else '1 h' end,
       case when $6 = 'revoked' then now() end)`,
    [newId(), merchantId, prefix, hash, scopes, end],
  );
  return text;
}

async function answered(route: WalkedRoute, token: string, why: string) {
  tried += 1;
  const answer = await store.call(route.method, pathOf(route.path, strangersIds), { token });
  return { answer, told: `${route.name} with ${why}: ${answer.status} ${answer.text}` };
}

/** Of hundreds of calls, on a machine that runs other tests as well. */
const WALK_MS = 90_000;

describe('API keys at every route', { timeout: WALK_MS }, () => {
  it('open nothing without the scope, revoked, or over', async () => {
    const { userId } = await store.person('merchant');
    const [revoked, over] = [
      await keyOf(userId, API_KEY_SCOPES, 'revoked'),
      await keyOf(userId, API_KEY_SCOPES, 'over'),
    ];
    const withoutOf = new Map<string | undefined, string>();
    for (const scope of API_KEY_SCOPES) {
      withoutOf.set(
        scope,
        await keyOf(
          userId,
          API_KEY_SCOPES.filter((other) => other !== scope),
        ),
      );
    }
    const all = await keyOf(userId, API_KEY_SCOPES);
    for (const route of routes) {
      const wrong = await answered(route, withoutOf.get(scopeOf(route)) ?? all, 'every scope but its own');
      expect([wrong.answer.status, valueAt(wrong.answer.body, 'code')], wrong.told).toEqual([403, 'KEY_SCOPE']);
      for (const [why, token] of [
        ['a revoked key', revoked],
        ['a key that is over', over],
      ] as const) {
        const { answer, told } = await answered(route, token, why);
        expect([answer.status, valueAt(answer.body, 'code')], told).toEqual([401, 'UNAUTHENTICATED']);
      }
    }
  });

  it('open the routes that name their scope, for things of their own merchant', async () => {
    expect(keyed().length).toBeGreaterThan(40);
    for (const route of keyed()) {
      const scopes = [scopeOf(route) ?? ''];
      const entry = entries[route.name];
      if (entry === undefined || typeof entry === 'string' || 'publicName' in entry) {
        const { answer, told } = await answered(
          route,
          await keyOf((await store.person('merchant')).userId, scopes),
          'a key',
        );
        expect([401, 403], told).not.toContain(answer.status);
        continue;
      }
      const role = entry.role ?? firstRoleOf(route.access);
      const [owner, stranger] = [await store.person(role), await store.person('merchant')];
      const url = pathOf(route.path, await entry.make({ store, owner }));
      const { body, headers = {} } = entry;
      tried += 2;
      const theirs = await store.call(route.method, url, {
        token: await keyOf(stranger.userId, scopes),
        body,
        headers,
      });
      expect([403, 404], `${route.name} by another merchant’s key: ${theirs.text}`).toContain(theirs.status);
      const own = await store.call(route.method, url, { token: await keyOf(owner.userId, scopes), body, headers });
      expect(own.status, `${route.name} by its merchant’s key: ${own.text}`).toBeLessThan(300);
    }
  });
});
