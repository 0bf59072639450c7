import type { Figure } from '../figures.ts';
import { type Html, html, NOTHING } from './html.ts';
import { full } from './numbers.ts';

type Cell = Figure | Html;

/** Numbers to the right; the first column names the row. */
export function drawTable({
  title,
  columns,
  rows,
}: {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
}): Html {
  const width = Math.max(columns.length, ...rows.map((row) => row.length));
  const right = Array.from({ length: width }, (_, at) => at > 0 && isMostlyNumbers(rows.map((row) => row[at])));
  const side = (at: number): string => (right[at] === true ? 'number' : 'text');
  const head =
    columns.length === 0
      ? NOTHING
      : html`<thead><tr>${columns.map((column, at) => html`<th scope="col" class="${side(at)}">${column}</th>`)}</tr></thead>`;
  const body = rows.map(
    (row) =>
      html`<tr>${row.map((cell, at) => (at === 0 ? html`<th scope="row" class="${side(at)}">${shown(cell)}</th>` : html`<td class="${side(at)}">${shown(cell)}</td>`))}</tr>`,
  );
  return html`<div class="wide"><table><caption>${title}</caption>${head}<tbody>${body}</tbody></table></div>`;
}

/** A column of figures may have a word or a gap in it. */
function isMostlyNumbers(cells: readonly (Cell | undefined)[]): boolean {
  const there = cells.filter((cell) => cell !== undefined && cell !== null && cell !== '');
  return there.length > 0 && there.filter(isNumeric).length * 2 >= there.length;
}

function isNumeric(cell: Cell | undefined): boolean {
  return typeof cell === 'number' || (typeof cell === 'string' && /^[+−±-]? ?[\d.,]+ %$/.test(cell));
}

function shown(cell: Cell): string | Html {
  return typeof cell === 'object' && cell !== null ? cell : full(cell);
}
