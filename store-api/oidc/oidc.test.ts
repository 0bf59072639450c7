/** Sign-in at another provider, against a real one. */
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../platform/clock.ts';
import { newId } from '../../test/fixtures/drop.ts';
import { createBrowser, PAGE, PUBLIC_URL, returned } from '../../test/fixtures/oidc-browser.ts';
import { silentLog } from '../../test/fixtures/shards.ts';
import { useStore } from '../../test/fixtures/store.ts';
import { listAt, textAt, valueAt } from '../../test/fixtures/told.ts';
import { type Person, useOidcServer } from '../../test/servers/oidc-provider.ts';
import { createGuests, type GuestChange } from '../auth/guests.ts';
import { createOidc, type Oidc } from './oidc.ts';

const callback = (name: string) => `${PUBLIC_URL}/api/v1/auth/oidc/${name}/callback`;
const one = useOidcServer(callback('one'));
const other = useOidcServer(callback('other'));
const oidc: { value: Oidc | undefined } = { value: undefined };
const made = () => {
  if (oidc.value === undefined) throw new Error('not made yet');
  return oidc.value;
};
const became: GuestChange[] = [];
const guests = createGuests(silentLog);
guests.whenGuestBecame('test', async (change) => {
  became.push(change);
});
const store = useStore({
  guests,
  oidc: {
    get providers() {
      return made().providers;
    },
    get pending() {
      return made().pending;
    },
    origins: ['*'],
    publicUrl: PUBLIC_URL,
    byName: (name) => made().byName(name),
    redirectUriOf: (name) => made().redirectUriOf(name),
  },
});

beforeAll(() => {
  const client = (name: string, { issuer, clientId, clientSecret }: typeof one, provesMail: boolean) => ({
    ...{ name, issuer, clientId, clientSecret, provesMail, title: `The ${name}` },
  });
  const away = { name: 'away', issuer: 'http://127.0.0.1:9', clientId: 'x', clientSecret: 'x' };
  oidc.value = createOidc({
    providers: [client('one', one, true), client('other', other, false), away],
    ...{ publicUrl: PUBLIC_URL, origins: ['*'] },
    ...{ redis: store.redis, redisPrefix: store.redisPrefix, clock: systemClock },
  });
});
afterEach(() => {
  one.person = undefined;
  other.person = undefined;
});

const somebody = (changes: Partial<Person> = {}): Person => {
  const sub = newId();
  return { sub, email: `${sub}@mail.example`, email_verified: true, name: 'Ada L.', ...changes };
};
const exchange = (code: string, verifier: string, guestToken?: string) =>
  store.call('POST', '/api/v1/auth/oidc/exchange', {
    body: { code, verifier, ...(guestToken === undefined ? {} : { guestToken }) },
  });
async function signIn(person: Person, { provider = 'one', guestToken = undefined as string | undefined } = {}) {
  (provider === 'one' ? one : other).person = person;
  const { code, verifier, error } = await createBrowser(store).signIn(provider);
  expect(error).toBeNull();
  return await exchange(code, verifier, guestToken);
}
const meOf = async (token: string) => (await store.call('GET', '/api/v1/me', { token })).body;
const identitiesOf = async (token: string) =>
  valueAt((await store.call('GET', '/api/v1/me/identities', { token })).body, 'items');
async function connect(token: string, person: Person, provider = 'one') {
  (provider === 'one' ? one : other).person = person;
  const { code, verifier } = await createBrowser(store).signIn(provider);
  return await store.call('POST', '/api/v1/me/identities', { token, body: { code, verifier } });
}
const register = async (email: string) =>
  (await store.call('POST', '/api/v1/auth/register', { body: { email, password: 'a long enough one' } })).body;

