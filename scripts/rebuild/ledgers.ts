/** The ledgers of all regions of a drop: shown, and held against what the merchant gave. */
import type { DropDefinition } from '../../contracts/drop.ts';
import type { RegionLedger } from '../../reservation-core/ledgers.ts';
import { isBalanced, type StockLedger } from '../../reservation-core/stock.ts';

/** `sum(allocated) = what the merchant gave`, and the balance of every ledger. */
export function brokenIdentities(drop: DropDefinition, ledgers: readonly RegionLedger[]): string[] {
  const unbalanced = ledgers
    .filter(({ ledger }) => !isBalanced(ledger))
    .map(({ region, sku }) => `${sku} in ${region} does not balance.`);
  const ungiven = drop.skus.flatMap(({ sku, allocation }) => {
    const given = Object.values(allocation).reduce((sum, units) => sum + units, 0);
    const own = ledgers.filter((one) => one.sku === sku).map(({ ledger }) => ledger);
    const total = (count: keyof StockLedger) => own.reduce((sum, ledger) => sum + ledger[count], 0);
    return [
      ...(total('allocated') === given
        ? []
        : [`${sku}: ${total('allocated')} units are allocated, ${given} were given.`]),
      ...(total('in') <= total('out') ? [] : [`${sku}: more units arrived in regions than left others.`]),
    ];
  });
  return [...unbalanced, ...ungiven];
}

const COUNTS = ['allocated', 'in', 'out', 'available', 'held', 'sold'] as const;

export function ledgerTable(title: string, ledgers: readonly RegionLedger[]): string {
  const rows = ledgers.map(({ region, sku, ledger }) => [region, sku, ...COUNTS.map((count) => String(ledger[count]))]);
  const all = [[title, 'sku', ...COUNTS], ...rows];
  const widths = all[0]?.map((_, at) => Math.max(...all.map((row) => row[at]?.length ?? 0))) ?? [];
  return all
    .map((row) =>
      row.map((cell, at) => (at < 2 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0))).join('  '),
    )
    .join('\n');
}
