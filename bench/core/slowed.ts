/**
 * A claim script that is busy for a while in each call: a regression on purpose, to see whether a comparison of two runs
 * notices it. Lua in Redis has no clock that every version lets run during a script, so turns of a loop are counted.
 */
import { stockClaimScript } from '../../reservation-core/generated/stock-claim.ts';
import type { Script, ScriptRunner } from '../../reservation-core/script-runner.ts';
import { runnerOf, withSource } from './doctored.ts';

interface Evaluator {
  eval(source: string, keys: number): Promise<unknown>;
}

const PROBE_TURNS = 1_000_000;
const PROBES = 5;

const busyLoop = (turns: number): string => `do local sum = 0 for at = 1, ${turns} do sum = sum + at % 7 end end\n`;

export function slowedRunner(runner: ScriptRunner, turns: number): ScriptRunner {
  return runnerOf(runner, slowed(stockClaimScript, turns));
}

export function slowed(script: Script, turns: number): Script {
  return withSource(script, busyLoop(turns) + script.source);
}

/** How many turns take so long on this Redis; the fastest of a few tries, since others use the machine as well. */
export async function turnsFor(ms: number, redis: Evaluator): Promise<number> {
  let fastestMs = Number.POSITIVE_INFINITY;
  for (let probe = 0; probe < PROBES; probe += 1) {
    const from = performance.now();
    await redis.eval(`${busyLoop(PROBE_TURNS)}return 1`, 0);
    fastestMs = Math.min(fastestMs, performance.now() - from);
  }
  return Math.round((PROBE_TURNS * ms) / fastestMs);
}
