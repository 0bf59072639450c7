/** From values to places on the drawing. */

export interface Scale {
  (value: number): number;
  readonly ticks: readonly number[];
}

type Range = readonly [number, number];

const NICE = [1, 2, 2.5, 5, 10];
const MANY_DECADES = 4;

export function linearScale([low, high]: Range, [start, end]: Range, wanted = 5): Scale {
  const span = high - low || 1;
  const step = niceStep(span / wanted);
  const first = Math.ceil(low / step - 1e-9);
  const count = Math.floor(high / step + 1e-9) - first + 1;
  const ticks = Array.from({ length: Math.max(0, count) }, (_, at) => exact((first + at) * step));
  return Object.assign((value: number) => start + ((value - low) / span) * (end - start), { ticks });
}

/** Both ends above zero. */
export function logScale([low, high]: Range, [start, end]: Range): Scale {
  const [from, to] = [Math.log10(low), Math.log10(high)];
  const span = to - from || 1;
  const place = (value: number): number => start + ((Math.log10(value) - from) / span) * (end - start);
  return Object.assign(place, { ticks: logTicks(low, high) });
}

/** A little beyond the values, so that no point lies on the frame. */
export function logDomain(values: readonly number[]): Range {
  const positive = values.filter((value) => value > 0);
  if (positive.length === 0) return [1, 10];
  return [leastOf(positive) / 1.3, mostOf(positive) * 1.3];
}

export function linearDomain(values: readonly number[]): Range {
  const most = mostOf(values);
  const step = niceStep((most || 1) / 5);
  return [Math.min(0, leastOf(values)), Math.ceil((most || 1) / step) * step];
}

/** Not by `Math.max(...values)`: a long run has more values than a call may have arguments. */
export function mostOf(values: readonly number[]): number {
  return values.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
}

export function leastOf(values: readonly number[]): number {
  return values.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY);
}

function niceStep(rough: number): number {
  const decade = 10 ** Math.floor(Math.log10(rough));
  return (NICE.find((factor) => factor * decade >= rough * (1 - 1e-9)) ?? 10) * decade;
}

function logTicks(low: number, high: number): number[] {
  const [first, last] = [Math.floor(Math.log10(low)), Math.ceil(Math.log10(high))];
  const factors = last - first > MANY_DECADES ? [1] : [1, 2, 5];
  return Array.from({ length: last - first + 1 }, (_, at) => first + at)
    .flatMap((decade) => factors.map((factor) => exact(factor * 10 ** decade)))
    .filter((tick) => tick >= low && tick <= high);
}

/** 0.30000000000000004 is 0.3. */
function exact(value: number): number {
  return Number(value.toPrecision(12));
}
