import { describe, expect, it } from 'vitest';
import { auditStock } from './audit.ts';

const sound = {
  ...{ scheme: { name: 'any' }, units: 10, driven: { won: 4, refused: 0 } },
  written: { reservations: 4, orders: 4, left: 6 },
};

describe('the audit of stock', () => {
  it('is content when units, answers and rows agree', () => {
    expect(auditStock(sound)).toEqual({ ok: true, oversold: 0, lost: 0, duplicated: 0, problems: [] });
  });

  it('believes a refusal where nothing is left, or where the scheme may overlook what is', () => {
    const driven = { won: 4, refused: 3 };
    const gone = { ...sound, driven, units: 4, written: { ...sound.written, left: 0 } };
    expect(auditStock(gone).ok).toBe(true);
    expect(auditStock({ ...sound, driven }).problems).toHaveLength(1);
    expect(auditStock({ ...sound, driven, scheme: { name: 'any', mayMiss: true } }).ok).toBe(true);
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
