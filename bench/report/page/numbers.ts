import type { Figure } from '../figures.ts';
import { textOf } from '../table.ts';

const THOUSAND = 1_000;
const MILLION = 1_000_000;

/** For an axis: 15000 is `15 k`. */
export function short(value: number): string {
  const size = Math.abs(value);
  if (size >= MILLION) return `${trim(value / MILLION)} M`;
  if (size >= 10 * THOUSAND) return `${trim(value / THOUSAND)} k`;
  return size === 0 ? '0' : value.toLocaleString('en-US', { maximumSignificantDigits: 4 });
}

export function full(figure: Figure): string {
  return textOf(figure);
}

/** Of a place on a drawing: a tenth of a pixel is finer than anybody sees. */
export function px(value: number): string {
  return String(Math.round(value * 10) / 10);
}

function trim(value: number): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: 1 });
}
