/** The log of a real line, and of lines whose admit script was broken on purpose: the check has to find each fault. */
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { INTERVALS, LIMITS } from '../contracts/limits.ts';
import { EVERYBODY, joinRow, liveDrop, newId } from '../test/fixtures/drop.ts';
import { useShards } from '../test/fixtures/shards.ts';
import { useRedis } from '../test/servers/redis.ts';
import { createDrops } from './drops.ts';
import { lineAdmit } from './generated/line-admit.ts';
import { createLine } from './line.ts';
import { checkPassLog } from './pass-log.ts';
import type { ScriptRunner } from './script-runner.ts';

const NOW = 1_800_000_000_000;
const CAPS = { perSecond: 5, maxActive: 8 };
const redis = useRedis();
const core = useShards(redis);

type Fault = readonly [instead: string, of: string];

/** Runs scripts with a fault in them. */
function faulty([instead, of]: Fault): ScriptRunner {
  return {
    run(script, keys, argv) {
      const source = script.source.replace(of, instead);
      if (source === script.source) throw new Error(`the script has no ${of} any more`);
      const sha = createHash('sha1').update(source).digest('hex');
      return core.shards.home.scripts.run({ name: script.name, sha, source }, keys, argv);
    },
  };
}

/** Forty wait for passes of two seconds, and an edge asks ten times a second, for three seconds. */
async function played(fault?: Fault, clockOf = (nowMs: number) => nowMs): Promise<string> {
  const { shards, keys } = core;
  const clock = { nowMs: NOW + 900, now: () => clock.nowMs };
  const drop = liveDrop(NOW, { admission: CAPS, passSeconds: 2 });
  await createDrops({ shards, keys }).publish(drop);
  const line = createLine({ shards, keys, clock, edge: 'one', onFailedCall: () => undefined });
  const shoppers = Array.from({ length: 40 }, newId);
  await Promise.all(shoppers.map((shopper) => line.join(drop.id, joinRow(shopper), 'socket')));
  const scripts = fault === undefined ? shards.home.scripts : faulty(fault);
  for (let tick = 0; tick < 30; tick += 1) {
    clock.nowMs += 100;
    const { graceMs, pickUpMs } = INTERVALS;
    const args = { nowMs: clockOf(clock.nowMs), most: LIMITS.admitBatch, wanted: EVERYBODY, edge: 'one' };
    await lineAdmit(scripts, keys.line(drop.id), { ...args, graceMs, pickUpMs });
    // One of them leaves, so that a pass ends before its time.
    if (tick === 15) await line.leave(drop.id, shoppers[5] ?? '', 'left');
  }
  return drop.id;
}

const check = (dropId: string, caps = CAPS) => checkPassLog(core, dropId, caps);
const rulesOf = async (fault: Fault, clockOf?: (nowMs: number) => number) =>
  (await check(await played(fault, clockOf))).breaches.map(({ rule }) => rule);

describe('the log of passes', () => {
  it('proves that both caps were kept, and were reached', async () => {
    const report = await check(await played());
    expect(report).toMatchObject({ breaches: [], gaps: [], worstSecond: { called: 5 }, worstMoment: { live: 8 } });
    expect(report.calls).toBeGreaterThan(8);
  });

  it('is read as a whole, in pages', async () => {
    const dropId = await played();
    const { passLog } = core.keys.line(dropId);
    for (let at = 0; at < LIMITS.passLogPage * 2; at += 1) {
      await core.shards.home.redis.xadd(passLog, '*', 'what', 'ended', 'at', NOW, 'until', 0, 'shoppers', newId());
    }
    const late = ['what', 'called', 'at', NOW + 60_000, 'until', NOW + 61_000, 'shoppers', newId()];
    await core.shards.home.redis.xadd(passLog, '*', ...late);
    const report = await check(dropId);
    expect(report.entries).toBeGreaterThan(LIMITS.passLogPage * 2);
    expect(report.lastAtMs).toBe(NOW + 60_000);
  });

  it('proves nothing once its beginning is gone', async () => {
    const dropId = await played();
    await core.shards.home.redis.xtrim(core.keys.line(dropId).passLog, 'MAXLEN', 2);
    const { gaps, breaches } = await check(dropId);
    expect(breaches).toEqual([]);
    expect(gaps).toEqual([expect.stringMatching(/oldest \d+ entries/), expect.stringMatching(/line has called \d+/)]);
  });

  it('proves nothing when it was lost', async () => {
    const dropId = await played();
    await core.shards.home.redis.del(core.keys.line(dropId).passLog);
    expect((await check(dropId)).gaps).toEqual([expect.stringMatching(/the log tells of 0/)]);
  });

  it('is empty while nobody has been called', async () => {
    expect(await check(newId())).toMatchObject({ calls: 0, entries: 0, gaps: [], breaches: [] });
  });
});

describe('the check finds an admit that', () => {
  it('forgets how many it has called', async () => {
    expect(await rulesOf(['most', "perSecond - redis.call('ZCARD', issued)"])).toContain(
      'too many called within a second',
    );
  });

  it('counts the seconds of a clock instead of any second', async () => {
    const wholeSecond: Fault = ["'-inf', nowMs - nowMs % 1000 - 1)", "'-inf', nowMs - 1000)"];
    expect(await rulesOf(wholeSecond)).toEqual(['too many called within a second']);
  });

  it('forgets the passes that are live', async () => {
    expect(await rulesOf(['most, most', 'maxActive - active, wanted - active'])).toEqual([
      'too many passes live at once',
    ]);
  });

  it('calls who has a pass already', async () => {
    const again = "redis.call('ZADD', waiting, 1, called[1]) redis.call('ZADD', issued, unpack(newIssued))";
    expect(await rulesOf([again, "redis.call('ZADD', issued, unpack(newIssued))"])).toContain(
      'called while the pass before was live',
    );
  });

  it('believes a clock that is behind', async () => {
    const behind = (nowMs: number) => (nowMs % 200 === 0 ? nowMs - 1_500 : nowMs);
    expect(await rulesOf(['nowMs', "math.max(nowMs, tonumber(known[1] or '0'))"], behind)).toContain(
      'a call is older than the one before',
    );
  });
});
