import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LIMITS } from '../../contracts/limits.ts';
import { type NoticeTemplate, type NoticeValues, noticeEvent } from '../../contracts/notices.ts';
import { systemClock } from '../../platform/clock.ts';
import { createPoster } from '../../platform/outgoing/poster.ts';
import { takeNotices } from '../../queue-workers/push/intake.ts';
import { startPush } from '../../queue-workers/push/push.ts';
import type { Repeated } from '../../queue-workers/repeat.ts';
import { newId } from '../fixtures/drop.ts';
import { openBrowser, senderOf } from '../fixtures/push-browser.ts';
import { closeReceivers, openReceiver } from '../fixtures/receiver.ts';
import { silentLog } from '../fixtures/shards.ts';
import { TEST_OUTGOING, useStore } from '../fixtures/store.ts';
import { listAt, textAt, valueAt } from '../fixtures/told.ts';
import { eventually } from '../servers/eventually.ts';

const store = useStore();
closeReceivers();
const WITHIN = { withinMs: 20_000 };
const results: string[] = [];
const poster = createPoster({ isStrict: false, deadlineMs: 2_000, keptBytes: 4_096, keptConnections: 4 });
const stops: Repeated[] = [];
const { vapid } = TEST_OUTGOING;

beforeAll(() => {
  if (vapid === undefined) throw new Error('The tests have a key.');
  stops.push(
    startPush({
      ...{ database: store.database.pool, poster, clock: systemClock, log: silentLog, everyMs: 10 },
      ...{ vapid, subject: 'mailto:notices@shop.test', retry: { minMs: 1, maxMs: 2 } },
      metrics: { counted: (result) => results.push(result) },
    }),
  );
});
afterAll(async () => {
  for (const one of stops) await one.stop();
  poster.close();
});

async function subscribe(token: string, endpoint: string) {
  const browser = openBrowser();
  const body = browser.subscription(endpoint);
  const made = await store.call('POST', '/api/v1/me/push-subscriptions', { token, body });
  return { browser, body, made };
}
const subscriptions = async (token: string) =>
  valueAt((await store.call('GET', '/api/v1/me/push-subscriptions', { token })).body, 'items');

async function ask<T extends NoticeTemplate>(userId: string, template: T, values: NoticeValues<T>, at = Date.now()) {
  const value = noticeEvent({ template, userId, eventId: newId(), at, values });
  const message = {
    topic: 'notification.email',
    partition: 0,
    offset: '0',
    key: userId,
    value,
    headers: {},
    timestampMs: at,
  };
  // Kafka may bring it more than once.
  const options = { database: store.database.pool, clock: systemClock, log: silentLog };
  await Promise.all([takeNotices(options, [message]), takeNotices(options, [message])]);
}
const order = { orderId: newId(), title: 'Mug', quantity: 1, total: 1_450, currency: 'EUR' };
const reminder = (startsInMs = 3_600_000) => ({
  ...{ dropId: newId(), title: 'Night drop', startsAt: Date.now() + startsInMs },
});
const prefer = (token: string, body: object) => store.call('PATCH', '/api/v1/me/preferences', { token, body });

