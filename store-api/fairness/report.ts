import { DRAW_ALGORITHM } from '../../contracts/draw/algorithm.ts';
import type { FairnessReport } from '../../contracts/draw/fairness.ts';
import type { Fairness } from '../../db/queries/find-fairness.ts';

export function reportOf(dropId: string, fairness: Fairness): FairnessReport {
  const { commit, iterations, startsAt, closed } = fairness;
  const drawn = closed?.drawn ?? null;
  return {
    dropId,
    state: drawn !== null ? 'drawn' : closed !== null ? 'closed' : 'committed',
    algorithm: closed?.algorithm ?? DRAW_ALGORITHM,
    iterations,
    commit,
    startsAt: startsAt.getTime(),
    entrants: closed?.entrants ?? null,
    root: closed?.root.toString('hex') ?? null,
    toldAt: closed?.toldAt.getTime() ?? null,
    seed: drawn?.seed.toString('hex') ?? null,
    placesRoot: drawn?.placesRoot.toString('hex') ?? null,
    drawnAt: drawn?.drawnAt.getTime() ?? null,
  };
}
