/** A comparison: each judged figure as a change over the band of its noise, and all of them as a table. */
import type { ComparedFigure, Comparison } from '../compared.ts';
import { LEAST_CHANGE } from '../noise.ts';
import { bySeverity, isTold, sayChange, sayPercent } from '../terminal.ts';
import { type Html, html, NOTHING } from './html.ts';
import { px } from './numbers.ts';
import { linearScale, mostOf } from './scale.ts';
import { drawTable } from './tables.ts';

const WIDTH = 760;
const ROW = 22;
const TOP = 10;
const BOTTOM = 34;
const NAMES = 270;
const RIGHT = 70;
const PERCENT = 100;
/** What changed by more is drawn at the edge, with its figure beside it. */
const MOST_DRAWN = 1;
const LEAST_DRAWN = 0.2;

export function drawComparison(comparison: Comparison): Html {
  const { before, after, warnings, figures, rule, worse, better } = comparison;
  const judged = figures.filter(({ verdict }) => verdict !== 'not judged').sort(bySeverity);
  const rest = figures.filter(isTold);
  return html`<section><h2>Compared with ${before.commit}</h2>
<p class="tally"><strong class="${worse > 0 ? 'bad' : 'plain'}">${worse} worse</strong>, <strong class="${better > 0 ? 'good' : 'plain'}">${better} better</strong>: ${before.commit} of ${before.at}, and ${after.commit} of ${after.at}.</p>
${warnings.length > 0 ? html`<ul class="warnings">${warnings.map((warning) => html`<li>${warning}</li>`)}</ul>` : NOTHING}
<p>${rule}</p>
${judged.length > 0 ? drawChanges(judged) : NOTHING}
${judged.length > 0 ? drawTable({ title: 'Judged', columns: ['figure', 'before', 'now', 'change', 'noise', 'verdict'], rows: judged.map(judgedRow) }) : NOTHING}
${rest.length > 0 ? drawTable({ title: 'Told, not judged', columns: ['figure', 'before', 'now', 'change', 'why'], rows: rest.map((figure) => [figure.path, figure.before, figure.after, sayChange(figure), figure.why]) }) : NOTHING}
</section>`;
}

function judgedRow(figure: ComparedFigure): (string | number | boolean | null | Html)[] {
  const { path, before, after, noise, verdict, why } = figure;
  const told = html`<span class="${classOf(verdict)}">${why === null ? verdict : `${verdict}: ${why}`}</span>`;
  return [path, before, after, sayChange(figure), `± ${sayPercent(noise)}`, told];
}

function drawChanges(figures: readonly ComparedFigure[]): Html {
  const reach = figures.map(({ change, noise }) => Math.max(Math.abs(change ?? 0), noise ?? 0));
  const most = Math.min(MOST_DRAWN, Math.max(LEAST_DRAWN, mostOf(reach)));
  const height = TOP + figures.length * ROW + BOTTOM;
  const x = linearScale([-most, most], [NAMES, WIDTH - RIGHT], 8);
  const bottom = TOP + figures.length * ROW;
  const grid = x.ticks.map(
    (tick) =>
      html`<line class="${tick === 0 ? 'axis' : 'grid'}" x1="${px(x(tick))}" x2="${px(x(tick))}" y1="${TOP}" y2="${bottom}"/><text class="tick" x="${px(x(tick))}" y="${bottom + 16}" text-anchor="middle">${tick > 0 ? '+' : ''}${Math.round(tick * PERCENT)} %</text>`,
  );
  const kept = (share: number): number => Math.max(-most, Math.min(most, share));
  const rows = figures.map((figure, at) => drawChange(figure, TOP + (at + 0.5) * ROW, (share) => x(kept(share))));
  return html`<figure class="chart"><figcaption>Change of each judged figure; grey is what the rounds scatter by</figcaption>
<svg viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="Change of each judged figure; the table beneath has the values">${grid}${rows}</svg></figure>`;
}

function drawChange(figure: ComparedFigure, y: number, place: (share: number) => number): Html {
  const { path, verdict } = figure;
  const change = figure.change ?? 0;
  const noise = Math.max(figure.noise ?? 0, LEAST_CHANGE);
  const [left, right] = [place(-noise), place(noise)];
  return html`<g><title>${path}: ${sayChange(figure)}, noise ± ${sayPercent(figure.noise)}, ${verdict}</title>
<text class="tick" x="${NAMES - 12}" y="${px(y)}" dy="0.32em" text-anchor="end">${path}</text>
<rect class="noise" x="${px(left)}" width="${px(right - left)}" y="${px(y - 6)}" height="12"/>
<line class="change ${classOf(verdict)}" x1="${px(place(0))}" x2="${px(place(change))}" y1="${px(y)}" y2="${px(y)}"/>
<g class="change-mark ${classOf(verdict)}" transform="translate(${px(place(change))} ${px(y)})">${markOf(verdict)}</g>
<text class="tick ${classOf(verdict)}" x="${WIDTH - 4}" y="${px(y)}" dy="0.32em" text-anchor="end">${sayChange(figure)}</text></g>`;
}

function classOf(verdict: ComparedFigure['verdict']): string {
  if (verdict === 'better') return 'good';
  return verdict === 'worse' ? 'bad' : 'plain';
}

/** Colour is not the only thing that tells them apart. */
function markOf(verdict: ComparedFigure['verdict']): Html {
  if (verdict === 'better') return html`<path d="M0-5.5 5.5 4h-11Z"/>`;
  return verdict === 'worse' ? html`<path d="M0 5.5 5.5-4h-11Z"/>` : html`<circle r="3.6"/>`;
}
