/** The frame of a chart and the lines in it: what latency, timeline and scaling have in common. */
import type { Line } from '../chart.ts';
import { type Html, html, NOTHING } from './html.ts';
import { full, px } from './numbers.ts';
import type { Scale } from './scale.ts';

const WIDTH = 560;
const HEIGHT = 300;
const MARGIN = { top: 34, right: 18, bottom: 44, left: 54 } as const;
export const X_RANGE = [MARGIN.left, WIDTH - MARGIN.right] as const;
export const Y_RANGE = [HEIGHT - MARGIN.bottom, MARGIN.top] as const;

/** Lines with more points have no marks on them, and nothing to point at: the table beneath has the values. */
const MOST_MARKED = 60;
/** Lines are told apart by colour, dashes and marks, of which one is enough. */
const KINDS = 6;

export interface Axis {
  readonly scale: Scale;
  readonly label: string;
  say(tick: number): string;
}

export interface Plot {
  readonly title: string;
  readonly x: Axis;
  readonly y: Axis;
  readonly lines: readonly Line[];
  /** The same lines in the report that this one is compared with. */
  readonly before?: readonly Line[];
  /** Behind the lines. */
  readonly behind?: readonly Html[];
  /** Over the lines: what has to be read. */
  readonly over?: readonly Html[];
  /** What a point is called when it is pointed at. */
  sayPoint(x: number, y: number): string;
}

export function drawPlot({ title, x, y, lines, before = [], behind = [], over = [], sayPoint }: Plot): Html {
  return html`<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${title}: ${lines.map(({ name }) => name).join(', ')}; the table beneath has the values">
${drawAxes(x, y)}
${behind}
${before.map((line) => drawBefore(line, { x: x.scale, y: y.scale }))}
${lines.map((line, at) => drawLine(line, at, { x: x.scale, y: y.scale }, sayPoint))}
${over}
</svg>
${lines.length > 1 || before.length > 0 || lines[0]?.name !== '' ? drawLegend(lines, before.length > 0) : NOTHING}`;
}

function drawAxes(x: Axis, y: Axis): Html {
  const [left, right] = X_RANGE;
  const [bottom, top] = Y_RANGE;
  const across = y.scale.ticks.map((tick) => {
    const at = px(y.scale(tick));
    return html`<line class="grid" x1="${left}" x2="${right}" y1="${at}" y2="${at}"/><text class="tick" x="${left - 8}" y="${at}" dy="0.32em" text-anchor="end">${y.say(tick)}</text>`;
  });
  const down = x.scale.ticks.map((tick) => {
    const at = px(x.scale(tick));
    return html`<line class="grid" x1="${at}" x2="${at}" y1="${bottom}" y2="${top}"/><text class="tick" x="${at}" y="${bottom + 18}" text-anchor="middle">${x.say(tick)}</text>`;
  });
  return html`${across}${down}<line class="axis" x1="${left}" x2="${right}" y1="${bottom}" y2="${bottom}"/>
<text class="label" x="${right}" y="${HEIGHT - 6}" text-anchor="end">${x.label}</text>
<text class="label" x="${left - 8}" y="${top - 16}" text-anchor="start">${y.label}</text>`;
}

function drawLine(
  { name, points }: Line,
  at: number,
  { x, y }: { readonly x: Scale; readonly y: Scale },
  sayPoint: Plot['sayPoint'],
): Html {
  const kind = at % KINDS;
  const places = points.map(([first, second]) => `${px(x(first))},${px(y(second))}`).join(' ');
  const marks =
    points.length > MOST_MARKED
      ? NOTHING
      : html`${points.map(
          ([first, second]) =>
            html`<g class="mark m${kind}" transform="translate(${px(x(first))} ${px(y(second))})">${markOf(kind)}<title>${name}: ${sayPoint(first, second)}</title></g>`,
        )}`;
  return html`<polyline class="line l${kind}" points="${places}"><title>${name}</title></polyline>${marks}`;
}

function drawBefore({ name, points }: Line, { x, y }: { readonly x: Scale; readonly y: Scale }): Html {
  const places = points.map(([first, second]) => `${px(x(first))},${px(y(second))}`).join(' ');
  return html`<polyline class="line before" points="${places}"><title>${name}, before</title></polyline>`;
}

function drawLegend(lines: readonly Line[], hasBefore: boolean): Html {
  const items = lines.map(
    ({ name }, at) =>
      html`<li><svg class="key" viewBox="0 0 36 12" aria-hidden="true"><polyline class="line l${at % KINDS}" points="0,6 36,6"/><g class="mark m${at % KINDS}" transform="translate(18 6)">${markOf(at % KINDS)}</g></svg>${name}</li>`,
  );
  const before = html`<li><svg class="key" viewBox="0 0 36 12" aria-hidden="true"><polyline class="line before" points="0,6 36,6"/></svg>the same before</li>`;
  return html`<ul class="legend">${items}${hasBefore ? before : NOTHING}</ul>`;
}

const MARKS: readonly Html[] = [
  html`<circle r="3.4"/>`,
  html`<rect x="-3.2" y="-3.2" width="6.4" height="6.4"/>`,
  html`<path d="M0-4.2 4 3H-4Z"/>`,
  html`<path d="M0-4.6 4.6 0 0 4.6-4.6 0Z"/>`,
  html`<path d="M0 4.2 4-3H-4Z"/>`,
  html`<path d="M-4-1.3h2.7V-4h2.6v2.7H4v2.6H1.3V4h-2.6V1.3H-4Z"/>`,
];

function markOf(kind: number): Html {
  return MARKS[kind] ?? NOTHING;
}

/** The values of a chart for who cannot see it, or wants them exactly. */
export function tableOfLines(lines: readonly Line[], x: { readonly label: string; say(value: number): string }): Html {
  const places = [...new Set(lines.flatMap(({ points }) => points.map(([at]) => at)))].sort((a, b) => a - b);
  const every = Math.max(1, Math.ceil(places.length / MOST_MARKED));
  const columns = lines.map(({ points }) => new Map(points));
  const rows = places
    .filter((_, at) => at % every === 0)
    .map(
      (place) =>
        html`<tr><th scope="row" class="number">${x.say(place)}</th>${columns.map((column) => html`<td class="number">${full(rounded(column.get(place)))}</td>`)}</tr>`,
    );
  return html`<details><summary>The values${every > 1 ? `, each ${every}th` : ''}</summary><div class="wide"><table>
<thead><tr><th scope="col" class="number">${x.label}</th>${lines.map(({ name }) => html`<th scope="col" class="number">${name}</th>`)}</tr></thead>
<tbody>${rows}</tbody></table></div></details>`;
}

function rounded(value: number | undefined): number | null {
  return value === undefined ? null : Number(value.toPrecision(6));
}
