/** What `npm run passes` says: the caps, how close the line came to them, and whether they were kept. */
import type { Breach } from '../../reservation-core/pass-caps.ts';
import type { PassLogReport } from '../../reservation-core/pass-log.ts';

/** Kept, and the whole log is there to show it. */
export function isProved({ breaches, gaps }: PassLogReport): boolean {
  return breaches.length === 0 && gaps.length === 0;
}

export function renderReport(dropId: string, report: PassLogReport): string {
  const { caps, calls, entries, worstSecond, worstMoment, firstAtMs, lastAtMs } = report;
  const rows = [
    ['', 'cap', 'most', 'when'],
    ['called within any second', String(caps.perSecond), String(worstSecond?.called ?? 0), timeOf(worstSecond?.atMs)],
    ['passes live at once', String(caps.maxActive), String(worstMoment?.live ?? 0), timeOf(worstMoment?.atMs)],
  ];
  const during = firstAtMs === undefined ? '' : `, ${timeOf(firstAtMs)} to ${timeOf(lastAtMs)}`;
  return [
    `Passes of drop ${dropId}: ${calls} calls in ${entries} entries of the log${during}`,
    '',
    ...rows.map(([what = '', cap = '', most = '', when = '']) =>
      `  ${what.padEnd(24)}  ${cap.padStart(9)}  ${most.padStart(9)}  ${when}`.trimEnd(),
    ),
    '',
    ...report.breaches.map(renderBreach),
    ...report.gaps.map((gap) => `GAP     ${gap}`),
    verdictOf(report),
  ].join('\n');
}

function renderBreach({ rule, times, atMs, detail }: Breach): string {
  return `BROKEN  ${rule}: ${times} ${times === 1 ? 'time' : 'times'}, first at ${timeOf(atMs)} (${detail})`;
}

function verdictOf({ breaches, gaps, calls }: PassLogReport): string {
  if (breaches.length > 0) return 'The caps were not kept.';
  if (gaps.length > 0) return 'What is left of the log keeps the caps; it cannot prove that they were kept before.';
  if (calls === 0) return 'Nobody has been called.';
  return 'The caps were kept over every second and at every moment.';
}

function timeOf(atMs: number | undefined): string {
  return atMs === undefined ? '' : new Date(atMs).toISOString();
}
