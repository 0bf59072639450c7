import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ScriptRunner } from '../../reservation-core/script-runner.ts';
import { createStock } from '../../reservation-core/stock.ts';
import { useShards } from '../fixtures/shards.ts';
import { useOwnRedis } from '../servers/own-redis.ts';
import { playHistory, SCRIPTS, type Stage } from './play-history.ts';
import { history } from './stock-history.ts';

/** Other ones in each run. The rarest fault below took 435 to 4,313 of them to be found, in five tries. */
const HISTORIES = Number(process.env['MODEL_HISTORIES'] ?? 5_000);
/** Far more than any of them needs; each ends with the first history that finds it out. */
const MUTANT_HISTORIES = 10_000;
// One of its own: histories are sent without waiting, so every script has to be known before and stay known.
const redis = useOwnRedis();
const core = useShards({
  get url() {
    return redis.url;
  },
  prefix: 'model',
});
let honest: Stage;

beforeAll(async () => {
  const { shards, keys } = core;
  const { redis: client } = shards.home;
  for (const { source } of SCRIPTS) await client.script('LOAD', source);
  // What a script answers does not depend on the disk.
  await client.config('SET', 'appendonly', 'no');
  if (!('stream' in client)) throw new Error('a cluster has many sockets');
  const { stream } = client;
  const atOnce: Stage['atOnce'] = (send) => {
    stream.cork();
    try {
      return send();
    } finally {
      // Later than the commands, which are written in the order of their microtasks.
      setImmediate(() => stream.uncork());
    }
  };
  honest = { atOnce, scripts: shards.home.scripts, keys, ledger: createStock({ shards, keys }).ledger };
});

/** A script with one line changed, run from its text. */
function mutated(name: string, from: string, to: string): Stage {
  let changed = 0;
  const scripts: ScriptRunner = {
    run(script, keys, argv) {
      if (script.name !== name) return honest.scripts.run(script, keys, argv);
      if (!script.source.includes(from)) throw new Error(`${name} has no line "${from}"`);
      changed += 1;
      const source = script.source.replace(from, to);
      const sha = createHash('sha1').update(source).digest('hex');
      return changed === 1
        ? core.shards.home.redis.eval(source, keys.length, ...keys, ...argv)
        : honest.scripts.run({ name, sha, source }, keys, argv);
    },
  };
  return { ...honest, scripts };
}

const problemOf = async (stage: Stage, numRuns: number): Promise<string | undefined> => {
  const result = await fc.check(
    fc.asyncProperty(history, async (played) => {
      const problem = await playHistory(stage, played);
      if (problem !== undefined) throw new Error(problem);
    }),
    { numRuns, endOnFailure: true },
  );
  const { errorInstance } = result;
  return errorInstance instanceof Error ? `seed ${result.seed}: ${errorInstance.message}` : undefined;
};

describe('the stock', () => {
  it(`is what the model says after every step of ${HISTORIES} random histories`, {
    timeout: 60_000 + HISTORIES * 20,
  }, async () => {
    expect(await problemOf(honest, HISTORIES)).toBeUndefined();
  });

  it.each([
    ['the limit is not checked', 'stock/claim', 'if units > limit then', 'if false then'],
    ['a hold is sold after it expired', 'stock/confirm', "if state ~= 'held' then", "if state == 'sold' then"],
    ['a transfer arrives twice', 'stock/transfer-in', 'if known then', 'if false then'],
    ['the stock is not checked', 'stock/claim', 'if left < quantity then', 'if false then'],
    ['a key is forgotten', 'stock/claim', 'if answer then', 'if false then'],
    ['a row does not see the rows before it', 'stock/claim', 'takenNow[shopperId] = record', ''],
    ['a void pass still claims', 'stock/claim', 'if void and passUntil <=', 'if false and passUntil <='],
    [
      'a used up limit leaves the pass as it was',
      'stock/claim',
      'void = units == limit and passUntilMs or void',
      'void = void',
    ],
    ['a hold with more time ends at its first', 'stock/expire', "'expired', nowMs)", "'expired')"],
    ['a release keeps the units', 'stock/release', "sku .. ':available', count", "sku .. ':available', 0"],
  ])('is found out when %s', { timeout: 60_000 }, async (_what, name, from, to) => {
    expect(await problemOf(mutated(name, from, to), MUTANT_HISTORIES)).toMatch(/step \d+/);
  });
});
