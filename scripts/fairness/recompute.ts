/** Recomputes a draw from its public data, and says what differs from what was published. */
import { commitOf, DRAW_ALGORITHM, drawKey } from '../../contracts/draw/algorithm.ts';
import { fromHex, toHex } from '../../contracts/draw/bytes.ts';
import { type EntrantList, idAt } from '../../contracts/draw/entrant-list.ts';
import type { FairnessReport } from '../../contracts/draw/fairness.ts';
import { entrantLeaves, placeLeaves } from '../../contracts/draw/leaves.ts';
import { merkleRoot } from '../../contracts/draw/merkle.ts';
import { drawPlaces } from '../../contracts/draw/places.ts';
import type { PublicList } from './public-data.ts';

export interface Finding {
  readonly what: string;
  readonly ok: boolean;
  readonly shown: string;
}

export interface Recomputed {
  readonly findings: readonly Finding[];
  /** As computed here, entry by entry of the list. */
  readonly places: Uint32Array;
}

/** What somebody wrote down before the draw; without it, only what the store says now is compared with itself. */
export interface Noted {
  readonly commit?: string | undefined;
  readonly root?: string | undefined;
}

const SHOWN_DIFFERENCES = 5;

export function recompute(report: FairnessReport, published: PublicList, noted: Noted = {}): Recomputed {
  const { seed: seedText, root, placesRoot } = report;
  if (report.state !== 'drawn' || seedText === null || root === null) throw new Error('The draw is not done yet.');
  if (report.algorithm !== DRAW_ALGORITHM) throw new Error(`This program knows ${DRAW_ALGORITHM} only.`);
  const { list } = published;
  const seed = fromHex(seedText);

  const findings: Finding[] = [];
  const compare = (what: string, computed: string, told: string | null): void => {
    const ok = computed === told;
    findings.push({ what, ok, shown: ok ? computed : `${computed}, but published is ${told}` });
  };
  compare('commit', commitOf(seed), report.commit);
  if (noted.commit !== undefined) compare('commit noted before', report.commit, noted.commit);
  compare('entrants', String(list.count), String(report.entrants));
  const ownRoot = merkleRoot(entrantLeaves(list));
  compare('root', toHex(ownRoot), root);
  if (noted.root !== undefined) compare('root noted before', root, noted.root);

  const fromMs = performance.now();
  const key = drawKey(seed, ownRoot, report.iterations);
  const seconds = ((performance.now() - fromMs) / 1_000).toFixed(1);
  findings.push({ what: 'key', ok: true, shown: `${report.iterations} rounds in ${seconds} s` });
  const places = drawPlaces(list, key);
  findings.push(comparePlaces(list, places, published.places));
  compare('root of places', toHex(merkleRoot(placeLeaves(list, places))), placesRoot);
  return { findings, places };
}

function comparePlaces(list: EntrantList, computed: Uint32Array, published: Uint32Array): Finding {
  let same = 0;
  const differences: string[] = [];
  for (let at = 0; at < list.count; at += 1) {
    if (computed[at] === published[at]) same += 1;
    else if (differences.length < SHOWN_DIFFERENCES) {
      differences.push(`${toHex(idAt(list, at))} has ${computed[at]}, published is ${published[at]}`);
    }
  }
  const ok = same === list.count;
  return { what: 'places', ok, shown: [`${same} of ${list.count}`, ...differences].join('; ') };
}
