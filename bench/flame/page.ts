/** One self-contained HTML file with the graph and the tables: nothing is fetched, and it can be mailed. */
import { escaped } from '../report/page/html.ts';
import { type Box, type Layout, layOut } from './layout.ts';
import { PAGE_SCRIPT } from './page-script.ts';
import { colourOf, type Place } from './rooms.ts';
import type { Frame } from './stacks.ts';
import type { RoomSpent, Spent } from './top.ts';

export interface PageData {
  readonly title: string;
  /** What it is of: scenario, part, time, machine. */
  readonly facts: readonly string[];
  readonly busy: Frame;
  readonly functions: readonly Spent[];
  readonly rooms: readonly RoomSpent[];
  placeOf(frame: Frame): Place;
}

const ROW_PX = 18;
const PERCENT = 100;
const US_PER_MS = 1_000;
const TEXT_AT = { x: 3, y: 13 } as const;
/** Of a share in percent: finer than anybody sees, also of a frame that was clicked to fill the page. */
const MOST_DIGITS = 5;

const STYLE = `
body { font: 14px/1.4 system-ui, sans-serif; margin: 1rem; color: #1b1b1b; background: #fff; }
h1 { font-size: 1.2rem; margin: 0 0 .3rem; } h2 { font-size: 1rem; margin: 1.2rem 0 .3rem; }
p { margin: .2rem 0; } table { border-collapse: collapse; } td, th { padding: .1rem .8rem .1rem 0; text-align: left; }
td.n { text-align: right; font-variant-numeric: tabular-nums; } #graph { width: 100%; border: 1px solid #ccc; }
#graph svg { cursor: pointer; } #graph text { font: 12px ui-monospace, monospace; fill: #111; pointer-events: none; }
#graph rect { stroke: #fff; stroke-width: .5; } #graph rect:hover { stroke: #000; } rect.found { fill: #d400ff !important; }
.caller { opacity: .55; } .dot { display: inline-block; width: .8em; height: .8em; margin-right: .4em; }
.bar { margin: .5rem 0; } input { font: inherit; width: 20rem; }
`;

export function renderPage(data: PageData): string {
  const layout = layOut(data.busy);
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${escaped(data.title)}</title><style>${STYLE}</style></head>
<body>
<h1>${escaped(data.title)}</h1>
${data.facts.map((fact) => `<p>${escaped(fact)}</p>`).join('\n')}
<p>Callers above, what they call below; as wide as its time on a core. Click a frame to look closer, Escape for all of it.</p>
<div class="bar"><input id="words" type="search" placeholder="find: a function, a file, a package" aria-label="find">
<button id="all" type="button">all of it</button> <span id="found" role="status"></span></div>
${svgOf(layout, data)}
<h2>By room, what its own code took</h2>
${roomsTable(data.rooms)}
<h2>Functions that took most themselves</h2>
${functionsTable(data.functions)}
<script>${PAGE_SCRIPT}</script>
</body></html>
`;
}

function svgOf({ boxes, depth }: Layout, { busy, placeOf }: PageData): string {
  const drawn = boxes.map((box) => boxSvg(box, busy.totalUs, placeOf(box.frame))).join('\n');
  return `<svg id="graph" xmlns="http://www.w3.org/2000/svg" height="${depth * ROW_PX}" role="img" aria-label="Flame graph">
${drawn}
</svg>`;
}

function boxSvg({ frame, left, width, depth }: Box, wholeUs: number, place: Place): string {
  const percent = (share: number): string => `${Number((share * PERCENT).toFixed(MOST_DIGITS))}%`;
  const where = place.file === '' ? place.room : `${place.file}:${frame.line}`;
  const time = `${(frame.totalUs / US_PER_MS).toFixed(1)} ms, ${((PERCENT * frame.totalUs) / wholeUs).toFixed(1)} %`;
  const own = `itself ${(frame.selfUs / US_PER_MS).toFixed(1)} ms`;
  return `<svg x="${percent(left)}" y="${depth * ROW_PX}" width="${percent(width)}" height="${ROW_PX}" data-l="${left}" data-w="${width}" data-d="${depth}"><title>${escaped(`${frame.name}\n${where}\n${time}, ${own}`)}</title><rect width="100%" height="${ROW_PX - 1}" fill="${colourOf(place.kind)}"/><text x="${TEXT_AT.x}" y="${TEXT_AT.y}">${escaped(frame.name)}</text></svg>`;
}

function roomsTable(rooms: readonly RoomSpent[]): string {
  const rows = rooms.map(
    ({ room, kind, selfMs, percent }) =>
      `<tr><td><span class="dot" style="background:${colourOf(kind)}"></span>${escaped(room)}</td><td class="n">${selfMs.toFixed(1)} ms</td><td class="n">${percent.toFixed(1)} %</td></tr>`,
  );
  return `<table>${rows.join('\n')}</table>`;
}

function functionsTable(functions: readonly Spent[]): string {
  const rows = functions.map(
    ({ name, where, room, selfMs, percent }) =>
      `<tr><td>${escaped(name)}</td><td>${escaped(where === '' ? room : where)}</td><td class="n">${selfMs.toFixed(1)} ms</td><td class="n">${percent.toFixed(1)} %</td></tr>`,
  );
  return `<table>${rows.join('\n')}</table>`;
}
