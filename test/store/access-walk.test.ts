/**
 * Walks every route of the live document and proves that each one that is not for everybody refuses whom it should: who has
 * no token, a forged, an expired or a foreign one, a guest where guests may not, each role that it is not for, and another
 * person where the path names somebody's thing.
 */
import { SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROLES, type Role } from '../../platform/tokens/access-token.ts';
import { newId } from '../fixtures/drop.ts';
import { TEST_AUTH_SECRET, useStore } from '../fixtures/store.ts';
import {
  type DocumentedAccess,
  firstRoleOf,
  readEntries,
  readRoutes,
  type WalkedRoute,
} from '../fixtures/walked-routes.ts';
import { pathOf, type Somebody, type WalkEntries } from './walk/walk.ts';

const store = useStore();

let routes: readonly WalkedRoute[] = [];
let entries: WalkEntries = {};
let refusals = 0;

beforeAll(async () => {
  routes = await readRoutes(store);
  entries = await readEntries();
});
// The figure is what the walk is for.
afterAll(() => {
  process.stdout.write(
    `access walk: ${closed().length} routes, ${refusals} refusals tried; ${open().length} open routes\n`,
  );
});

const closed = () => routes.filter(({ access }) => access.to !== 'everybody');
const open = () => routes.filter(({ access }) => access.to === 'everybody');

/** Ids that are well formed and nobody's: whoever may call would be answered 404, so a refusal is one of the caller. */
const strangersIds = new Proxy<Record<string, string>>({}, { get: () => newId() });

async function refused(route: WalkedRoute, statuses: readonly number[], token: string | undefined, why: string) {
  refusals += 1;
  const url = pathOf(route.path, strangersIds);
  const answer = await store.call(route.method, url, { token });
  expect(statuses, `${route.name} for ${why} answered ${answer.status} ${answer.text}`).toContain(answer.status);
  expect(answer.headers['content-type']).toContain('application/problem+json');
}

/** Of two thousand calls, on a machine that runs other tests as well. */
const WALK_MS = 90_000;

describe('every route that is not for everybody', { timeout: WALK_MS }, () => {
  it('has an entry in test/store/walk, and no entry is of a route that is gone', () => {
    const names = closed().map(({ name }) => name);
    const needed = closed().filter(({ access }) => access.to !== 'own');
    expect(needed.map(({ name }) => name).filter((name) => !(name in entries))).toEqual([]);
    expect(Object.keys(entries).filter((name) => !names.includes(name))).toEqual([]);
    expect(names.length).toBeGreaterThan(20);
  });

  it('refuses who has no token, and one that is forged, over, or of nobody', async () => {
    const person = await store.person();
    const secondsAgo = Math.floor(Date.now() / 1_000) - 10_000;
    const sign = (secret: string, issuer: string, issuedAt: number) =>
      new SignJWT({ kind: 'user', role: 'admin' })
        .setProtectedHeader({ alg: 'HS256' })
        .setSubject(person.userId)
        .setIssuer(issuer)
        .setIssuedAt(issuedAt)
        .setExpirationTime(issuedAt + 900)
        .sign(Buffer.from(secret));
    const now = Math.floor(Date.now() / 1_000);
    const unsigned = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${person.token.split('.')[1]}.`;
    const tokens: readonly (readonly [string, string | undefined])[] = [
      ['nobody', undefined],
      ['a forged token', await sign('another secret of 32 characters!', 'dropgate', now)],
      ['an expired token', await sign(TEST_AUTH_SECRET, 'dropgate', secondsAgo)],
      ['a token of another issuer', await sign(TEST_AUTH_SECRET, 'somebody', now)],
      ['an unsigned token', unsigned],
    ];
    for (const route of closed()) for (const [why, token] of tokens) await refused(route, [401], token, why);
  });

  it('refuses guests where only accounts may, and each role that it is not for', async () => {
    const guest = await store.guest();
    const people = new Map<Role, Somebody>();
    for (const role of ROLES) people.set(role, await store.person(role));
    for (const route of closed()) {
      if (refusesGuests(route.access)) await refused(route, [403], guest.token, 'a guest');
      for (const role of rolesRefused(route.access)) await refused(route, [403], people.get(role)?.token, role);
    }
  });

  it('answers a thing of somebody else’s like none, and gives it to its owner', async () => {
    for (const route of closed()) {
      const entry = entries[route.name];
      if (entry === undefined || typeof entry === 'string' || 'publicName' in entry) continue;
      const role = entry.role ?? firstRoleOf(route.access);
      const [owner, stranger] = [await store.person(role), await store.person(role)];
      const url = pathOf(route.path, await entry.make({ store, owner }));
      const { body, headers = {} } = entry;
      refusals += 1;
      const theirs = await store.call(route.method, url, { token: stranger.token, body, headers });
      expect([403, 404], `${route.name} by another ${role}: ${theirs.status} ${theirs.text}`).toContain(theirs.status);
      const own = await store.call(route.method, url, { token: owner.token, body, headers });
      expect(own.status, `${route.name} by its owner: ${own.text}`).toBeLessThan(300);
    }
  });

  it('says of no route with an id in its path that it works on its caller only', () => {
    const named = closed().filter(({ name, path }) => entries[name] === 'self' && path.includes('{'));
    expect(named.map(({ name }) => name)).toEqual([]);
    const staff = closed().filter(({ name, access }) => entries[name] === 'staff' && !isForStaff(access));
    expect(staff.map(({ name }) => name)).toEqual([]);
  });
});

/** The path of an `own` route names somebody else here: a guest is refused as well. */
function refusesGuests(access: DocumentedAccess): boolean {
  return access.to !== 'signed-in' || !access.guests;
}

function rolesRefused(access: DocumentedAccess): readonly Role[] {
  if (access.to === 'signed-in' || access.to === 'everybody') return [];
  const allowed: readonly Role[] = access.to === 'roles' ? access.roles : access.orRoles;
  return ROLES.filter((role) => !allowed.includes(role));
}

function isForStaff(access: DocumentedAccess): boolean {
  return access.to === 'roles' && access.roles.every((role) => role === 'admin' || role === 'support');
}
