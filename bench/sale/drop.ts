/** The drop of one storm, made and ended as a merchant does it. */
import { setTimeout as delay } from 'node:timers/promises';
import type { SaleSize } from './size.ts';
import { REGIONS, type SaleStage } from './stage.ts';

export interface StormDrop {
  readonly id: string;
  readonly sku: string;
  readonly perShopperLimit: number;
  readonly lobbyOpensAtMs: number;
  readonly startsAtMs: number;
  /** Resolves with the moment from which edges may say that it is over. */
  end(): Promise<number>;
}

/** From scheduling it until every edge can have heard of it. */
const AHEAD_MS = 5_000;
const HOUR_MS = 3_600_000;
const MS_PER_SECOND = 1_000;
const PER_SHOPPER = 2;
/** Of the units, for the first region: the other one runs out sooner and asks for more. */
const FIRST_SHARE = 0.6;
const POLL_MS = 50;
const PUBLISH_DEADLINE_MS = 30_000;

export async function openDrop(stage: SaleStage, size: SaleSize): Promise<StormDrop> {
  const sku = await stage.nextItem();
  const lobbyOpensAtMs = Date.now() + AHEAD_MS;
  const startsAtMs = lobbyOpensAtMs + size.lobbySeconds * MS_PER_SECOND;
  const first = Math.round(size.units * FIRST_SHARE);
  const { id } = await ask(stage, '/seller/drops', {
    ...{ sku, mode: 'lottery', lobbyOpensAt: lobbyOpensAtMs, startsAt: startsAtMs, endsAt: startsAtMs + HOUR_MS },
    allocation: { [REGIONS[0]]: first, [REGIONS[1]]: size.units - first },
    ...{ perShopperLimit: PER_SHOPPER, holdSeconds: size.holdSeconds, passSeconds: size.passSeconds },
    ...{ admission: size.admission, challenge: 'auto' },
  });
  await ask(stage, `/seller/drops/${id}/schedule`, {});
  const deadlineMs = performance.now() + PUBLISH_DEADLINE_MS;
  while (!(await isPublished(stage, id))) {
    if (performance.now() > deadlineMs) throw new Error('The drop was not published in time.');
    await delay(POLL_MS);
  }
  return {
    ...{ id, sku, lobbyOpensAtMs, startsAtMs, perShopperLimit: PER_SHOPPER },
    async end() {
      const endedAtMs = Date.now();
      await ask(stage, `/seller/drops/${id}/end`, {});
      return endedAtMs;
    },
  };
}

async function ask({ storeUrl, merchantToken }: SaleStage, path: string, body: object): Promise<{ id: string }> {
  const answer = await fetch(`${storeUrl}/api/v1${path}`, {
    method: 'POST',
    headers: {
      ...{ authorization: `Bearer ${await merchantToken()}`, 'content-type': 'application/json' },
      'idempotency-key': crypto.randomUUID(),
    },
    body: JSON.stringify(body),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${path} was answered ${answer.status}: ${text}`);
  const made: unknown = JSON.parse(text);
  const id = typeof made === 'object' && made !== null && 'id' in made ? made.id : undefined;
  return { id: typeof id === 'string' ? id : '' };
}

/** An edge tells of a drop as soon as it can be found. */
async function isPublished({ edgePorts }: SaleStage, id: string): Promise<boolean> {
  const answers = await Promise.all(edgePorts.map((port) => fetch(`http://127.0.0.1:${port}/v1/drops/${id}`)));
  return answers.every(({ ok }) => ok);
}
