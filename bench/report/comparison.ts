/** What got better or worse between two reports of one scenario, and what only scattered. */
import type { ComparedFigure, Comparison, Verdict } from './compared.ts';
import { bareOf, type Direction, directionOf, type FigurePath } from './direction.ts';
import type { Figure, Figures } from './figures.ts';
import { combinedNoise, isBeyond, LEAST_ROUNDS, noiseOf, RULE } from './noise.ts';
import type { Report } from './report.ts';
import { median } from './statistics.ts';
import { warningsOf } from './warnings.ts';

const GROUPS = ['ratios', 'metrics', 'limits'] as const;

/** Of the same scenario: who calls has made sure. */
export function compareReports(before: Report, after: Report): Comparison {
  const alone = GROUPS.flatMap((group) => figuresOf(before, after, group));
  const byPath = new Map(alone.map((figure) => [figure.path, figure]));
  const figures = alone.map((figure) => besideBare(figure, byPath));
  const ours = figures.filter(({ path }) => !path.startsWith('limits.'));
  return {
    rule: RULE,
    before: { at: before.at, commit: before.commit, auditOk: before.audit.ok },
    after: { at: after.at, commit: after.commit, auditOk: after.audit.ok },
    warnings: warningsOf(before, after, figures),
    figures,
    better: ours.filter(({ verdict }) => verdict === 'better').length,
    worse: ours.filter(({ verdict }) => verdict === 'worse').length,
  };
}

function figuresOf(before: Report, after: Report, group: (typeof GROUPS)[number]): ComparedFigure[] {
  const [first, second]: [Figures, Figures] = [before[group], after[group]];
  return Object.keys(second)
    .filter((name) => name in first)
    .map((name) => {
      const path = `${group}.${name}`;
      return judge({
        path,
        ...{ before: first[name] ?? null, after: second[name] ?? null },
        rounds: [before.samples[path] ?? [], after.samples[path] ?? []],
      });
    });
}

interface Both {
  readonly path: FigurePath;
  readonly before: Figure;
  readonly after: Figure;
  readonly rounds: readonly [readonly number[], readonly number[]];
}

function judge({ path, before, after, rounds }: Both): ComparedFigure {
  const unjudged = { path, before, after, noise: null, verdict: 'not judged' } as const;
  if (typeof before !== 'number' || typeof after !== 'number') {
    return { ...unjudged, change: null, why: before === after ? null : 'not the same' };
  }
  const change = changeOf(before, after);
  const direction = directionOf(path);
  if (direction === 'neutral') return { ...unjudged, change, why: null };
  if (direction === undefined) return { ...unjudged, change, why: 'nobody has said whether more of it is better' };
  if (change === null) return { ...unjudged, change, why: 'nothing to divide by' };
  const [first, second] = rounds;
  if (Math.min(first.length, second.length) < LEAST_ROUNDS) return { ...unjudged, change, why: whyAlone(rounds) };
  if (median(first) === 0) return { ...unjudged, change, why: 'nothing to divide by' };
  const noise = noiseOf(first, second);
  return { path, before, after, change, noise, verdict: verdictOf(change, noise, direction), why: null };
}

function changeOf(before: number, after: number): number | null {
  if (before === after) return 0;
  return before === 0 ? null : (after - before) / Math.abs(before);
}

function verdictOf(change: number, noise: number, direction: Exclude<Direction, 'neutral'>): Verdict {
  if (!isBeyond(change, noise)) return 'same';
  return change > 0 === (direction === 'more') ? 'better' : 'worse';
}

function whyAlone([before, after]: Both['rounds']): string {
  if (before.length < LEAST_ROUNDS && after.length < LEAST_ROUNDS) return 'a single round in both';
  return `a single round ${before.length < LEAST_ROUNDS ? 'before' : 'after'}`;
}

/** A figure that changed as the bare part beside it did is not our doing: the machine was another one for a while. */
function besideBare(figure: ComparedFigure, byPath: ReadonlyMap<FigurePath, ComparedFigure>): ComparedFigure {
  const bare = byPath.get(bareOf(figure.path) ?? '');
  if (bare === undefined || bare.verdict !== figure.verdict || !isJudgedAway(figure.verdict)) return figure;
  const relative = (1 + (figure.change ?? 0)) / (1 + (bare.change ?? 0)) - 1;
  const noise = combinedNoise(figure.noise ?? 0, bare.noise ?? 0);
  if (isBeyond(relative, noise)) return figure;
  return { ...figure, verdict: 'as bare', why: `the bare part is ${bare.verdict} by as much` };
}

function isJudgedAway(verdict: Verdict): boolean {
  return verdict === 'better' || verdict === 'worse';
}