describe('a browser', () => {
  it('is told once, in the language of its person, and nobody else can read it', async () => {
    const { token, userId } = await store.person();
    await prefer(token, { language: 'de' });
    const service = await openReceiver(201);
    const { browser, made } = await subscribe(token, service.url);
    expect([made.status, valueAt(made.body, 'service')]).toEqual([201, new URL(service.url).host]);
    await ask(userId, 'order-confirmed', order);
    const message = await eventually(() => service.received[0] ?? false, WITHIN);
    expect(await browser.read(message)).toMatchObject({
      ...{ title: 'Ihre Bestellung ist bestätigt: Mug', data: { template: 'order-confirmed', orderId: order.orderId } },
    });
    const { body } = await store.call('GET', '/api/v1/push-key');
    expect(senderOf(message, textAt(body, 'publicKey'))).toMatchObject({
      ...{ aud: new URL(service.url).origin, sub: 'mailto:notices@shop.test' },
    });
    expect(Number(message.headers['ttl'])).toBeGreaterThan(80_000);
    await expect(openBrowser().read(message)).rejects.toThrow();
    await eventually(async () => valueAt(await subscriptions(token), 0, 'lastSuccessAt') !== null, WITHIN);
    expect(service.received).toHaveLength(1);
  });

  it('is told of what its person wants to hear of there, whatever comes by mail', async () => {
    const { token, userId } = await store.person();
    const service = await openReceiver(201);
    const { browser } = await subscribe(token, service.url);
    await prefer(token, { orderPush: false, reminderMails: false });
    await ask(userId, 'order-confirmed', order);
    await ask(userId, 'drop-reminder', reminder());
    const message = await eventually(() => service.received[0] ?? false, WITHIN);
    expect(await browser.read(message)).toMatchObject({ title: 'Soon: Night drop' });
    expect(message.headers['urgency']).toBe('high');
    expect(Number(message.headers['ttl'])).toBeLessThanOrEqual(3_600);
    await ask(userId, 'drop-reminder', reminder(-1));
    await ask(userId, 'order-confirmed', order, Date.now() - 3 * 86_400_000);
    await eventually(async () => {
      const { rows } = await store.database.pool.query(
        `select d.state, d.last_error as error from push_deliveries d join push_subscriptions s on s.id = d.subscription_id
         where s.user_id = $1 order by d.event_id`,
        [userId],
      );
      expect(rows).toEqual([
        { state: 'sent', error: null },
        { state: 'dead', error: 'too late' },
      ]);
      return true;
    }, WITHIN);
    expect(service.received).toHaveLength(1);
  });

  it.each([404, 410])('that is gone (%i) is forgotten', async (status) => {
    const { token, userId } = await store.person();
    const service = await openReceiver(status);
    await subscribe(token, service.url);
    await ask(userId, 'order-confirmed', order);
    await eventually(async () => listAt(await subscriptions(token)).length === 0, WITHIN);
    expect(service.received).toHaveLength(1);
  });

  it('whose push service has no time is told later', async () => {
    const { token, userId } = await store.person();
    const service = await openReceiver(503);
    const { browser } = await subscribe(token, service.url);
    await ask(userId, 'order-confirmed', order);
    await eventually(() => service.received.length >= 2, WITHIN);
    service.status = 201;
    const last = await eventually(
      () => (results.at(-1) === 'sent' ? (service.received.at(-1) ?? false) : false),
      WITHIN,
    );
    expect(await browser.read(last)).toMatchObject({ data: { orderId: order.orderId } });
  });

  it('belongs to whoever subscribed it last, and the same one again is the same', async () => {
    const [one, two] = [await store.person(), await store.person()];
    const service = await openReceiver(201);
    const { body, made } = await subscribe(one.token, service.url);
    const again = await store.call('POST', '/api/v1/me/push-subscriptions', { token: one.token, body });
    expect([again.status, valueAt(again.body, 'id')]).toEqual([200, valueAt(made.body, 'id')]);
    await subscribe(two.token, service.url);
    expect([listAt(await subscriptions(one.token)).length, listAt(await subscriptions(two.token)).length]).toEqual([
      0, 1,
    ]);
    const [mine] = listAt(await subscriptions(two.token));
    const url = `/api/v1/me/push-subscriptions/${textAt(mine, 'id')}`;
    expect((await store.call('DELETE', url, { token: one.token })).status).toBe(404);
    expect((await store.call('DELETE', url, { token: two.token })).status).toBe(204);
  });

  it('has an address that may be called, and keys of their form; there are ten at most', async () => {
    const { token } = await store.person();
    const post = (endpoint: string, keys?: object) =>
      store.call('POST', '/api/v1/me/push-subscriptions', {
        ...{ token, body: { ...openBrowser().subscription(endpoint), ...(keys === undefined ? {} : { keys }) } },
      });
    expect(valueAt((await post('ftp://127.0.0.1/x')).body, 'code')).toBe('URL_REFUSED');
    expect(valueAt((await post('https://user:word@push.test/x')).body, 'code')).toBe('URL_REFUSED');
    expect((await post('https://push.test/x', { p256dh: 'short', auth: 'x' })).status).toBe(400);
    for (let count = 0; count < 10; count += 1) expect((await post(`https://push.test/${count}`)).status).toBe(201);
    expect(valueAt((await post('https://push.test/10')).body, 'code')).toBe('TOO_MANY');
  });
});

describe('push services that hang', () => {
  const quiet = useStore();

  it('have no more places of one person than there are for one, however many of their browsers they serve', async () => {
    if (vapid === undefined) throw new Error('The tests have a key.');
    const [greedy, other] = [await quiet.person(), await quiet.person()];
    const put = async (token: string, at: number) => {
      const body = openBrowser().subscription(`http://127.0.0.1:${27_100 + at}/push`);
      const made = await quiet.call('POST', '/api/v1/me/push-subscriptions', { token, body });
      expect(made.status).toBe(201);
    };
    for (let at = 0; at < LIMITS.pushesAtOncePerUser + 3; at += 1) await put(greedy.token, at);
    await put(other.token, 99);
    for (const { userId } of [greedy, other]) {
      const value = noticeEvent({
        ...{ template: 'order-confirmed', userId, eventId: newId(), at: Date.now(), values: order },
      });
      const head = { topic: 'notification.email', partition: 0, offset: '0', key: userId, headers: {} };
      await takeNotices({ database: quiet.database.pool, clock: systemClock, log: silentLog }, [
        { ...head, value, timestampMs: Date.now() },
      ]);
    }
    const called: string[] = [];
    const endings: (() => void)[] = [];
    const hanging = {
      post: async ({ url }: { readonly url: string }) => {
        called.push(new URL(url).port);
        await new Promise<void>((resolve) => endings.push(resolve));
        return { ok: false, failure: 'TIMEOUT', reason: 'no answer in time' } as const;
      },
    };
    const worker = startPush({
      ...{ database: quiet.database.pool, poster: hanging, clock: systemClock, log: silentLog, everyMs: 10 },
      ...{ vapid, subject: 'mailto:notices@shop.test', metrics: { counted: () => undefined } },
    });
    const givenBack = async () => {
      const { rowCount } = await quiet.database.pool.query(
        `select from push_deliveries where tries = 0 and due_at > until_at - interval '1 day'`,
      );
      return rowCount === 3 && called.includes('27199');
    };
    await eventually(givenBack, WITHIN);
    expect(called).toHaveLength(LIMITS.pushesAtOncePerUser + 1);
    for (const end of endings) end();
    await worker.stop();
  });
});
