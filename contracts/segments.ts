/** Groups of shoppers by when, how often and for how much they bought. A shopper may be in several, or in none. */
import Type, { type Static } from 'typebox';
import { Compile } from 'typebox/compile';

export const SEGMENTS = ['new', 'loyal', 'lapsing', 'lapsed', 'high-value', 'bargain'] as const;
export type Segment = (typeof SEGMENTS)[number];

const days = (description: string) => Type.Integer({ minimum: 1, maximum: 3_650, description });
const orders = (description: string) => Type.Integer({ minimum: 1, maximum: 10_000, description });

/** The thresholds: data, so that an operator changes them without a release. */
export const SegmentRules = Type.Object(
  {
    newDays: days('new: the first order is no longer ago than this.'),
    loyalOrders: orders('loyal: at least so many orders, and not lapsing.'),
    lapsingDays: days('lapsing: the last order is longer ago than this.'),
    lapsedDays: days('lapsed: the last order is longer ago than this; then no longer lapsing.'),
    highValueMinor: Type.Integer({
      ...{ minimum: 1, maximum: 1_000_000_000_000 },
      description: 'high-value: spent at least so much, in minor units of the reference currency.',
    }),
    bargainOrders: orders('bargain: at least so many orders …'),
    bargainPercent: Type.Integer({
      minimum: 1,
      maximum: 100,
      description: '… of which at least so many had a discount.',
    }),
  },
  { additionalProperties: false },
);
export type SegmentRules = Static<typeof SegmentRules>;

export const USUAL_SEGMENT_RULES: SegmentRules = {
  ...{ newDays: 30, loyalOrders: 4, lapsingDays: 90, lapsedDays: 365 },
  ...{ highValueMinor: 100_000, bargainOrders: 2, bargainPercent: 60 },
};

const compiled = Compile(SegmentRules);
export const areSegmentRules = (value: unknown): value is SegmentRules => compiled.Check(value);
