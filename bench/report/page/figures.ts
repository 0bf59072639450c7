/** What was measured, each figure beside its bare part and with how its rounds lay. */
import { bareOf } from '../direction.ts';
import type { Figures } from '../figures.ts';
import type { Report } from '../report.ts';
import { type Html, html, NOTHING } from './html.ts';
import { full, px } from './numbers.ts';
import { leastOf, mostOf } from './scale.ts';
import { drawTable } from './tables.ts';

export function drawFigures({ metrics, limits, ratios, samples }: Report): Html {
  const beside = new Set(Object.keys(metrics).map(limitOf));
  const alone = Object.fromEntries(Object.entries(limits).filter(([name]) => !beside.has(name)));
  return html`${drawList('Ratios: ours ÷ bare, unless the name says otherwise', { group: 'ratios', figures: ratios, samples })}
${drawList('Measured', { group: 'metrics', figures: metrics, samples, bare: limits })}
${drawList('Bare parts besides', { group: 'limits', figures: alone, samples })}`;
}

interface List {
  readonly group: 'ratios' | 'metrics' | 'limits';
  readonly figures: Figures;
  readonly samples: Report['samples'];
  readonly bare?: Figures;
}

function drawList(title: string, { group, figures, samples, bare = {} }: List): Html {
  const names = Object.keys(figures);
  if (names.length === 0) return NOTHING;
  const hasBare = names.some((name) => limitOf(name) in bare);
  const hasRounds = names.some((name) => isInRounds(samples[`${group}.${name}`]));
  const rows = names.map((name) => [
    name,
    figures[name] ?? null,
    ...(hasBare ? [bare[limitOf(name)] ?? ''] : []),
    ...(hasRounds ? [drawRounds(samples[`${group}.${name}`])] : []),
  ]);
  const columns = [
    'figure',
    hasBare ? 'ours' : 'value',
    ...(hasBare ? ['bare'] : []),
    ...(hasRounds ? ['rounds'] : []),
  ];
  return drawTable({ title, columns, rows });
}

function limitOf(name: string): string {
  return bareOf(`metrics.${name}`)?.replace('limits.', '') ?? '';
}

const STRIP = { width: 90, height: 12, edge: 6 } as const;

function isInRounds(rounds: readonly number[] | undefined): rounds is readonly number[] {
  return rounds !== undefined && rounds.length > 1;
}

/** A dot a round, from zero to the highest: how far they lie apart is seen against the figure itself. */
function drawRounds(rounds: readonly number[] | undefined): Html | string {
  if (!isInRounds(rounds)) return '';
  const most = mostOf(rounds);
  const low = Math.min(0, leastOf(rounds));
  const place = (value: number): number =>
    STRIP.edge + ((value - low) / (most - low || 1)) * (STRIP.width - 2 * STRIP.edge);
  const told = rounds.map((round) => full(Number(round.toPrecision(5)))).join(' · ');
  return html`<span class="rounds"><svg viewBox="0 0 ${STRIP.width} ${STRIP.height}" aria-hidden="true"><line class="axis" x1="${STRIP.edge}" x2="${STRIP.width - STRIP.edge}" y1="6" y2="6"/>${rounds.map((round) => html`<circle class="round" cx="${px(place(round))}" cy="6" r="2.6"/>`)}</svg>${told}</span>`;
}
