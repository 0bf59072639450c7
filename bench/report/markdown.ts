/** A table as Markdown, for documents. */
import { type Table, textOf } from './table.ts';

export function markdownOf({ columns, rows }: Table): string {
  const isNumber = columns.map((_, at) => rows.every((row) => row[at] === null || typeof row[at] === 'number'));
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [
    line(columns.map(escapeCell)),
    line(isNumber.map((right) => (right ? '--:' : '---'))),
    ...rows.map((row) => line(row.map((figure) => escapeCell(textOf(figure))))),
  ].join('\n');
}

function escapeCell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}
