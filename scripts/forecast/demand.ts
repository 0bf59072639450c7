/** Made-up demand with what real demand has: weekdays, a trend, promotions, days of none. The same seed, the same units. */

export interface MadeSeries {
  readonly kind: string;
  readonly units: Float64Array;
}

export interface DemandKind {
  readonly name: string;
  /** Units on a usual day. */
  readonly level: number;
  /** How far weekdays are apart: 0.5 is from half to one and a half. */
  readonly season: number;
  /** Growth over a year: 0.5 is half as much again. */
  readonly trend: number;
  /** Chance of a promotion to begin on a day, and by how much more is sold while it lasts. */
  readonly promotions: number;
  readonly uplift: number;
  /** Chance of a day on which nobody asks. */
  readonly zeros: number;
  /** Variance next to the mean: 1 is what chance alone makes. */
  readonly dispersion: number;
  /** The part of the days after which nobody asks any more; 1 is never. */
  readonly endsAt: number;
}

const usual = { season: 0.4, trend: 0.2, promotions: 0, uplift: 0, zeros: 0, dispersion: 1.5, endsAt: 1 };

export const DEMAND_KINDS: readonly DemandKind[] = [
  { ...usual, name: 'steady', level: 20 },
  { ...usual, name: 'strong season', level: 30, season: 0.9 },
  { ...usual, name: 'growing', level: 15, trend: 2 },
  { ...usual, name: 'falling', level: 40, trend: -0.7 },
  { ...usual, name: 'promotions', level: 20, promotions: 0.02, uplift: 3 },
  { ...usual, name: 'few units', level: 2, dispersion: 1.2 },
  { ...usual, name: 'intermittent', level: 1.5, zeros: 0.75, season: 0.1, trend: 0 },
  { ...usual, name: 'lumpy', level: 8, zeros: 0.85, season: 0, trend: 0, dispersion: 6 },
  { ...usual, name: 'going out', level: 2, zeros: 0.6, season: 0, trend: 0, endsAt: 0.9 },
];

const PROMOTION_DAYS = 4;
const YEAR = 365;

export function makeDemand(kind: DemandKind, days: number, random: () => number): MadeSeries {
  const level = kind.level * (0.5 + random());
  const turn = 7 * random();
  let promoted = 0;
  const units = Float64Array.from({ length: days }, (_, day) => {
    promoted = Math.max(0, promoted - 1);
    if (random() < kind.promotions) promoted = PROMOTION_DAYS;
    const season = 1 + kind.season * Math.sin((2 * Math.PI * (day + turn)) / 7);
    const trend = Math.max(0.05, 1 + (kind.trend * day) / YEAR);
    const mean = level * season * trend * (promoted > 0 ? 1 + kind.uplift : 1);
    if (random() < kind.zeros || day >= kind.endsAt * days) return 0;
    return count(mean, kind.dispersion, random);
  });
  return { kind: kind.name, units };
}

/** Poisson, of a mean that varies itself where more than chance is wanted. */
function count(mean: number, dispersion: number, random: () => number): number {
  const varied = dispersion <= 1 ? mean : gamma(mean / (dispersion - 1), random) * (dispersion - 1);
  return poisson(varied, random);
}

function poisson(mean: number, random: () => number): number {
  if (mean > 50) return Math.max(0, Math.round(mean + Math.sqrt(mean) * normal(random)));
  let [product, units] = [random(), 0];
  const end = Math.exp(-mean);
  while (product > end) {
    product *= random();
    units += 1;
  }
  return units;
}

/** Marsaglia and Tsang (2000). */
function gamma(shape: number, random: () => number): number {
  if (shape < 1) return gamma(shape + 1, random) * Math.max(Number.MIN_VALUE, random()) ** (1 / shape);
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = normal(random);
    const v = (1 + c * x) ** 3;
    if (v > 0 && Math.log(Math.max(Number.MIN_VALUE, random())) < 0.5 * x * x + d - d * v + d * Math.log(v))
      return d * v;
  }
}

function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(Math.max(Number.MIN_VALUE, random()))) * Math.cos(2 * Math.PI * random());
}
