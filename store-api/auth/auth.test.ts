import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { LIFETIMES, LIMITS } from '../../contracts/limits.ts';
import { silentLog } from '../../test/fixtures/shards.ts';
import { useStore } from '../../test/fixtures/store.ts';
import { listAt, textAt, valueAt } from '../../test/fixtures/told.ts';
import { createGuests } from './guests.ts';

let nowMs = Date.now();
const guests = createGuests(silentLog);
const store = useStore({ clock: { now: () => nowMs }, guests });
const password = 'correct horse battery';
const mail = () => `${randomUUID()}@shop.example`;
const json = (body: unknown) => ({ body });

async function registered() {
  const email = mail();
  const answer = await store.call('POST', '/api/v1/auth/register', json({ email, password }));
  expect(answer.status).toBe(201);
  return { email, accessToken: textAt(answer.body, 'accessToken'), refreshToken: textAt(answer.body, 'refreshToken') };
}

const login = (email: string, tried = password, from?: string) =>
  store.call('POST', '/api/v1/auth/login', {
    body: { email, password: tried },
    ...(from === undefined ? {} : { from }),
  });
const refresh = (refreshToken: string, headers: Record<string, string> = {}) =>
  store.call('POST', '/api/v1/auth/refresh', { body: { refreshToken }, headers });
const me = (token: string) => store.call('GET', '/api/v1/me', { token });

