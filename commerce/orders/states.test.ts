import { describe, expect, it } from 'vitest';
import { ORDER_STATES } from '../../contracts/orders/states.ts';
import { canStep, ORDER_STEPS } from './states.ts';

const paths = [
  'PENDING CONFIRMED PROCESSING SHIPPED DELIVERED COMPLETED',
  'PENDING CANCELLED REFUND_PENDING REFUNDED',
  'CONFIRMED CANCELLED',
  'DELIVERED RETURN_REQUESTED RETURN_APPROVED RETURN_RECEIVED REFUNDED',
  'PENDING REVIEW CONFIRMED',
  'REVIEW CANCELLED',
  'RETURN_REQUESTED DELIVERED',
];

/** The steps of the design, each path read as its neighbours. */
const designed = new Set(
  paths.flatMap((path) => {
    const states = path.split(' ');
    return states.slice(1).map((to, index) => `${states[index]} ${to}`);
  }),
);

describe('the steps of an order', () => {
  it('are those of the design and no others', () => {
    const allowed = ORDER_STATES.flatMap((from) =>
      ORDER_STATES.filter((to) => canStep(from, to)).map((to) => `${from} ${to}`),
    );
    expect(allowed.sort()).toEqual([...designed].sort());
  });

  it('lead to every state from PENDING', () => {
    const reached = new Set<string>(['PENDING']);
    for (const state of reached) {
      for (const next of ORDER_STATES.filter((to) =>
        ORDER_STATES.some((from) => from === state && canStep(from, to)),
      )) {
        reached.add(next);
      }
    }
    expect(reached.size).toBe(Object.keys(ORDER_STEPS).length);
  });
});
