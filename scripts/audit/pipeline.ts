/** What of a drop is on its way between two systems: as long as it is, they need not agree. */
import { setTimeout as delay } from 'node:timers/promises';
import { topicName } from '../../contracts/topics.ts';
import { dueWork } from '../../db/queries/audited-drop.ts';
import { untilItWorks } from '../../platform/connections/kafka/patience.ts';
import { createTransfers } from '../../reservation-core/regions/transfers.ts';
import { requireRegion } from '../../reservation-core/shards.ts';
import type { AuditCore, RegionsOfDrop } from './audit-core.ts';
import { PIPELINE, type Pipeline, type PipelinePart } from './report.ts';

const POLL_MS = 500;
const WITHIN_MS = 10_000;
const BACKOFF = { minMs: 100, maxMs: 1_000 };

export async function readPipeline(core: AuditCore, regions: RegionsOfDrop): Promise<Pipeline> {
  const { kafka, topicPrefix, database, dropId } = core;
  // A broker that has just started does not know yet which group is whose.
  const lag = (topic: 'claims.won' | 'claims.released', group: string): Promise<number> =>
    untilItWorks(() => kafka.lag(`${topicPrefix}${group}`, topicName(topicPrefix, topic)), WITHIN_MS, BACKOFF);
  // The streams first: what leaves them meanwhile is found in Kafka, what leaves Kafka as work that is due.
  const inRegions = await Promise.all(regions.known.map((region) => readRegion(core, region)));
  const [won, released] = await Promise.all([lag('claims.won', 'orders'), lag('claims.released', 'orders-released')]);
  const { payments, refunds } = await dueWork(database, dropId);
  const sum = (read: (one: RegionPipeline) => number) => inRegions.reduce((total, one) => total + read(one), 0);
  return {
    outbox: sum(({ outbox }) => outbox),
    overdue: sum(({ overdue }) => overdue),
    transfers: sum(({ transfers }) => transfers),
    ...{ won, released, payments, refunds, regions: regions.missing.length },
  };
}

interface RegionPipeline {
  readonly outbox: number;
  readonly overdue: number;
  readonly transfers: number;
}

async function readRegion({ shards, keys, dropId, clock }: AuditCore, region: string): Promise<RegionPipeline> {
  const { redis } = requireRegion(shards, region);
  const at = keys.stock(dropId, region);
  const [outbox, overdue, open] = await Promise.all([
    redis.xlen(at.outbox),
    redis.zcount(at.due, '-inf', clock.now()),
    createTransfers({ shards, keys }).open(dropId, region),
  ]);
  return { outbox, overdue, transfers: open.length };
}

export function isDrained(pipeline: Pipeline): boolean {
  return Object.values(pipeline).every((left) => left === 0);
}

/** Until nothing is on its way, or the time is over. */
export async function untilDrained(
  core: AuditCore,
  regions: () => Promise<RegionsOfDrop>,
  waitMs: number,
): Promise<Pipeline> {
  const deadlineMs = performance.now() + waitMs;
  for (;;) {
    const pipeline = await readPipeline(core, await regions());
    const leftMs = deadlineMs - performance.now();
    if (isDrained(pipeline) || leftMs <= 0) return pipeline;
    core.tell?.(`Waiting: ${describe(pipeline)}.`);
    await delay(Math.min(POLL_MS, leftMs));
  }
}

export function describe(pipeline: Pipeline): string {
  const parts = Object.keys(PIPELINE).filter(isPart);
  return parts.flatMap((part) => (pipeline[part] === 0 ? [] : [`${pipeline[part]} ${PIPELINE[part]}`])).join(', ');
}

function isPart(name: string): name is PipelinePart {
  return Object.hasOwn(PIPELINE, name);
}