describe('signing in', () => {
  it('registers, signs in whatever the case of the address, and shows who it is', async () => {
    const { email, accessToken } = await registered();
    expect((await me(accessToken)).body).toMatchObject({ email, role: 'shopper', status: 'active' });
    const signedIn = await login(email.toUpperCase());
    expect(signedIn.body).toMatchObject({ expiresIn: 900, refreshToken: expect.any(String) });
    expect(valueAt((await store.call('POST', '/api/v1/auth/register', json({ email, password }))).body, 'code')).toBe(
      'EMAIL_TAKEN',
    );
  });

  it('refuses passwords that are tried first', async () => {
    for (const weak of ['short', 'password1', '12345678', 'aaaaaaaaaaaa', 'qwertyuiop', 'someone1@x.de']) {
      const answer = await store.call(
        'POST',
        '/api/v1/auth/register',
        json({ email: 'someone1@x.de', password: weak }),
      );
      expect(answer.body, weak).toMatchObject({ code: 'PASSWORD_WEAK', status: 422 });
    }
  });

  it('keeps a password only as its hash', async () => {
    const { email } = await registered();
    const { rows } = await store.database.pool.query('select * from users where email = $1', [email]);
    expect(rows[0].password_hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(JSON.stringify(rows)).not.toContain(password);
  });

  it('answers an unknown address and a wrong password alike, and works as long for both', async () => {
    const { email } = await registered();
    await login(mail());
    const answers = await Promise.all([login(email, 'wrong wrong wrong'), login(mail(), 'wrong wrong wrong')]);
    expect(answers[0].body).toEqual(answers[1].body);
    expect(answers[0].body).toMatchObject({ code: 'WRONG_CREDENTIALS', status: 401 });
  });

  it('tells who knows the password that the account is blocked, and nobody else', async () => {
    const { email, refreshToken } = await registered();
    await store.database.pool.query(`update users set status = 'blocked' where email = $1`, [email]);
    expect(valueAt((await login(email)).body, 'code')).toBe('ACCOUNT_BLOCKED');
    expect(valueAt((await login(email, 'wrong wrong wrong')).body, 'code')).toBe('WRONG_CREDENTIALS');
    expect(valueAt((await refresh(refreshToken)).body, 'code')).toBe('ACCOUNT_BLOCKED');
    expect(valueAt((await refresh(refreshToken)).body, 'code')).toBe('UNAUTHENTICATED');
  });

  it('limits tries for an account from one address, and leaves its owner elsewhere alone', async () => {
    const { email } = await registered();
    const tries = LIMITS.loginsPerAccountAndAddress.capacity / LIMITS.loginCost;
    const statuses: number[] = [];
    for (let at = 0; at <= tries; at += 1)
      statuses.push((await login(email, 'wrong wrong wrong', '203.0.113.9')).status);
    expect(statuses).toEqual([...new Array<number>(tries).fill(401), 429]);
    const refused = await login(email, password, '203.0.113.9');
    expect(valueAt(refused.body, 'code')).toBe('RATE_LIMITED');
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(50);
    expect((await login(email, password, '198.51.100.7')).status).toBe(200);
    nowMs += 61_000;
    expect((await login(email, password, '203.0.113.9')).status).toBe(200);
  });
});

describe('a refresh token', () => {
  it('is exchanged once, and its session ends with whoever brings it back', async () => {
    const first = await registered();
    const second = (await refresh(first.refreshToken)).body;
    const third = (await refresh(textAt(second, 'refreshToken'))).body;
    expect((await me(textAt(third, 'accessToken'))).status).toBe(200);
    expect((await refresh(first.refreshToken)).status).toBe(401);
    // The whole family is out, the newest too.
    expect((await refresh(textAt(third, 'refreshToken'))).status).toBe(401);
    const { rows } = await store.database.pool.query(
      `select ended_by from sessions where user_id = (select id from users where email = $1)`,
      [first.email],
    );
    expect(rows).toEqual([{ ended_by: 'reuse' }]);
  });

  it('is taken for two calls at once within the grace, from the same client only', async () => {
    const tabs = await registered();
    const both = await Promise.all([refresh(tabs.refreshToken), refresh(tabs.refreshToken)]);
    expect(both.map((answer) => answer.status)).toEqual([200, 200]);
    expect(valueAt(both[0].body, 'refreshToken')).not.toBe(valueAt(both[1].body, 'refreshToken'));

    const stolen = await registered();
    const mine = (await refresh(stolen.refreshToken)).body;
    expect((await refresh(stolen.refreshToken, { 'user-agent': 'another one' })).status).toBe(401);
    expect((await refresh(textAt(mine, 'refreshToken'))).status).toBe(401);

    const late = await registered();
    const next = (await refresh(late.refreshToken)).body;
    nowMs += LIFETIMES.refreshGraceMs + 1;
    expect((await refresh(late.refreshToken)).status).toBe(401);
    expect((await refresh(textAt(next, 'refreshToken'))).status).toBe(401);
  });

  it('is not exchanged without end within the grace', async () => {
    const { refreshToken } = await registered();
    const statuses: number[] = [];
    for (let at = 0; at < LIMITS.refreshRepeats + 2; at += 1) statuses.push((await refresh(refreshToken)).status);
    expect(statuses).toEqual([...new Array<number>(LIMITS.refreshRepeats + 1).fill(200), 401]);
  });

  it('is over after seven days, and is stored as a hash', async () => {
    const { refreshToken } = await registered();
    const { rows } = await store.database.pool.query(`select encode(hash, 'escape') as text from refresh_tokens`);
    expect(rows.some(({ text }) => text.includes(refreshToken))).toBe(false);
    nowMs += LIFETIMES.refreshTokenMs;
    expect((await refresh(refreshToken)).status).toBe(401);
    expect((await refresh('A'.repeat(43))).status).toBe(401);
    expect((await refresh('short')).status).toBe(400);
  });

  it('ends with a logout, and all of them with a logout everywhere', async () => {
    const { email, refreshToken } = await registered();
    const others = [(await login(email)).body, (await login(email)).body];
    const out = await store.call('POST', '/api/v1/auth/logout', json({ refreshToken }));
    expect([out.status, out.text]).toEqual([204, '']);
    expect((await refresh(refreshToken)).status).toBe(401);
    const token = (await refresh(textAt(others[0], 'refreshToken'))).body;
    expect(
      (await store.call('POST', '/api/v1/auth/logout-everywhere', { token: textAt(token, 'accessToken') })).status,
    ).toBe(204);
    for (const old of [token, others[1]]) expect((await refresh(textAt(old, 'refreshToken'))).status).toBe(401);
  });
});

describe('one’s own account', () => {
  it('lists where it is signed in, and signs out elsewhere', async () => {
    const { email, accessToken } = await registered();
    nowMs += 1;
    const other = (await login(email)).body;
    const sessions = listAt((await store.call('GET', '/api/v1/me/sessions', { token: accessToken })).body, 'items');
    expect(sessions.map((one) => valueAt(one, 'isThis'))).toEqual([false, true]);
    const url = `/api/v1/me/sessions/${textAt(sessions, 0, 'id')}`;
    const stranger = await store.person();
    expect((await store.call('DELETE', url, { token: stranger.token })).status).toBe(404);
    expect((await store.call('DELETE', url, { token: accessToken })).status).toBe(204);
    expect((await store.call('DELETE', url, { token: accessToken })).status).toBe(404);
    expect((await refresh(textAt(other, 'refreshToken'))).status).toBe(401);
  });

  it('changes the password, which ends all other sessions', async () => {
    const { email, accessToken, refreshToken } = await registered();
    const other = (await login(email)).body;
    const change = (currentPassword: string, newPassword: string) =>
      store.call('PUT', '/api/v1/me/password', { token: accessToken, body: { currentPassword, newPassword } });
    expect(valueAt((await change('wrong wrong wrong', 'another good password')).body, 'code')).toBe(
      'WRONG_CREDENTIALS',
    );
    expect(valueAt((await change(password, 'short')).body, 'code')).toBe('PASSWORD_WEAK');
    expect((await change(password, 'another good password')).status).toBe(204);
    expect((await refresh(textAt(other, 'refreshToken'))).status).toBe(401);
    expect((await refresh(refreshToken)).status).toBe(200);
    expect((await login(email)).status).toBe(401);
    expect((await login(email, 'another good password')).status).toBe(200);
  });

  it('hands on what was done as a guest, and signs in all the same when that fails', async () => {
    const guest = await store.guest();
    const became: unknown[] = [];
    guests.whenGuestBecame('test', async (change) => {
      became.push(change);
      throw new Error('not this time');
    });
    const { email, accessToken } = await registered();
    const body = { email, password, guestToken: guest.token };
    expect((await store.call('POST', '/api/v1/auth/login', { body })).status).toBe(200);
    const userId = valueAt((await me(accessToken)).body, 'id');
    expect(became).toEqual([{ userId, guestId: guest.userId }]);
    const nobody = { body: { email, password, guestToken: accessToken } };
    expect((await store.call('POST', '/api/v1/auth/login', nobody)).status).toBe(200);
    expect(became).toHaveLength(1);
  });
});
