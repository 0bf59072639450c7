/** A forecast for people: by week, and of all regions. */
import type { FoundForecast } from '../../db/queries/forecast/find-forecasts.ts';

const WEEKS = 4;

export function shownForecast(forecasts: readonly FoundForecast[]): string {
  const [first] = forecasts;
  if (first === undefined) return '';
  const made = new Date(first.madeAt).toISOString().slice(0, 16).replace('T', ' ');
  const head = `${first.sku}, from ${first.fromDay} on, made ${made} UTC; units of each week, and of all days the widest interval`;
  return [head, ...forecasts.map(lineOf)].join('\n');
}

function lineOf({ region, model, parameters, mean, low, high, daysSeen, unitsSeen }: FoundForecast): string {
  const weeks = Array.from({ length: WEEKS }, (_, week) => {
    return mean
      .slice(7 * week, 7 * (week + 1))
      .reduce((sum, units) => sum + units, 0)
      .toFixed(1)
      .padStart(8);
  });
  const given = Object.entries(parameters).map(([name, value]) => {
    return `${name} ${typeof value === 'number' ? value.toFixed(2) : value}`;
  });
  const interval = `${Math.min(...low)} to ${Math.max(...high)} a day`;
  const seen = `${unitsSeen} units in ${daysSeen} days`;
  return `${(region ?? 'all').padEnd(10)}${weeks.join('')}   ${interval}; ${model} (${given.join(', ')}) of ${seen}`;
}
