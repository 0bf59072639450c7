/** What a report draws, as plain data: the JSON of a run is all that its page is made from. */

export interface Line {
  readonly name: string;
  /** Pairs of x and y, x rising. */
  readonly points: readonly (readonly [number, number])[];
}

/** x is a percentile from 0 to 100, drawn so that 99, 99.9 and 99.99 have the same room; y is in ms. */
interface LatencyChart {
  readonly kind: 'latency';
  readonly title: string;
  readonly lines: readonly Line[];
}

/** x is in seconds since the run began. */
interface TimelineChart {
  readonly kind: 'timeline';
  readonly title: string;
  /** Of y: `claims/s`, `ms`. */
  readonly unit: string;
  readonly lines: readonly Line[];
  /** What happened when: the drop starts, the stock is gone. */
  readonly marks: readonly { readonly atSeconds: number; readonly name: string }[];
}

/** How a figure goes with one dimension, both drawn by their logarithm: a straight line with slope 1 grows as the work does. */
interface ScalingChart {
  readonly kind: 'scaling';
  readonly title: string;
  readonly dimension: string;
  readonly unit: string;
  readonly lines: readonly Line[];
}

export type Chart = LatencyChart | TimelineChart | ScalingChart;
