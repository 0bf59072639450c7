/** The three kinds of charts that a report has. */
import type { Chart, Line } from '../chart.ts';
import { type Html, html } from './html.ts';
import { full, px, short } from './numbers.ts';
import { type Axis, drawPlot, tableOfLines, X_RANGE, Y_RANGE } from './plot.ts';
import { leastOf, linearDomain, linearScale, logDomain, logScale, mostOf } from './scale.ts';
import { thinned } from './thinned.ts';

type Of<Kind extends Chart['kind']> = Extract<Chart, { readonly kind: Kind }>;

const WHOLE = 100;

/** `before`: the chart of the same title in the report that this one is compared with. */
export function drawChart(chart: Chart, before?: Chart): Html {
  const lines = measuredOf(chart);
  const names = new Set(lines.map(({ name }) => name));
  const earlier = before?.kind === chart.kind ? measuredOf(before).filter(({ name }) => names.has(name)) : [];
  const inside = lines.length === 0 ? html`<p>Nothing was measured.</p>` : drawKind(chart, lines, earlier);
  return html`<figure class="chart"><figcaption>${chart.title}</figcaption>${inside}</figure>`;
}

const measuredOf = ({ lines }: Chart): Line[] => lines.filter(({ points }) => points.length > 0);

function drawKind(chart: Chart, lines: readonly Line[], before: readonly Line[]): Html {
  switch (chart.kind) {
    case 'latency':
      return drawLatency(chart, lines, before);
    case 'timeline':
      return drawTimeline(chart, lines);
    case 'scaling':
      return drawScaling(chart, lines, before);
  }
}

/** How many nines a percentile has: 90 has one, 99 two, 99.9 three. */
const nines = (percentile: number): number => -Math.log10(1 - Math.min(percentile, 99.9999) / WHOLE);
/** The very quickest answer says nothing, and would take half of the room of a logarithm. */
const FIRST_DRAWN = 10;
const TICKS = [0, 50, 90, 99, 99.9, 99.99, 99.999];

function drawLatency({ title }: Of<'latency'>, lines: readonly Line[], earlier: readonly Line[]): Html {
  const most = mostOf(placesOf([...lines, ...earlier]).map(nines));
  const place = linearScale([0, Math.max(1, most)], X_RANGE);
  const scale = Object.assign((value: number) => place(nines(value)), {
    ticks: TICKS.filter((tick) => nines(tick) <= most + 1e-9),
  });
  // A value of nothing has no logarithm: it stands at the smallest that there is.
  const least = leastOf(valuesOf([...lines, ...earlier]).filter((value) => value > 0));
  const raised = ({ name, points }: Line): Line => ({
    name,
    points: points
      .filter(([at]) => at >= FIRST_DRAWN)
      .map(([at, ms]) => [at, Math.max(ms, Number.isFinite(least) ? least : 1)] as const),
  });
  const [drawn, before] = [lines.map(raised), earlier.map(raised)];
  const x = { scale, label: 'percentile', say: (tick: number): string => String(tick) };
  const y = {
    scale: logScale(logDomain(valuesOf([...drawn, ...before])), Y_RANGE),
    label: 'ms, by its logarithm',
    say: short,
  };
  const sayPoint = (at: number, ms: number): string => `p${at} ${full(Number(ms.toPrecision(4)))} ms`;
  return html`${drawPlot({ title, x, y, lines: drawn, before, sayPoint })}${tableOfLines(lines, x)}`;
}

const NAME_LEVELS = 3;
const NAME_STEP_PX = 12;
/** From here on a name is written to the left of its line, or it would leave the drawing. */
const LATE = 0.75;

