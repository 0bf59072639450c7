/** Finds what looks like the number of a card, in whichever field it was written: it must get no further than here. */

/** Twelve to nineteen digits in a row, alone or in groups as they stand on a card. */
const DIGITS = /(?<![A-Za-z0-9])\d(?:[ .-]?\d){11,18}(?![A-Za-z0-9])/;

export function hasCardNumber(value: unknown): boolean {
  if (typeof value === 'string') return DIGITS.test(value.normalize('NFKC'));
  if (typeof value === 'number') return DIGITS.test(String(Math.abs(value)));
  if (typeof value !== 'object' || value === null) return false;
  // The depth of a body is bounded before this (plugins/json.ts).
  return Object.entries(value).some(([key, inner]) => hasCardNumber(key) || hasCardNumber(inner));
}
