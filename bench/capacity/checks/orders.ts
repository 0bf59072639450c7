/** The pipeline: other amounts, fewer partitions, a slower disk. */
import { straightThrough } from '../fit.ts';
import type { Seeker } from '../seek.ts';
import { type CheckSpec, takenForTheSame } from './check.ts';

const PROCESSES = ['relay', 'orders', 'kafka', 'postgres'] as const;

const RATE = { source: 'orders', unit: 'orders/s', from: ['metrics.ordersPerSecond'] } as const;
const ofClaims = (seeker: Seeker, claims: number): number =>
  seeker.seek('orders', 'orders/s', `curves.claims[claims=${claims}].orders/s`).value;

const cpuAt = (seeker: Seeker, pick: string): number =>
  PROCESSES.reduce((sum, name) => sum + seeker.seek('orders', 'µs', `curves.partitions[${pick}].${name} us`).value, 0);

/** From the smallest run to the largest: what every run takes before it is at speed, and what each claim adds. */
const [FEW, SOME, MANY] = [2_000, 20_000, 200_000];

export const ORDER_CHECKS: readonly CheckSpec[] = [
  {
    point: `orders: orders/s of ${SOME.toLocaleString('en-US')} claims`,
    madeFrom: `${FEW.toLocaleString('en-US')} and ${MANY.toLocaleString('en-US')} claims: a start, and so much a claim`,
    unit: 'orders/s',
    predict(seeker) {
      const seconds = (claims: number) => ({ x: claims, y: claims / ofClaims(seeker, claims) });
      const { fixed, each } = straightThrough(seconds(FEW), seconds(MANY));
      return { predicted: SOME / (fixed + each * SOME), measured: ofClaims(seeker, SOME) };
    },
  },
  takenForTheSame({
    point: `orders: orders/s of ${MANY.toLocaleString('en-US')} claims`,
    madeFrom: 'the runs of the report: an order costs the same, however many there are',
    ...{ ...RATE, at: [`curves.claims[claims=${MANY}].orders/s`] },
  }),
  {
    point: 'orders: CPU for an order with 1 partition',
    madeFrom: 'the most partitions: how they are divided costs nothing',
    unit: 'µs',
    predict: (seeker) => ({ predicted: cpuAt(seeker, 'last'), measured: cpuAt(seeker, 'partitions=1') }),
  },
  takenForTheSame({
    point: 'orders: orders/s with 4 partitions',
    madeFrom: 'the runs of the report, with 8: the cores are what is full',
    ...{ ...RATE, at: ['curves.partitions[partitions=4].orders/s'] },
  }),
  takenForTheSame({
    point: 'orders: orders/s where an fsync takes 2 ms',
    madeFrom: 'the runs of the report: batches are so large that the disk does not count',
    ...{ ...RATE, at: ['metrics.ordersPerSecondAt2MsFsync'] },
  }),
];
