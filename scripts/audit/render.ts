/** What `npm run audit` says to whoever reads the screen. */
import { type AuditReport, IDENTITIES, type Line } from './report.ts';

const IDS_SHOWN = 20;

export function renderReport(report: AuditReport): string {
  const { lines, orders, notes, totals } = report;
  const rows = lines.map(({ identity, left, right, verdict }) => {
    return [identity, String(left), String(right), verdict === 'broken' ? 'BROKEN' : verdict, IDENTITIES[identity]];
  });
  const states = Object.entries(orders).map(
    ([state, { orders: count, units }]) => `${state} ${count} (${units} units)`,
  );
  return [
    `Ledger of drop ${report.dropId} (${report.title}), ${report.at}`,
    `Orders: ${states.length === 0 ? 'none' : states.join(', ')}`,
    '',
    table([['identity', 'left', 'right', 'verdict', 'what must be true'], ...rows]),
    ...lines.flatMap(renderIds),
    ...(notes.length === 0 ? [] : ['', ...notes]),
    '',
    `Oversold ${totals.oversold}, lost ${totals.lost}, duplicated ${totals.duplicated}, charged twice ` +
      `${totals.chargedTwice}, charged for nothing ${totals.chargedForNothing}`,
    verdictOf(report),
  ].join('\n');
}

function renderIds({ identity, verdict, broken, underWay }: Line): string[] {
  const ids = verdict === 'broken' ? broken : underWay;
  if (ids.length === 0) return [];
  const shown = ids.slice(0, IDS_SHOWN).map((id) => `  ${id}`);
  const more = ids.length > IDS_SHOWN ? [`  and ${ids.length - IDS_SHOWN} more (--json has them)`] : [];
  return ['', `${verdict === 'broken' ? 'BROKEN' : 'under way'}: ${identity}, ${ids.length}`, ...shown, ...more];
}

function table(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]?.map((_, at) => Math.max(...rows.map((row) => row[at]?.length ?? 0))) ?? [];
  const isNumber = (at: number) => at === 1 || at === 2;
  return rows
    .map((row) =>
      row
        .map((cell, at) => (isNumber(at) ? cell.padStart(widths[at] ?? 0) : cell.padEnd(widths[at] ?? 0)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function verdictOf({ verdict }: AuditReport): string {
  switch (verdict) {
    case 'ok':
      return 'The ledger adds up.';
    case 'not drained':
      return 'Not drained yet: what is still under way cannot be judged. Ask again, or with --wait.';
    case 'broken':
      return 'The ledger does not add up: docs/LEDGER.md says what each line means and what to do.';
  }
}
