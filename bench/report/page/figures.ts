/** What was measured, each figure beside its bare part and with how its rounds lay. */
import { bareOf } from '../direction.ts';
import type { Figures } from '../figures.ts';
import type { Report } from '../report.ts';
import { type Html, html, NOTHING } from './html.ts';
import { full, px } from './numbers.ts';
import { leastOf, mostOf } from './scale.ts';
import { drawTable } from './tables.ts';

export function drawFigures(report: Report): Html {
  const { metrics, limits, ratios, samples } = report;
  const beside = new Set(Object.keys(metrics).map((name) => limitOf(name)));
  const alone = Object.entries(limits).filter(([name]) => !beside.has(name));
  const hasBare = Object.keys(limits).some((name) => beside.has(name));
  const rows = Object.entries(metrics).map(([name, figure]) => [
    name,
    figure,
    ...(hasBare ? [limits[limitOf(name)] ?? null] : []),
    drawRounds(samples[`metrics.${name}`]),
  ]);
  const columns = ['figure', 'ours', ...(hasBare ? ['bare, in the same run'] : []), 'rounds'];
  return html`${rows.length > 0 ? drawTable({ title: 'Measured', columns, rows }) : NOTHING}
${drawList('Ours ÷ bare', 'ratios', ratios, samples)}
${drawList(rows.length > 0 ? 'Bare parts besides' : 'Bare parts', 'limits', Object.fromEntries(alone), samples)}`;
}

function drawList(title: string, group: string, figures: Figures, samples: Report['samples']): Html {
  const rows = Object.entries(figures).map(([name, figure]) => [name, figure, drawRounds(samples[`${group}.${name}`])]);
  return rows.length === 0 ? NOTHING : drawTable({ title, columns: ['figure', 'value', 'rounds'], rows });
}

function limitOf(name: string): string {
  return bareOf(`metrics.${name}`)?.replace('limits.', '') ?? '';
}

const STRIP = { width: 90, height: 12, edge: 6 } as const;

/** A dot a round, from zero to the highest: how far they lie apart is seen against the figure itself. */
function drawRounds(rounds: readonly number[] | undefined): Html | string {
  if (rounds === undefined || rounds.length < 2) return '';
  const most = mostOf(rounds);
  const low = Math.min(0, leastOf(rounds));
  const place = (value: number): number =>
    STRIP.edge + ((value - low) / (most - low || 1)) * (STRIP.width - 2 * STRIP.edge);
  const told = rounds.map((round) => full(Number(round.toPrecision(5)))).join(' · ');
  return html`<span class="rounds"><svg viewBox="0 0 ${STRIP.width} ${STRIP.height}" aria-hidden="true"><line class="axis" x1="${STRIP.edge}" x2="${STRIP.width - STRIP.edge}" y1="6" y2="6"/>${rounds.map((round) => html`<circle class="round" cx="${px(place(round))}" cy="6" r="2.6"/>`)}</svg>${told}</span>`;
}
