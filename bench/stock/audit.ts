/** Holds what clients were told against the rows, and both against the units that there were. */
import type { Audit } from '../report/audit.ts';
import type { Asked } from './generator/notes.ts';
import type { Scheme } from './schemes/scheme.ts';
import type { Written } from './stage.ts';

export interface Sold {
  readonly scheme: Pick<Scheme, 'name' | 'mayMiss'>;
  readonly units: number;
  readonly driven: Pick<Asked, 'won' | 'refused'>;
  readonly written: Written;
}

export function auditStock({ scheme: { name, mayMiss = false }, units, driven, written }: Sold): Audit {
  const { reservations, orders, left } = written;
  // A unit that is promised and still for sale will be promised once more.
  const oversold = Math.max(0, reservations - units) + Math.max(0, reservations + left - units);
  const lost = Math.max(0, driven.won - reservations) + Math.max(0, units - reservations - left);
  const duplicated = Math.max(0, reservations - driven.won) + (reservations - orders);
  const figures = `${units} units, ${driven.won} told, ${reservations} reservations of ${orders} orders, ${left} left`;
  const problems = [
    ...(oversold + lost + duplicated > 0 ? [`${name}: ${figures}`] : []),
    ...(left > 0 && driven.refused > 0 && !mayMiss
      ? [`${name}: ${driven.refused} were told that nothing is left, with ${left} units there`]
      : []),
  ];
  return { ok: problems.length === 0, oversold, lost, duplicated, problems };
}
