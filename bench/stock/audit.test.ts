import { describe, expect, it } from 'vitest';
import { auditStock } from './audit.ts';

const sound = { scheme: 'any', units: 10, driven: { won: 4 }, written: { reservations: 4, orders: 4, left: 6 } };

describe('the audit of stock', () => {
  it('is content when units, answers and rows agree', () => {
    expect(auditStock(sound)).toEqual({ ok: true, oversold: 0, lost: 0, duplicated: 0, problems: [] });
  });

  it.each([
    ['more promised than there was', { reservations: 4, orders: 4, left: 8 }, { oversold: 2 }],
    ['a unit that nobody has and nobody can buy', { reservations: 4, orders: 4, left: 5 }, { lost: 1 }],
    ['an answer without a row', { reservations: 3, orders: 3, left: 7 }, { lost: 1 }],
    ['two rows of one order', { reservations: 5, orders: 4, left: 5 }, { duplicated: 2 }],
  ])('finds %s', (_what, written, figures) => {
    expect(auditStock({ ...sound, written })).toMatchObject({ ok: false, ...figures });
  });
});