describe('a sign-in elsewhere', () => {
  it('makes an account of who is new, and finds it again whatever their address is by then', async () => {
    const person = somebody();
    const first = await signIn(person);
    expect(first.status, first.text).toBe(200);
    expect(first.headers['cache-control']).toBe('no-store');
    const me = await meOf(textAt(first.body, 'accessToken'));
    expect(me).toMatchObject({ email: person.email, name: 'Ada L.', role: 'shopper' });
    const renamed = { ...person, email: `${newId()}@new.example` };
    const again = await signIn(renamed);
    expect(valueAt(await meOf(textAt(again.body, 'accessToken')), 'id')).toBe(valueAt(me, 'id'));
    expect(await identitiesOf(textAt(again.body, 'accessToken'))).toMatchObject([
      { provider: 'one', email: renamed.email },
    ]);
    const refreshed = await store.call('POST', '/api/v1/auth/refresh', {
      body: { refreshToken: valueAt(again.body, 'refreshToken') },
    });
    expect(refreshed.status).toBe(200);
  });

  it('is offered by name, and has no token in any address', async () => {
    const listed = await store.call('GET', '/api/v1/auth/oidc');
    expect(valueAt(listed.body, 'items')).toContainEqual({ name: 'one', title: 'The one' });
    one.person = somebody();
    const { url } = await createBrowser(store).signIn('one');
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:5173\/signed-in#code=[A-Za-z0-9_-]{43}$/);
  });

  it('gives what the guest had to the account', async () => {
    const guest = await store.guest();
    const signed = await signIn(somebody(), { guestToken: guest.token });
    const userId = valueAt(await meOf(textAt(signed.body, 'accessToken')), 'id');
    expect(became).toEqual([{ userId, guestId: guest.userId }]);
    // A token that is none keeps nobody out.
    expect((await signIn(somebody(), { guestToken: 'none' })).status).toBe(200);
    expect(became).toHaveLength(1);
  });

  it('that is called off, or whose provider is away, says so to the page', async () => {
    const browser = createBrowser(store);
    expect(await browser.signIn('one')).toMatchObject({ error: 'SIGN_IN_DENIED', code: '' });
    const { answer } = await browser.begin('away');
    expect(returned(answer)).toMatchObject({ error: 'UNAVAILABLE', url: `${PAGE}#error=UNAVAILABLE` });
    expect((await browser.begin('nobody')).answer.status).toBe(404);
  });

  it('by two pages at once for the first time makes one account', async () => {
    const person = somebody();
    one.person = person;
    const came = await Promise.all([1, 2, 3].map(() => createBrowser(store).signIn('one')));
    const answers = await Promise.all(came.map(({ code, verifier }) => exchange(code, verifier)));
    const people = await Promise.all(answers.map(({ body }) => meOf(textAt(body, 'accessToken'))));
    expect(new Set(people.map((one) => textAt(one, 'id'))).size).toBe(1);
  });

  it('is refused to who is blocked', async () => {
    const person = somebody();
    const id = valueAt(await meOf(textAt((await signIn(person)).body, 'accessToken')), 'id');
    await store.database.pool.query(`update users set status = 'blocked' where id = $1`, [id]);
    expect(valueAt((await signIn(person)).body, 'code')).toBe('ACCOUNT_BLOCKED');
  });
});

describe('what comes back', () => {
  it('is taken once, from the browser that began it, while it is not too old', async () => {
    one.person = somebody();
    const [mine, theirs] = [createBrowser(store), createBrowser(store)];
    const back = await mine.atProvider((await mine.begin('one')).location);
    const stolen = await theirs.toStore(back);
    expect([stolen.status, valueAt(stolen.body, 'code')]).toEqual([400, 'SIGN_IN_FAILED']);
    expect(stolen.headers['location']).toBeUndefined();
    // That somebody else tried has not used it up.
    expect(returned(await mine.toStore(back)).code).toHaveLength(43);
    expect(valueAt((await mine.toStore(back)).body, 'code')).toBe('SIGN_IN_FAILED');

    const late = await mine.atProvider((await mine.begin('one')).location);
    const keys = await store.redis.keys('*store:oidc:state*');
    await Promise.all(keys.map((key) => store.redis.del(key)));
    expect(valueAt((await mine.toStore(late)).body, 'code')).toBe('SIGN_IN_FAILED');
  });

  it('is not believed with another nonce, another state or a code of somebody else’s', async () => {
    one.person = somebody();
    const browser = createBrowser(store);
    const { location } = await browser.begin('one');
    const forged = new URL(location);
    forged.searchParams.set('nonce', 'another');
    expect(returned(await browser.toStore(await browser.atProvider(forged.href))).error).toBe('SIGN_IN_FAILED');

    const second = new URL(await browser.atProvider((await browser.begin('one')).location));
    second.searchParams.set('state', 'A'.repeat(43));
    expect(valueAt((await browser.toStore(second.href)).body, 'code')).toBe('SIGN_IN_FAILED');

    // The code of an attacker's sign-in, put into the address of one that this browser began: PKCE does not fit.
    const [attacker, victim] = [createBrowser(store), createBrowser(store)];
    const theirs = new URL(await attacker.atProvider((await attacker.begin('one')).location));
    const own = new URL(await victim.atProvider((await victim.begin('one')).location));
    own.searchParams.set('code', theirs.searchParams.get('code') ?? '');
    expect(returned(await victim.toStore(own.href)).error).toBe('SIGN_IN_FAILED');
  });

  it('from one provider is not taken for that of another', async () => {
    one.person = somebody();
    const browser = createBrowser(store);
    const back = await browser.atProvider((await browser.begin('one')).location);
    const mixed = await browser.toStore(back.replace('/oidc/one/', '/oidc/other/'));
    expect(returned(mixed).error).toBe('SIGN_IN_FAILED');
    const again = new URL(await browser.atProvider((await browser.begin('one')).location));
    again.searchParams.set('iss', other.issuer);
    expect(returned(await browser.toStore(again.href)).error).toBe('SIGN_IN_FAILED');
  });

  it('is exchanged once, by the page that began', async () => {
    one.person = somebody();
    const { code, verifier } = await createBrowser(store).signIn('one');
    const [first, second] = await Promise.all([exchange(code, verifier), exchange(code, verifier)]);
    expect([first.status, second.status].toSorted()).toEqual([200, 400]);
    const late = await createBrowser(store).signIn('one');
    const keys = await store.redis.keys('*store:oidc:code*');
    await Promise.all(keys.map((key) => store.redis.del(key)));
    expect(valueAt((await exchange(late.code, late.verifier)).body, 'code')).toBe('SIGN_IN_FAILED');
    const lured = await createBrowser(store).signIn('one');
    expect(valueAt((await exchange(lured.code, 'x'.repeat(43))).body, 'code')).toBe('SIGN_IN_FAILED');
    expect(valueAt((await exchange(lured.code, lured.verifier)).body, 'code')).toBe('SIGN_IN_FAILED');
  });

  it('has a cookie that scripts cannot read and other pages do not send', async () => {
    const { answer } = await createBrowser(store).begin('one');
    expect(String(answer.headers['set-cookie'])).toMatch(
      /^dropgate_oidc_[\w-]{16}=[\w-]{43}; HttpOnly; SameSite=Lax; Path=\/api\/v1\/auth\/oidc\/one\/callback; Max-Age=600$/,
    );
  });
});

