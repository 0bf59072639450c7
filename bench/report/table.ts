/** Tables for a terminal: text to the left, numbers to the right. */
import type { Figure, Figures } from './figures.ts';

export interface Table {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Figure[])[];
}

export function tableOf(title: string, rows: readonly Figures[]): Table {
  const columns = Object.keys(rows[0] ?? {});
  return { title, columns, rows: rows.map((row) => columns.map((column) => row[column] ?? null)) };
}

/** Names beside values. */
export function listOf(title: string, figures: Figures): Table {
  return { title, columns: [], rows: Object.entries(figures) };
}

export function renderTable({ title, columns, rows }: Table): string {
  const cells = [...(columns.length > 0 ? [columns.map(String)] : []), ...rows.map((row) => row.map(textOf))];
  const widths = cells.reduce<number[]>((most, row) => row.map((cell, at) => Math.max(most[at] ?? 0, cell.length)), []);
  const lines = cells.map((row) =>
    row
      .map((cell, at) => (isNumeric(rows, at) ? cell.padStart(widths[at] ?? 0) : cell.padEnd(widths[at] ?? 0)))
      .join('   ')
      .trimEnd(),
  );
  return [title, ...lines.map((line) => `  ${line}`)].join('\n');
}

function isNumeric(rows: Table['rows'], at: number): boolean {
  return at > 0 && rows.every((row) => row[at] === null || typeof row[at] === 'number');
}

export function textOf(figure: Figure): string {
  if (figure === null) return '–';
  return typeof figure === 'number' ? figure.toLocaleString('en-US', { maximumFractionDigits: 3 }) : String(figure);
}
