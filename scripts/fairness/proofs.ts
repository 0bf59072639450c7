/** Asks the store for proofs, as an entrant would, and compares them with what was computed here. */
import { randomInt } from 'node:crypto';
import { toHex } from '../../contracts/draw/bytes.ts';
import { idAt } from '../../contracts/draw/entrant-list.ts';
import type { FairnessReport } from '../../contracts/draw/fairness.ts';
import { proofProblems } from '../../contracts/draw/proof.ts';
import { type PublicList, readReport } from './public-data.ts';
import type { Finding, Recomputed } from './recompute.ts';

const AT_ONCE = 8;

export interface ProofOptions {
  readonly url: string;
  readonly report: FairnessReport;
  readonly published: PublicList;
  readonly recomputed: Recomputed;
}

/** Of `sample` entrants, by chance, or of all where there are fewer. */
export async function checkSample(options: ProofOptions, sample: number): Promise<Finding> {
  const { list } = options.published;
  const wanted = new Set<number>();
  while (wanted.size < Math.min(sample, list.count)) wanted.add(randomInt(list.count));
  const left = [...wanted];
  const problems: string[] = [];
  async function checkNext(): Promise<void> {
    for (let at = left.pop(); at !== undefined; at = left.pop()) {
      problems.push(...(await problemsOf(options, at)).map((problem) => `${toHex(idAt(list, at ?? 0))}: ${problem}`));
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, checkNext));
  const shown = [`${wanted.size - new Set(problems.map((text) => text.split(':')[0])).size} of ${wanted.size}`];
  return { what: 'proofs', ok: problems.length === 0, shown: [...shown, ...problems.slice(0, 5)].join('; ') };
}

export async function checkEntrant(options: ProofOptions, entrantId: string): Promise<Finding> {
  const { list } = options.published;
  const what = `entrant ${entrantId}`;
  for (let at = 0; at < list.count; at += 1) {
    if (toHex(idAt(list, at)) !== entrantId) continue;
    const problems = await problemsOf(options, at);
    const place = `place ${options.recomputed.places[at]} of lane ${list.laneNames[list.lanes[at] ?? 0]}`;
    return { what, ok: problems.length === 0, shown: [place, ...problems].join('; ') };
  }
  return { what, ok: false, shown: 'is not in the list' };
}

async function problemsOf({ url, report, published, recomputed }: ProofOptions, at: number): Promise<string[]> {
  const { root, placesRoot, entrants } = report;
  const entrantId = toHex(idAt(published.list, at));
  const { proof } = await readReport(url, report.dropId, entrantId);
  if (proof === null || proof === undefined || root === null || placesRoot === null || entrants === null) {
    return ['there is no proof'];
  }
  const problems = proofProblems(proof, { root, placesRoot, entrants });
  if (proof.entrantId !== entrantId) problems.push(`the proof is that of ${proof.entrantId}`);
  if (proof.place !== recomputed.places[at]) problems.push(`it says place ${proof.place}`);
  return problems;
}