function drawTimeline({ title, unit, marks }: Of<'timeline'>, lines: readonly Line[]): Html {
  const seconds = [...placesOf(lines), ...marks.map(({ atSeconds }) => atSeconds)];
  const scale = linearScale([Math.min(0, leastOf(seconds)), mostOf(seconds) || 1], X_RANGE, 8);
  const x: Axis = { scale, label: 'seconds', say: short };
  const y: Axis = { scale: linearScale(linearDomain(valuesOf(lines)), Y_RANGE), label: unit, say: short };
  const [bottom, top] = Y_RANGE;
  const late = X_RANGE[0] + LATE * (X_RANGE[1] - X_RANGE[0]);
  const behind = marks.map(({ atSeconds }) => {
    const place = px(scale(atSeconds));
    return html`<line class="event" x1="${place}" x2="${place}" y1="${bottom}" y2="${top}"/>`;
  });
  const over = marks.map(({ atSeconds, name }, at) => {
    const place = scale(atSeconds);
    const height = top + 10 + (at % NAME_LEVELS) * NAME_STEP_PX;
    const [anchor, aside] = place > late ? ['end', -4] : ['start', 4];
    return html`<text class="event-name" x="${px(place + aside)}" y="${height}" text-anchor="${anchor}">${name}</text>`;
  });
  const sayPoint = (at: number, value: number): string =>
    `${full(at)} s, ${full(Number(value.toPrecision(5)))} ${unit}`;
  const plot = drawPlot({ title, x, y, lines: lines.map(thinned), behind, over, sayPoint });
  return html`${plot}${marksOf(marks)}${tableOfLines(lines, x)}`;
}

function marksOf(marks: Of<'timeline'>['marks']): Html {
  if (marks.length === 0) return html``;
  return html`<p class="events">${marks.map(({ atSeconds, name }, at) => html`${at > 0 ? ' · ' : ''}${full(atSeconds)} s: ${name}`)}</p>`;
}

/** Two guides through the first point: a cost that grows as the work does, and one that stays the same. */
function drawScaling({ title, dimension, unit }: Of<'scaling'>, all: readonly Line[], earlier: readonly Line[]): Html {
  const [lines, before] = [all.map(aboveZero), earlier.map(aboveZero)];
  const places = [...new Set(placesOf([...lines, ...before]))];
  const values = valuesOf([...lines, ...before]);
  const across = logScale(logDomain(places), X_RANGE);
  const x: Axis = { scale: Object.assign(across, { ticks: readable(places, across) }), label: dimension, say: short };
  const y: Axis = { scale: logScale(logDomain(values), Y_RANGE), label: unit, say: short };
  const sayPoint = (at: number, value: number): string =>
    `${full(Number(at.toPrecision(6)))} ${dimension}, ${full(Number(value.toPrecision(5)))} ${unit}`;
  const plot = drawPlot({ title, x, y, lines, before, behind: guides(lines, x, y), sayPoint });
  return html`${plot}<p class="guide-note">Dotted: as much more as the work (up), and the same however much (level), from the first point.</p>${tableOfLines(all, { label: dimension, say: full })}`;
}

/** What is nothing has no logarithm. */
function aboveZero({ name, points }: Line): Line {
  return { name, points: points.filter(([at, value]) => at > 0 && value > 0) };
}

/** As many of the measured places as can be read beside one another. */
function readable(places: readonly number[], scale: (value: number) => number): number[] {
  const kept: number[] = [];
  for (const place of [...places].sort((a, b) => a - b)) {
    const last = kept.at(-1);
    if (last === undefined || scale(place) - scale(last) > 44) kept.push(place);
  }
  return kept;
}

function guides(lines: readonly Line[], x: Axis, y: Axis): Html[] {
  const first = lines[0]?.points[0];
  if (first === undefined) return [];
  const [at, value] = first;
  const last = mostOf(placesOf(lines));
  if (last <= at) return [];
  const [bottom, top] = Y_RANGE;
  const [startX, startY, endX] = [x.scale(at), y.scale(value), x.scale(last)];
  const slopedY = y.scale((value * last) / at);
  // What leaves the drawing at its top ends there.
  const share = slopedY < top ? (startY - top) / (startY - slopedY) : 1;
  const sloped = { x: startX + share * (endX - startX), y: Math.min(bottom, startY + share * (slopedY - startY)) };
  return [
    html`<line class="guide" x1="${px(startX)}" y1="${px(startY)}" x2="${px(sloped.x)}" y2="${px(sloped.y)}"/>`,
    html`<line class="guide" x1="${px(startX)}" y1="${px(startY)}" x2="${px(endX)}" y2="${px(startY)}"/>`,
  ];
}

const placesOf = (lines: readonly Line[]): number[] => lines.flatMap(({ points }) => points.map(([at]) => at));
const valuesOf = (lines: readonly Line[]): number[] => lines.flatMap(({ points }) => points.map(([, value]) => value));
