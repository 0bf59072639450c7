/** A claim script that forgets to take units off the stock: what the audit is there to find. */
import { createHash } from 'node:crypto';
import { stockClaimScript } from '../../reservation-core/generated/stock-claim.ts';
import type { Script, ScriptRunner } from '../../reservation-core/script-runner.ts';

const TAKES_UNITS = /redis\.call\('HINCRBY', stock, [^\n]*':available', -[^\n]*\n/;

export function forgetfulRunner(runner: ScriptRunner): ScriptRunner {
  return runnerOf(runner, forgetful(stockClaimScript));
}

/** Runs the mutated script wherever the one of its name is asked for. */
export function runnerOf(runner: ScriptRunner, mutated: Script): ScriptRunner {
  return { run: (script, keys, argv) => runner.run(script.name === mutated.name ? mutated : script, keys, argv) };
}

export function forgetful(script: Script): Script {
  const source = script.source.replace(TAKES_UNITS, '\n');
  if (source === script.source)
    throw new Error('The claim script takes units in another way now: doctor that instead.');
  return withSource(script, source);
}

export function withSource(script: Script, source: string): Script {
  return { name: script.name, sha: createHash('sha1').update(source).digest('hex'), source };
}
