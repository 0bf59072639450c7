/** A whole sale, whose report nothing of the model is made from: what its edges used, from what the other reports say. */
import type { Report } from '../../report/report.ts';
import { DEFAULT_LOADS } from '../loads.ts';
import { figureAt, type Reports } from '../reports.ts';
import type { Cost } from '../seek.ts';
import { readUnitCosts } from '../unit-costs.ts';
import type { CheckSpec } from './check.ts';

/** How many wait at each moment is not in the report: half of the most is supposed. */
const WAITING_SHARE = 0.5;
const WITHIN_PERCENT = 50;
const MS_PER_SECOND = 1_000;
const US_PER_MS = 1_000;
const COSTS_BY_PROCESS = 'What one paid order cost';

/** None where no sale was measured, or where the line's report has no more than bounds of what a join and a tell cost. */
export function saleChecks(reports: Reports): CheckSpec[] {
  const { sale, line } = reports;
  const knows = ['metrics.edgeUsPerJoin', 'metrics.edgeUsPerTold'].every((path) => figureAt(line, path) !== undefined);
  if (sale === undefined || !knows) return [];
  return [
    {
      point: 'sale: CPU of the edges, from the lobby until everything is settled',
      madeFrom: 'edge and line: joins, claims, tells and waiting; half of the most sockets as a mean',
      unit: 'ms',
      withinPercent: WITHIN_PERCENT,
      predict(seeker) {
        const known = readUnitCosts(reports);
        const of = (name: string): number => seeker.seek('sale', '', `metrics.${name}`).value;
        const set = (name: string): number => seeker.seek('sale', '', `settings.${name}`).value;
        const paid = of('ordersPaid');
        if (!known.ok) return { predicted: Number.NaN, measured: Number.NaN };
        const { edge } = known.costs;
        const us = (times: number, { value }: Cost): number => times * value;
        const seconds = set('stormSeconds') + of('drainedAfterMs') / MS_PER_SECOND;
        const waiting = WAITING_SHARE * of('mostSockets');
        const idleCores = us(set('edges'), edge.idleCores) + us(waiting, edge.idleCoresPerSocket);
        const spentUs =
          us(of('joined') + of('cutAndBack'), edge.joinUs) +
          us(of('claimed'), edge.wonUs) +
          us(waiting * DEFAULT_LOADS.tellsPerSecond * set('stormSeconds'), edge.tellUs);
        return {
          predicted: spentUs / US_PER_MS + idleCores * seconds * MS_PER_SECOND,
          measured: (edgeMsPerOrder(sale) ?? Number.NaN) * paid,
        };
      },
    },
  ];
}

function edgeMsPerOrder({ tables }: Report): number | undefined {
  const table = tables.find(({ title }) => title.startsWith(COSTS_BY_PROCESS));
  const value = table?.rows.find(([process]) => process === 'edge')?.[1];
  return typeof value === 'number' ? value : undefined;
}
