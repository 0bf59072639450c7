import { describe, expect, it } from 'vitest';
import { insertDrop } from '../../db/queries/insert-drop.ts';
import { systemClock } from '../../platform/clock.ts';
import { tellReminders } from '../../queue-workers/notify/reminders.ts';
import { makeMerchant } from '../db/make-merchant.ts';
import { liveDrop, newId } from '../fixtures/drop.ts';
import { TEST_OUTGOING, useStore } from '../fixtures/store.ts';
import { textAt, valueAt } from '../fixtures/told.ts';

const store = useStore();
const HOUR = 3_600_000;
const tokenFor = (userId: string) => TEST_OUTGOING.keys?.unsubscribeToken({ userId, kind: 'reminder' }) ?? '';
const preferences = async (token: string) => (await store.call('GET', '/api/v1/me/preferences', { token })).body;
const click = (token: string, body = 'List-Unsubscribe=One-Click', type = 'application/x-www-form-urlencoded') =>
  store.call('POST', `/api/v1/unsubscribe?token=${token}`, { body, headers: { 'content-type': type } });

describe('the link in a reminder', () => {
  it('ends reminders with one click and without a password, and only those', async () => {
    const { userId, token } = await store.person();
    const clicked = await click(tokenFor(userId));
    expect([clicked.status, clicked.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
    expect(await preferences(token)).toMatchObject({ reminderMails: false, orderMails: true, reminderPush: true });
    expect((await click(tokenFor(userId), 'x', 'multipart/form-data; boundary=x')).status).toBe(200);
  });

  it('changes nothing when a program looks at it, and asks in the language of its reader', async () => {
    const { userId, token } = await store.person();
    await store.call('PATCH', '/api/v1/me/preferences', { token, body: { language: 'de' } });
    const page = await store.call('GET', `/api/v1/unsubscribe?token=${tokenFor(userId)}`);
    expect(page.status).toBe(200);
    expect(page.text).toContain('<form method="post"');
    expect(page.text).toContain('Keine Erinnerungen mehr');
    expect(await preferences(token)).toMatchObject({ reminderMails: true });
  });

  it.each(['', 'x', 'a.reminder.b', `${'0'.repeat(32)}.reminder.${'A'.repeat(24)}`, '<script>'])(
    'that we did not sign (%s) is none',
    async (token) => {
      expect((await click(encodeURIComponent(token))).status).toBe(404);
      expect((await store.call('GET', `/api/v1/unsubscribe?token=${encodeURIComponent(token)}`)).status).toBe(404);
    },
  );

  it('of one person is none of another, nor of another kind', async () => {
    const [one, two] = [await store.person(), await store.person()];
    const [, kind, mac] = tokenFor(one.userId).split('.');
    const forged = `${two.userId.replaceAll('-', '')}.${kind}.${mac}`;
    expect((await click(forged)).status).toBe(404);
    expect((await click(tokenFor(one.userId).replace('reminder', 'order'))).status).toBe(404);
    expect(await preferences(two.token)).toMatchObject({ reminderMails: true });
  });
});

describe('a reminder of a drop', () => {
  async function makeDrop(state: 'draft' | 'scheduled' | 'ended', startsInMs: number): Promise<string> {
    const { merchantId, skus } = await makeMerchant(store.database.pool);
    const now = Date.now();
    const drop = liveDrop(now, {
      skus: [{ sku: skus[0], title: 'One', price: 100, allocation: { eu: 1 } }],
      ...{ currency: 'USD', lobbyOpensAt: now + startsInMs - 1_000 },
      ...{ startsAt: now + startsInMs, endsAt: now + startsInMs + HOUR },
    });
    await insertDrop(store.database.pool, { ...drop, merchantId });
    await store.database.pool.query('update drops set state = $2 where id = $1', [drop.id, state]);
    return drop.id;
  }

  it('is asked for, told once, and given up', async () => {
    const dropId = await makeDrop('scheduled', HOUR / 2);
    const url = `/api/v1/drops/${dropId}/reminder`;
    const [one, two] = [await store.person(), await store.person()];
    for (const { token } of [one, one, two]) {
      const asked = await store.call('POST', url, { token });
      expect([asked.status, asked.body]).toEqual([200, { dropId, isWanted: true, toldAt: null }]);
    }
    expect(valueAt((await store.call('DELETE', url, { token: two.token })).body, 'isWanted')).toBe(false);
    expect(await tellReminders(store.database.pool, { nowMs: systemClock.now(), nextId: newId })).toBe(1);
    expect(valueAt((await store.call('GET', url, { token: one.token })).body, 'toldAt')).toBeGreaterThan(0);
    expect((await store.call('GET', url, { token: two.token })).body).toMatchObject({ isWanted: false });
  });

  it('is of drops that are to come, and of people with an account', async () => {
    const { token } = await store.person();
    const ask = async (id: string, as = token) =>
      textAt((await store.call('POST', `/api/v1/drops/${id}/reminder`, { token: as })).body, 'code');
    expect(await ask(newId())).toBe('DROP_NOT_FOUND');
    expect(await ask(await makeDrop('draft', HOUR))).toBe('DROP_NOT_FOUND');
    expect(await ask(await makeDrop('ended', HOUR))).toBe('DROP_STATE');
    expect(await ask(await makeDrop('scheduled', -HOUR / 2))).toBe('DROP_STATE');
    expect(await ask(await makeDrop('scheduled', HOUR), (await store.guest()).token)).toBe('FORBIDDEN');
  });
});
