import { allocate } from '../money/allocate.ts';
import { share } from '../money/share.ts';
import type { Benefit, Goods } from './promotion.ts';

const WHOLE = 1_000_000;

/**
 * What a promotion takes off each line, of what earlier ones left of it: as many amounts as there are lines, none above what
 * is left. `lines` are the ones that it is for.
 */
export function discountOf(
  benefit: Benefit,
  goods: readonly Goods[],
  leftMinor: readonly number[],
  lines: readonly number[],
): number[] {
  const weights = goods.map((_, at) => (lines.includes(at) ? (leftMinor[at] ?? 0) : 0));
  const worthMinor = weights.reduce((sum, weight) => sum + weight, 0);
  if (worthMinor === 0) return weights;
  switch (benefit.kind) {
    case 'percentage': {
      const wanted = share(worthMinor, benefit.ppm, WHOLE);
      return allocate(Math.min(wanted, benefit.maxMinor ?? wanted, worthMinor), weights);
    }
    case 'fixed':
      return allocate(Math.min(benefit.amountMinor, worthMinor), weights);
    case 'buy-x-get-y':
      return cheapestOff(benefit, goods, weights, lines);
    case 'free-shipping':
      return goods.map(() => 0);
  }
}

function cheapestOff(
  { buy, get, ppm, maxTimes }: Extract<Benefit, { readonly kind: 'buy-x-get-y' }>,
  goods: readonly Goods[],
  leftMinor: readonly number[],
  lines: readonly number[],
): number[] {
  const units = lines.reduce((sum, at) => sum + (goods[at]?.quantity ?? 0), 0);
  const times = Math.min(Math.floor(units / (buy + get)), maxTimes ?? Number.MAX_SAFE_INTEGER);
  let cheaper = times * get;
  const off = goods.map(() => 0);
  const cheapestFirst = lines
    .flatMap((at) => (goods[at] === undefined ? [] : [{ at, line: goods[at] }]))
    .sort((a, b) => a.line.unitPriceMinor - b.line.unitPriceMinor || a.at - b.at);
  for (const { at, line } of cheapestFirst) {
    const units = Math.min(cheaper, line.quantity);
    // Of what is left of these units after earlier discounts, so that two of them never take more than there is.
    const worthMinor = share(leftMinor[at] ?? 0, units, line.quantity, 'down');
    off[at] = share(worthMinor, ppm, WHOLE);
    cheaper -= units;
  }
  return off;
}
