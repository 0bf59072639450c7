/** A suggestion in words: what a merchant needs to judge it. */
import type { PriceSuggestionRow } from '../../db/queries/forecast/price-suggestions.ts';
import type { Suggestion } from './forms.ts';

/** As the worker writes it; read from JSON, so it is looked at before it is believed. */
interface Why {
  readonly reason: string;
  readonly days: number;
  readonly stock: number;
  readonly lastsDays: number;
  readonly kept: Suggestion['kept'];
  readonly changed: Suggestion['changed'];
  readonly elasticity: Suggestion['elasticity'];
}

export function showSuggestion(row: PriceSuggestionRow): Suggestion {
  const { id, sku, title, state, price, suggested, currency, floor, ceiling, madeAt, expiresAt } = row;
  const why = whyOf(row.why);
  const { reason, days, stock, kept, changed, elasticity } = why;
  return {
    ...{ id, sku, title, state, price, suggested, currency, floor, ceiling, madeAt, expiresAt },
    ...{ reason, days, stock, kept, changed, elasticity, why: sentences(row, why) },
  };
}

const WORDS: Readonly<Record<string, string>> = {
  scarce: 'There is less than will be asked for: for more it is sold as well, and lasts longer.',
  plenty: 'There is much more than will be asked for.',
  margin: 'At this price it earns the most.',
  bounds: 'The price of now is outside of floor and ceiling.',
};

const FROM: Readonly<Record<string, string>> = {
  own: 'by the prices that it had',
  category: 'by what is known of its category, since it had too few prices of its own',
  usual: 'by what is usual, since neither it nor its category had enough prices',
};

function sentences({ price, suggested }: PriceSuggestionRow, why: Why): string {
  const { stock, days, lastsDays, kept, changed, elasticity } = why;
  const lasts = lastsDays > 999 ? 'years' : `${Math.round(lastsDays)} days`;
  return [
    WORDS[why.reason] ?? '',
    `${stock} units are free and last for some ${lasts} at ${price}.`,
    `In ${days} days ${suggested} instead of ${price} brings ${changed.revenue} instead of ${kept.revenue} (minor units;`,
    `from ${changed.revenueLow} to ${changed.revenueHigh} nine times of ten), with ${changed.units} units instead of`,
    `${kept.units}. One percent of price changes demand by ${elasticity.value} percent, ${FROM[elasticity.from] ?? ''}.`,
  ].join(' ');
}

function whyOf(given: Readonly<Record<string, unknown>>): Why {
  const elasticity = partOf(given, 'elasticity');
  return {
    reason: textOf(given, 'reason'),
    ...{ days: numberOf(given, 'days'), stock: numberOf(given, 'stock'), lastsDays: numberOf(given, 'lastsDays') },
    ...{ kept: outcomeOf(given, 'kept'), changed: outcomeOf(given, 'changed') },
    elasticity: {
      value: short(numberOf(elasticity, 'value')),
      deviation: short(numberOf(elasticity, 'deviation')),
      ...{ from: textOf(elasticity, 'from'), prices: numberOf(elasticity, 'prices') },
    },
  };
}

function outcomeOf(given: object, name: string): Suggestion['kept'] {
  const part = partOf(given, name);
  const [units, revenue] = [numberOf(part, 'units'), numberOf(part, 'revenue')];
  return { units, revenue, revenueLow: numberOf(part, 'revenueLow'), revenueHigh: numberOf(part, 'revenueHigh') };
}

function partOf(given: object, name: string): object {
  const part: unknown = Reflect.get(given, name);
  return typeof part === 'object' && part !== null ? part : {};
}

function numberOf(given: object, name: string): number {
  const value: unknown = Reflect.get(given, name);
  return typeof value === 'number' ? value : 0;
}

function textOf(given: object, name: string): string {
  const value: unknown = Reflect.get(given, name);
  return typeof value === 'string' ? value : '';
}

const short = (value: number) => Math.round(value * 100) / 100;
