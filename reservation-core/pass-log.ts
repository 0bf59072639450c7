/** Reads the log of passes that the scripts of a line write (lua/lib/pass-log.lua), and checks the caps with it. */
import { DropgateError } from '../contracts/errors.ts';
import { LIMITS } from '../contracts/limits.ts';
import type { Redis } from '../platform/connections/redis.ts';
import type { Keys } from './keys.ts';
import { type Caps, type CapsReport, createCapsCheck, type PassEvent } from './pass-caps.ts';
import type { Shards } from './shards.ts';

export interface PassLogReport extends CapsReport {
  readonly caps: Caps;
  readonly entries: number;
  /** Why the log cannot prove that the caps were kept, although nothing in it breaks them. */
  readonly gaps: readonly string[];
}

/**
 * Reads what the log has now, in pages, and no further: it ends also while the line goes on. The whole log is never in
 * memory, since it may tell of a million passes.
 */
export async function checkPassLog(
  { shards, keys }: { readonly shards: Shards; readonly keys: Keys },
  dropId: string,
  caps: Caps,
): Promise<PassLogReport> {
  const { redis } = shards.home;
  const { line, passLog } = keys.line(dropId);
  // Read before the log: whoever is counted here is written there already, in the same step.
  const calledByLine = Number((await redis.hget(line, 'called')) ?? 0);
  const before = await infoOf(redis, passLog);
  const check = createCapsCheck(caps);
  let entries = 0;
  for await (const event of before === undefined ? [] : eventsOf(redis, passLog, before.lastId)) {
    check.take(event);
    entries += 1;
  }
  const after = await infoOf(redis, passLog);
  const report = check.report();
  const gaps: string[] = [];
  const trimmed = (after?.added ?? 0) - (after?.length ?? 0);
  if (trimmed > 0) gaps.push(`the oldest ${trimmed} entries of the log are gone`);
  if (calledByLine > report.calls) gaps.push(`the line has called ${calledByLine}, the log tells of ${report.calls}`);
  return { ...report, caps, entries, gaps };
}

async function* eventsOf(redis: Redis, key: string, lastId: string): AsyncGenerator<PassEvent> {
  let from = '-';
  while (true) {
    const page = await redis.xrange(key, from, lastId, 'COUNT', LIMITS.passLogPage);
    for (const [id, fields] of page) yield parse(id, fields);
    const last = page.at(-1);
    if (last === undefined || page.length < LIMITS.passLogPage) return;
    from = `(${last[0]}`;
  }
}

function parse(id: string, fields: readonly string[]): PassEvent {
  const value = new Map<string, string>();
  for (let at = 0; at + 1 < fields.length; at += 2) value.set(fields[at] ?? '', fields[at + 1] ?? '');
  const what = value.get('what');
  const [atMs, untilMs] = [Number(value.get('at')), Number(value.get('until'))];
  if ((what !== 'called' && what !== 'ended') || !Number.isSafeInteger(atMs) || !Number.isSafeInteger(untilMs)) {
    throw new DropgateError('INTERNAL', `The entry ${id} of the log of passes is not one.`);
  }
  return { what, atMs, untilMs, shoppers: value.get('shoppers')?.split(',') ?? [] };
}

interface StreamInfo {
  readonly length: number;
  readonly lastId: string;
  /** Entries since the log began, also those that are gone. */
  readonly added: number;
}

/** Undefined while nobody has been called. */
async function infoOf(redis: Redis, key: string): Promise<StreamInfo | undefined> {
  if ((await redis.exists(key)) === 0) return undefined;
  const raw: unknown = await redis.xinfo('STREAM', key);
  const values: readonly unknown[] = Array.isArray(raw) ? raw : [];
  const of = (name: string): unknown => values[values.indexOf(name) + 1];
  const [length, added, lastId] = [of('length'), of('entries-added'), of('last-generated-id')];
  if (typeof length !== 'number' || typeof added !== 'number' || typeof lastId !== 'string') {
    throw new DropgateError('INTERNAL', 'This Redis does not say how much of the log of passes is gone; 7.0 does.');
  }
  return { length, lastId, added };
}