describe('an account that has the mail address already', () => {
  it('is nobody else’s: they sign in and connect the two', async () => {
    const person = somebody();
    const account = await register(person.email ?? '');
    expect(valueAt((await signIn(person)).body, 'code')).toBe('SIGN_IN_FIRST');
    const connected = await connect(textAt(account, 'accessToken'), person);
    expect(valueAt(connected.body, 'items'), connected.text).toMatchObject([{ provider: 'one', email: person.email }]);
    const id = valueAt(await meOf(textAt(account, 'accessToken')), 'id');
    expect(valueAt(await meOf(textAt((await signIn(person)).body, 'accessToken')), 'id')).toBe(id);
  });

  it('is theirs where both sides have proved the address, and then only for shoppers', async () => {
    const person = somebody();
    const id = valueAt(await meOf(textAt((await signIn(person)).body, 'accessToken')), 'id');
    // A provider that is known to check says so of the address that another such provider said it of before.
    const twin = { ...somebody(), email: person.email ?? '' };
    const found = await signIn(twin);
    expect(valueAt(await meOf(textAt(found.body, 'accessToken')), 'id')).toBe(id);
    // One whose word does not count gets nowhere.
    expect(
      valueAt((await signIn({ ...somebody(), email: person.email ?? '' }, { provider: 'other' })).body, 'code'),
    ).toBe('SIGN_IN_FIRST');
    await store.database.pool.query(`update users set role = 'admin' where id = $1`, [id]);
    expect(valueAt((await signIn({ ...somebody(), email: person.email ?? '' })).body, 'code')).toBe('SIGN_IN_FIRST');
  });

  it('stays untouched by an address that the provider has not verified', async () => {
    const email = `${newId()}@mail.example`;
    await register(email);
    const signed = await signIn(somebody({ email, email_verified: false }));
    expect(signed.status).toBe(200);
    expect(valueAt(await meOf(textAt(signed.body, 'accessToken')), 'email')).toBeNull();
  });
});

describe('one’s own identities', () => {
  it('are connected once, to one account', async () => {
    const person = somebody();
    const [mine, theirs] = [await store.person(), await store.person()];
    expect((await connect(mine.token, person)).status).toBe(200);
    expect(valueAt((await connect(mine.token, person)).body, 'items')).toHaveLength(1);
    expect(valueAt((await connect(theirs.token, person)).body, 'code')).toBe('IDENTITY_TAKEN');
    expect(await identitiesOf(theirs.token)).toEqual([]);
    const guest = await store.guest();
    expect((await connect(guest.token, person)).status).toBe(403);
  });

  it('are never taken away where they are the last way in', async () => {
    const person = somebody();
    const token = textAt((await signIn(person)).body, 'accessToken');
    await connect(token, somebody(), 'other');
    const ids: string[] = listAt(await identitiesOf(token)).map((one) => textAt(one, 'id'));
    const drop = (id: string) => store.call('DELETE', `/api/v1/me/identities/${id}`, { token });
    const both = await Promise.all(ids.map(drop));
    expect(both.map(({ status }) => status).toSorted()).toEqual([204, 409]);
    expect(valueAt(both.find(({ status }) => status === 409)?.body, 'code')).toBe('LAST_WAY_IN');
    // Who has a password may take away all of them.
    const account = await register(`${newId()}@mail.example`);
    const connected = await connect(textAt(account, 'accessToken'), somebody());
    const [only] = listAt(connected.body, 'items');
    const gone = await store.call('DELETE', `/api/v1/me/identities/${textAt(only, 'id')}`, {
      token: textAt(account, 'accessToken'),
    });
    expect(gone.status).toBe(204);
  });
});
