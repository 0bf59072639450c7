/** What `npm run audit -- --store` says to whoever reads the screen. */
import type { StoreReport } from './store-check.ts';

const IDS_SHOWN = 20;

export function renderStoreReport({ at, lines, totals, verdict }: StoreReport): string {
  const width = Math.max(...lines.map(({ identity }) => identity.length));
  return [
    `Ledger of the store, ${at}`,
    `${totals.shelves} shelves with ${totals.units} units, ${totals.orders} orders of the store, ${totals.payments} payments, ` +
      `${totals.transfers} transfers of money`,
    '',
    ...lines.map(
      (line) => `${line.identity.padEnd(width)}  ${line.verdict === 'ok' ? 'ok    ' : 'BROKEN'}  ${line.what}`,
    ),
    ...lines.flatMap(({ identity, broken, count }) => {
      if (count === 0) return [];
      const shown = broken.slice(0, IDS_SHOWN).map(({ id, detail }) => `  ${id}  ${detail}`);
      const more = count > IDS_SHOWN ? [`  and ${count - IDS_SHOWN} more (--json has ${broken.length} of them)`] : [];
      return ['', `BROKEN: ${identity}, ${count}`, ...shown, ...more];
    }),
    '',
    `Charged twice ${totals.chargedTwice}, charged for nothing ${totals.chargedForNothing}`,
    verdict === 'ok'
      ? 'The ledger adds up.'
      : 'The ledger does not add up: docs/LEDGER.md says what each line means and what to do.',
  ].join('\n');
}
