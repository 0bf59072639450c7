import type { Place } from './rates.ts';

/** Where prices are told without the tax. */
const TAX_ADDED: ReadonlySet<string> = new Set(['US', 'CA']);

/** Whether prices have the tax inside, or get it on top; inside where nobody knows yet where it goes. */
export function taxWayOf(destination: Place | undefined): 'included' | 'added' {
  return destination !== undefined && TAX_ADDED.has(destination.country) ? 'added' : 'included';
}
