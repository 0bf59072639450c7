/** How things that are more than one text are written into a cell. Each way back is exact. */
import { decimalsOf } from '../../commerce/money/currencies.ts';

/**
 * A cell that begins like a formula would be one where a spreadsheet opens the file: an apostrophe makes it text. One
 * that begins with an apostrophe gets another, so that the way back is exact.
 */
const FORMULA = /^[=+\-@\t\r']/;
const ESCAPED_FORMULA = /^'[=+\-@\t\r']/;

export function guardCell(text: string): string {
  return FORMULA.test(text) ? `'${text}` : text;
}

export function unguardCell(text: string): string {
  return ESCAPED_FORMULA.test(text) ? text.slice(1) : text;
}

/** `a|b`; a bar or a backslash inside has a backslash before it. */
export function joinList(parts: readonly string[]): string {
  return parts.map((part) => part.replace(/[\\|]/g, '\\$&')).join('|');
}

export function splitList(cell: string): string[] {
  return cell === '' ? [] : splitAt(cell, '|').map((part) => part.trim());
}

/** `color=black|size=42`. */
export function joinPairs(pairs: Readonly<Record<string, string>>): string {
  return Object.entries(pairs)
    .map(([name, value]) => [name, value].map((part) => part.replace(/[\\|=]/g, '\\$&')).join('='))
    .join('|');
}

/** Undefined where a part is no pair, or a name comes twice. */
export function splitPairs(cell: string): Record<string, string> | undefined {
  const pairs = new Map<string, string>();
  for (const part of cell === '' ? [] : splitAt(cell, '|', true)) {
    const [name, value, ...more] = splitAt(part, '=').map((side) => side.trim());
    if (name === undefined || value === undefined || more.length > 0 || pairs.has(name)) return undefined;
    pairs.set(name, value);
  }
  return Object.fromEntries(pairs);
}

/** Splits at a character that has no backslash before it; what is escaped stays so for a split that follows. */
function splitAt(text: string, separator: string, keepEscapes = false): string[] {
  const parts = [''];
  let isEscaped = false;
  const add = (character: string): void => {
    parts[parts.length - 1] += character;
  };
  for (const character of text) {
    if (isEscaped) {
      add(keepEscapes ? `\\${character}` : character);
      isEscaped = false;
    } else if (character === '\\') isEscaped = true;
    else if (character === separator) parts.push('');
    else add(character);
  }
  if (isEscaped) add('\\');
  return parts;
}

/** A price as people write it: 49.00 of a currency with two decimals. Undefined for what is none. */
export function readPrice(cell: string, currency: string): number | undefined {
  const match = /^(?<whole>\d{1,15})(?:\.(?<decimals>\d+))?$/.exec(cell);
  const decimals = match?.groups?.['decimals'] ?? '';
  const places = decimalsOf(currency);
  if (match?.groups?.['whole'] === undefined || decimals.length > places) return undefined;
  const minor = Number(`${match.groups['whole']}${decimals.padEnd(places, '0')}`);
  return Number.isSafeInteger(minor) ? minor : undefined;
}

export function writePrice(minor: number, currency: string): string {
  const places = decimalsOf(currency);
  const digits = String(minor).padStart(places + 1, '0');
  return places === 0 ? digits : `${digits.slice(0, -places)}.${digits.slice(-places)}`;
}
