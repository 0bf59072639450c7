/** What a merchant sees of a sale, once a second. */
import { paceOf, type SalePace, type SaleSample } from '../../../commerce/drops/pace.ts';
import { type DropDefinition, phaseOf } from '../../../contracts/drop.ts';
import type { OrderCount } from '../../../db/queries/drops/order-figures.ts';
import type { SaleView } from '../../../reservation-core/sale-view.ts';

export interface LiveSnapshot {
  readonly at: number;
  /** As shoppers are told it: before, lobby, drawing, live, paused, sold-out or ended. */
  readonly state: string;
  readonly revision: number;
  /** Null while the line cannot be read. */
  readonly line: {
    readonly lanes: SaleLine['lanes'];
    readonly active: number;
    readonly stalled: number;
    readonly totals: SaleLine['totals'];
  } | null;
  readonly pace: SalePace;
  readonly stock: readonly LiveStock[];
  readonly totals: { readonly available: number; readonly held: number; readonly sold: number };
  /** From the line to the money: places taken, places called, claims won, orders paid. */
  readonly conversion: {
    readonly queued: number;
    readonly admitted: number;
    readonly claimed: number;
    readonly paid: number;
  };
  readonly refusals: Readonly<Record<string, number>>;
  readonly orders: Readonly<Record<string, number>>;
  readonly unreachable: readonly string[];
}

type SaleLine = NonNullable<SaleView['line']>;

interface LiveStock {
  readonly region: string;
  readonly sku: string;
  readonly available: number;
  readonly held: number;
  readonly sold: number;
}

export interface Seen {
  readonly drop: DropDefinition;
  readonly sale: SaleView;
  readonly orders: readonly OrderCount[];
  readonly atMs: number;
}

/** Orders that have been paid, whatever became of them. */
const UNPAID: ReadonlySet<string> = new Set(['PENDING', 'REVIEW', 'CANCELLED']);

export function sampleOf({ sale, orders, atMs }: Seen): SaleSample {
  const { available, held, sold } = totalsOf(stockOf(sale));
  return {
    atMs,
    admitted: sale.line?.totals.called ?? 0,
    claims: sale.regions.reduce((sum, { claims }) => sum + claims, 0),
    paid: orders.reduce((sum, { status, orders: count }) => sum + (UNPAID.has(status) ? 0 : count), 0),
    taken: held + sold,
    available,
  };
}

/** `samples` end with that of this look. */
export function snapshotOf(seen: Seen, samples: readonly SaleSample[]): LiveSnapshot {
  const { drop, sale, orders, atMs } = seen;
  const { line } = sale;
  const stock = stockOf(sale);
  const now = sampleOf(seen);
  return {
    at: atMs,
    state: stateOf(seen, now.available),
    revision: drop.revision,
    line:
      line === undefined
        ? null
        : { lanes: line.lanes, active: line.active, stalled: line.stalled, totals: line.totals },
    pace: paceOf(samples),
    stock,
    totals: totalsOf(stock),
    conversion: { queued: line?.joined ?? 0, admitted: now.admitted, claimed: now.claims, paid: now.paid },
    refusals: sale.refusals,
    orders: Object.fromEntries(orders.map(({ status, orders: count }) => [status, count])),
    unreachable: sale.regions.flatMap(({ region, skus }) => (skus === undefined ? [region] : [])),
  };
}

function stateOf({ drop, sale, atMs }: Seen, available: number): string {
  const phase = phaseOf(drop, atMs);
  if (phase !== 'live') return phase;
  if (drop.mode === 'lottery' && sale.line?.isDrawn === false) return 'drawing';
  // A region that cannot be read may have some left.
  return available === 0 && sale.regions.every(({ skus }) => skus !== undefined && skus.size > 0) ? 'sold-out' : phase;
}

function stockOf({ regions }: SaleView): LiveStock[] {
  return regions.flatMap(({ region, skus }) =>
    [...(skus ?? [])].map(([sku, { available, held, sold }]) => ({ region, sku, available, held, sold })),
  );
}

function totalsOf(stock: readonly LiveStock[]): LiveSnapshot['totals'] {
  const total = (count: 'available' | 'held' | 'sold') => stock.reduce((sum, one) => sum + one[count], 0);
  return { available: total('available'), held: total('held'), sold: total('sold') };
}
