import { describe, expect, it } from 'vitest';
import { auditOrders, type OrdersFound } from './audit.ts';

const told = { won: 3, refused: {}, fingerprint: 7 };
const sound: OrdersFound = {
  ...{ orders: 3, fingerprint: 7, incomplete: 0, surplus: 0, wrongAmounts: 0, entriesLeft: 0 },
};

describe('the audit of orders', () => {
  it('is content when each claim has its order', () => {
    expect(auditOrders(told, sound)).toEqual({ ok: true, oversold: 0, lost: 0, duplicated: 0, problems: [] });
  });

  it.each<[string, Partial<OrdersFound>, object]>([
    ['a claim without an order', { orders: 2, fingerprint: 1 }, { lost: 1 }],
    ['as many orders, but of others', { fingerprint: 1 }, { lost: 1 }],
    ['an order without its payment', { incomplete: 1 }, { lost: 1 }],
    ['an order of no claim', { orders: 4 }, { oversold: 1, duplicated: 1 }],
    ['two payments of one order', { surplus: 1 }, { duplicated: 1 }],
    ['a wrong amount', { wrongAmounts: 1 }, {}],
    ['what was not relayed', { entriesLeft: 1 }, {}],
  ])('finds %s', (_what, changes, figures) => {
    const audit = auditOrders(told, { ...sound, ...changes });
    expect(audit).toMatchObject({ ok: false, ...figures });
    expect(audit.problems).toHaveLength(1);
  });
});
