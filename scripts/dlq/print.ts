/** What the commands print. Letters hold what others sent: control characters never reach the terminal. */
import type { Letter, LetterHead } from './letters.ts';
import { shownPlace } from './letters.ts';

const SHOWN_CHARS = 20_000;

export function listText(heads: readonly LetterHead[], { nowMs, more, rows }: ListOptions): string {
  if (heads.length === 0) return 'No dead letters: everything could be handled.';
  const shown = heads.slice(-rows);
  const table = aligned([
    ['LETTER', 'AGE', 'PROBLEM', 'REASON', 'SOURCE', 'REPLAYED'],
    ...shown.map((head) => [
      shownPlace(head),
      ageOf(nowMs - head.at),
      cut(head.problem, 24),
      cut(head.reason, 50),
      cut(head.source, 60),
      head.replayedAt === null ? '–' : `${new Date(head.replayedAt).toISOString().slice(0, 19)}Z`,
    ]),
  ]);
  const hidden = heads.length - shown.length;
  return [
    table,
    ...(hidden === 0 ? [] : [`… and ${hidden} older (--rows N shows more).`]),
    ...(more === 0 ? [] : [`There are ${more} more, which were not read.`]),
    '',
    aligned([['TOPIC', 'PROBLEM', 'LETTERS', 'NOT REPLAYED'], ...countsOf(heads)]),
  ].join('\n');
}

export interface ListOptions {
  readonly nowMs: number;
  readonly more: number;
  readonly rows: number;
}

function countsOf(heads: readonly LetterHead[]): string[][] {
  const counts = new Map<string, { topic: string; problem: string; letters: number; open: number }>();
  for (const { topic, problem, replayedAt } of heads) {
    const key = `${topic} ${problem}`;
    const count = counts.get(key) ?? { topic, problem, letters: 0, open: 0 };
    const open = count.open + (replayedAt === null ? 1 : 0);
    counts.set(key, { ...count, letters: count.letters + 1, open });
  }
  return [...counts.values()]
    .toSorted((a, b) => b.letters - a.letters)
    .map(({ topic, problem, letters, open }) => [topic, cut(problem, 24), String(letters), String(open)]);
}

export function letterText(letter: Letter): string {
  const { message } = letter;
  const headers = Object.entries(message.headers).map(([name, value]) => [cut(name, 40), cut(value, 1_000)]);
  const facts = [
    ['letter', shownPlace(letter)],
    ['at', new Date(letter.at).toISOString()],
    ['key', cut(message.key, 200)],
    ['replayed', letter.replayedAt === null ? 'no' : new Date(letter.replayedAt).toISOString()],
  ];
  return `${aligned(facts)}\n\nheaders\n${aligned(headers)}\n\nvalue\n${pretty(message.value)}`;
}

function pretty(value: string): string {
  let text = value;
  try {
    text = JSON.stringify(JSON.parse(value), undefined, 2);
  } catch {
    // Not JSON: that may be why it is here.
  }
  const plain = printable(text);
  if (plain.length <= SHOWN_CHARS) return plain;
  return `${plain.slice(0, SHOWN_CHARS)}\n… and ${plain.length - SHOWN_CHARS} more characters (--json has all of it)`;
}

function printable(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}]/gu, (character) =>
    character === '\n' ? character : `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function cut(text: string, chars: number): string {
  const plain = printable(text).replaceAll('\n', ' ');
  return plain.length <= chars ? plain : `${plain.slice(0, chars - 1)}…`;
}

function ageOf(ms: number): string {
  const minutes = Math.max(0, Math.floor(ms / 60_000));
  if (minutes < 1) return 'now';
  if (minutes < 60) return `${minutes} min`;
  return minutes < 48 * 60 ? `${Math.floor(minutes / 60)} h` : `${Math.floor(minutes / 1_440)} d`;
}

function aligned(rows: readonly (readonly string[])[]): string {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [index, cell] of row.entries()) widths[index] = Math.max(widths[index] ?? 0, cell.length);
  }
  return rows
    .map((row) =>
      row
        .map((cell, index) => cell.padEnd(widths[index] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
