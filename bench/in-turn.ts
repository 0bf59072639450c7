/** Ours and the bare part beside it, run by run: what disturbs the machine for a while disturbs both. */
import type { BenchContext } from './scenario.ts';

export type Side = 'ours' | 'bare';

/** Each run of ours stands against the bare one just before it. */
export type Rounds<Run> = Readonly<Record<Side, readonly Run[]>>;

const IN_THIS_ORDER: readonly Side[] = ['bare', 'ours'];

export async function inTurn<Run>(
  { progress, rounds }: Pick<BenchContext, 'progress' | 'rounds'>,
  what: string,
  measure: (side: Side) => Promise<Run>,
): Promise<Rounds<Run>> {
  const runs: Record<Side, Run[]> = { ours: [], bare: [] };
  for (let round = 1; round <= rounds; round += 1) {
    for (const side of IN_THIS_ORDER) {
      progress(`${what}: ${side}, run ${round} of ${rounds}`);
      runs[side].push(await measure(side));
    }
  }
  return runs;
}
