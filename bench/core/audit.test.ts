import { describe, expect, it } from 'vitest';
import { auditSale, type Found } from './audit.ts';
import { fold, type Told } from './load.ts';

const ids = ['0000000000a1', '0000000000b2', '0000000000c3'];
const fingerprint = ids.reduce(fold, 0);
const told: Told = { won: 3, refused: {}, fingerprint };

function found(changes: Partial<Omit<Found, 'ledger'>> & { ledger?: Partial<Found['ledger']> } = {}): Found {
  const ledger = { allocated: 10, in: 0, out: 0, available: 7, held: 3, sold: 0, ...changes.ledger };
  return { holds: 3, answers: 3, outbox: 3, outboxClaims: 3, fingerprint, ...changes, ledger };
}

describe('the audit', () => {
  it('is content when everybody who was told has their unit', () => {
    expect(auditSale(told, [found()])).toEqual({ ok: true, oversold: 0, lost: 0, duplicated: 0, problems: [] });
  });

  it('believes SOLD_OUT where nothing is left, and no other refusal', () => {
    const gone = [found({ ledger: { allocated: 3, available: 0 } })];
    const refused = (codes: Told['refused'], regions = gone) => auditSale({ ...told, refused: codes }, regions);
    expect(refused({ SOLD_OUT: 5 }).ok).toBe(true);
    expect(refused({ SOLD_OUT: 5 }, [found()]).problems).toEqual(['5 were told SOLD_OUT with 7 units left']);
    expect(refused({ BUSY: 9 }).problems).toEqual(['9 refusals BUSY, for which there was no reason']);
  });

  it('adds up regions, and holds that were sold meanwhile', () => {
    const [first, second] = [fold(0, ids[0] ?? ''), ids.slice(1).reduce(fold, 0)];
    const regions = [
      found({
        holds: 1,
        answers: 1,
        outbox: 1,
        outboxClaims: 1,
        fingerprint: first,
        ledger: { held: 1, available: 9 },
      }),
      found({
        holds: 2,
        answers: 2,
        outbox: 2,
        outboxClaims: 2,
        fingerprint: second,
        ledger: { held: 0, sold: 2, available: 8 },
      }),
    ];
    expect(auditSale(told, regions).ok).toBe(true);
  });

  it.each<[string, Found, 'oversold' | 'lost' | 'duplicated', number]>([
    ['units that were sold and are still for sale', found({ ledger: { available: 10 } }), 'oversold', 3],
    ['more sold than there was', found({ ledger: { allocated: 2, available: 0 } }), 'oversold', 1],
    ['a stock below nothing', found({ ledger: { allocated: 2, available: -1 } }), 'oversold', 1],
    ['a winner whose hold is gone', found({ holds: 2 }), 'lost', 1],
    ['a winner whose answer is gone', found({ answers: 2 }), 'lost', 1],
    ['a winner who is not in the outbox', found({ outbox: 2, outboxClaims: 2 }), 'lost', 1],
    ['a winner who is not in the ledger', found({ ledger: { held: 2, available: 8 } }), 'lost', 1],
    ['a unit that is nowhere', found({ ledger: { available: 6 } }), 'lost', 1],
    ['as many claims, but others', found({ fingerprint: fingerprint + 1 }), 'lost', 1],
    ['an event twice', found({ outbox: 4 }), 'duplicated', 1],
    ['a hold that nobody was told of', found({ holds: 4 }), 'duplicated', 1],
  ])('finds %s', (_what, region, name, count) => {
    const audit = auditSale(told, [region]);
    expect(audit.ok).toBe(false);
    expect(audit[name]).toBe(count);
    expect(audit.problems.length).toBeGreaterThan(0);
  });
});
