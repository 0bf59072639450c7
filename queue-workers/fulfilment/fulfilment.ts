import { LIMITS } from '../../contracts/limits.ts';
import { type CountedLoop, type Repeated, repeatCounted } from '../repeat.ts';
import { completeOrders, deliverTold, type FulfilmentOptions } from './deliveries.ts';

const WORK = { delivered: deliverTold, completed: completeOrders } as const;
export type FulfilmentWork = keyof typeof WORK;
const KINDS: readonly FulfilmentWork[] = ['delivered', 'completed'];

export interface FulfilmentLoop extends FulfilmentOptions, CountedLoop<FulfilmentWork> {}

export function startFulfilment(options: FulfilmentLoop): Repeated {
  return repeatCounted(options, {
    kinds: KINDS,
    most: options.limit ?? LIMITS.fulfilmentBatch,
    work: (kind) => WORK[kind](options),
    trouble: 'parcels could not be looked after, trying again',
  });
}
