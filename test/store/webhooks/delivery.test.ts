import { readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import Type from 'typebox';
import { Compile } from 'typebox/compile';
import { describe, expect, it } from 'vitest';
import { LIMITS } from '../../../contracts/limits.ts';
import { tellMerchant } from '../../../db/queries/webhooks/tell-merchant.ts';
import { newId } from '../../fixtures/drop.ts';
import { openReceiver, type Received } from '../../fixtures/receiver.ts';
import { useStore } from '../../fixtures/store.ts';
import { listAt, textAt, valueAt } from '../../fixtures/told.ts';
import { openWebhook, useWebhooks } from '../../fixtures/webhooks.ts';
import { eventually } from '../../servers/eventually.ts';

const store = useStore();
useWebhooks(store, { retriesMs: [5, 5, 5, 5, 5, 5, 5], deadlineMs: 60_000 });
const WITHIN = { withinMs: 20_000 };

const tell = (merchantId: string, data: object = {}, sourceId = newId()) =>
  tellMerchant(store.database.pool, {
    ...{ merchantId, kind: 'stock.low', sourceId, atMs: Date.now() + 1_000, data: { ...data } },
  });
const deliveries = async (token: string, id: string, query = '') =>
  valueAt((await store.call('GET', `/api/v1/seller/webhooks/${id}/deliveries${query}`, { token })).body, 'items');

type Check = (message: { headers: object; body: string; secret: string; nowMs?: number }) => boolean;
const Module = Compile(Type.Object({ isFromDropgate: Type.Unsafe<Check>(Type.Unknown()) }));

/** As docs/WEBHOOKS.md shows it to whoever writes a receiver. */
async function documentedCheck(): Promise<Check> {
  const document = await readFile(new URL('../../../docs/WEBHOOKS.md', import.meta.url), 'utf8');
  const path = join(tmpdir(), `receiver-${newId()}.mjs`);
  await writeFile(path, /```js\n(?<code>[\s\S]*?)```/.exec(document)?.groups?.['code'] ?? '');
  const loaded: unknown = await import(pathToFileURL(path).href);
  if (!Module.Check(loaded)) throw new Error('The document has another example.');
  return loaded.isFromDropgate;
}
const messageOf = ({ headers, body }: Received) => ({ headers, body: body.toString() });

describe('a webhook', () => {
  it('is told once, signed so that the receiver of the document knows it', async () => {
    const check = await documentedCheck();
    const merchant = await store.person('merchant');
    const receiver = await openReceiver();
    const { id, secret } = await openWebhook(store, merchant, receiver.url);
    const sourceId = newId();
    await Promise.all([tell(merchant.userId, { sku: 'A' }, sourceId), tell(merchant.userId, { sku: 'A' }, sourceId)]);
    const [message] = await eventually(() => receiver.received.length > 0 && receiver.received, WITHIN);
    if (message === undefined) throw new Error('nothing came');
    const body = JSON.parse(message.body.toString());
    expect(body).toMatchObject({ type: 'stock.low', version: 1, data: { sku: 'A' } });
    expect(message.headers['webhook-id']).toBe(body.id);
    expect(check({ ...messageOf(message), secret })).toBe(true);
    expect(check({ ...messageOf(message), secret, body: `${message.body} ` })).toBe(false);
    expect(check({ ...messageOf(message), secret: 'whsec_c29tZXRoaW5nIGVsc2U=' })).toBe(false);
    expect(check({ ...messageOf(message), secret, nowMs: Date.now() + 600_000 })).toBe(false);
    await eventually(async () => valueAt(await deliveries(merchant.token, id), 0, 'state') === 'delivered', WITHIN);
    expect(await deliveries(merchant.token, id)).toMatchObject([{ tries: 1, lastStatus: 204, nextTryAt: null }]);
  });

  it('whose receiver is dead is tried eight times, is a dead letter, and comes when it is replayed', async () => {
    const check = await documentedCheck();
    const merchant = await store.person('merchant');
    const receiver = await openReceiver(500);
    receiver.text = 'out of order\0';
    const { id, secret } = await openWebhook(store, merchant, receiver.url);
    for (const sku of ['A', 'B', 'C']) await tell(merchant.userId, { sku });
    const rest = () => store.database.pool.query('update webhook_endpoints set rest_until = null where id = $1', [id]);
    const dead = await eventually(async () => {
      await rest();
      const found = listAt(await deliveries(merchant.token, id, '?state=dead'));
      return found.length === 3 && found;
    }, WITHIN);
    expect(dead).toMatchObject([{ tries: 8, lastStatus: 500, type: 'stock.low' }, { tries: 8 }, { tries: 8 }]);
    expect(receiver.received).toHaveLength(24);
    const url = `/api/v1/seller/webhooks/${id}`;
    const one = await store.call('GET', `${url}/deliveries/${textAt(dead, 0, 'id')}`, { token: merchant.token });
    expect(one.body).toMatchObject({ lastAnswer: 'out of order', lastError: null });

    receiver.status = 200;
    receiver.received.length = 0;
    await rest();
    const first = await store.call('POST', `${url}/deliveries/${textAt(dead, 0, 'id')}/replay`, {
      token: merchant.token,
    });
    expect([first.status, valueAt(first.body, 'state')]).toEqual([200, 'waiting']);
    await eventually(() => receiver.received.length === 1, WITHIN);
    expect(receiver.received[0]?.headers['webhook-id']).toBe(valueAt(dead, 0, 'eventId'));
    const all = await store.call('POST', `${url}/replay`, { token: merchant.token, body: {} });
    expect(all.body).toEqual({ replayed: 2 });
    await eventually(() => receiver.received.length === 3, WITHIN);
    for (const message of receiver.received) expect(check({ ...messageOf(message), secret })).toBe(true);
    await eventually(async () => listAt(await deliveries(merchant.token, id, '?state=delivered')).length === 3, WITHIN);
    expect((await store.call('GET', url, { token: merchant.token })).body).toMatchObject({
      ...{ failures: 0, failingSince: null, isEnabled: true },
    });
  });

  it('holds up nobody while its receiver says nothing', async () => {
    const [slow, quick] = [await store.person('merchant'), await store.person('merchant')];
    const [silent, answering] = [await openReceiver(0), await openReceiver()];
    await openWebhook(store, slow, silent.url);
    await openWebhook(store, quick, answering.url);
    for (let count = 0; count < 30; count += 1) await tell(slow.userId);
    await eventually(() => silent.received.length === LIMITS.webhooksAtOncePerEndpoint, WITHIN);
    for (let count = 0; count < 30; count += 1) await tell(quick.userId);
    await eventually(() => answering.received.length === 30, WITHIN);
    // It has its places, and no more.
    expect(silent.received).toHaveLength(LIMITS.webhooksAtOncePerEndpoint);
  });

  it('is signed with the old secret and the new one for as long as both are good', async () => {
    const check = await documentedCheck();
    const merchant = await store.person('merchant');
    const receiver = await openReceiver();
    const { id, secret: old } = await openWebhook(store, merchant, receiver.url);
    const rotate = async (overlapMs: number): Promise<string> =>
      textAt(
        (
          await store.call('POST', `/api/v1/seller/webhooks/${id}/secret`, {
            token: merchant.token,
            body: { overlapMs },
          })
        ).body,
        'secret',
      );
    const secret = await rotate(60_000);
    expect(secret).not.toBe(old);
    await tell(merchant.userId);
    const [message] = await eventually(() => receiver.received.length > 0 && receiver.received, WITHIN);
    if (message === undefined) throw new Error('nothing came');
    for (const one of [old, secret]) expect(check({ ...messageOf(message), secret: one })).toBe(true);
    const newest = await rotate(0);
    await tell(merchant.userId);
    const last = await eventually(() => receiver.received[1] ?? false, WITHIN);
    expect([old, secret, newest].map((one) => check({ ...messageOf(last), secret: one }))).toEqual([
      ...[false, false, true],
    ]);
  });

  it('answers a ping', async () => {
    const merchant = await store.person('merchant');
    const receiver = await openReceiver();
    const { id } = await openWebhook(store, merchant, receiver.url);
    const asked = await store.call('POST', `/api/v1/seller/webhooks/${id}/test`, { token: merchant.token });
    expect(asked.status).toBe(202);
    const message = await eventually(() => receiver.received[0] ?? false, WITHIN);
    expect(JSON.parse(message.body.toString())).toMatchObject({ type: 'ping', data: { webhookId: id } });
    const url = `/api/v1/seller/webhooks/${id}/deliveries/${textAt(asked.body, 'deliveryId')}`;
    await eventually(
      async () => valueAt((await store.call('GET', url, { token: merchant.token })).body, 'state') === 'delivered',
      WITHIN,
    );
  });
});
