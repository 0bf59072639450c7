import { describe, expect, it } from 'vitest';
import type { Found } from '../core/audit.ts';
import { fold, type Told } from '../core/load.ts';
import { auditDecisions, type Decisions } from './audit.ts';

const ids = ['0000000000a1', '0000000000b2'];
const fingerprint = ids.reduce(fold, 0);
const quiet = { unanswered: 0, strange: 0, socketsLost: 0 };

function sale(left: number): Found {
  const ledger = { allocated: 2 + left, in: 0, out: 0, available: left, held: 2, sold: 0 };
  return { ledger, holds: 2, answers: 2, outbox: 2, outboxClaims: 2, fingerprint };
}

function decisions(changes: Partial<Omit<Decisions, 'told'>> & { refused?: Told['refused'] } = {}): Decisions {
  const { refused = {}, ...others } = changes;
  return { told: { won: 2, refused, fingerprint }, results: [quiet], found: [sale(5)], ...others };
}

describe('the audit of decisions', () => {
  it('is content when every claim won and Redis has each once', () => {
    expect(auditDecisions(decisions())).toMatchObject({ ok: true, problems: [] });
  });

  it('is content when the rest is told sold out, and nothing is left', () => {
    const asked = decisions({ refused: { SOLD_OUT: 9 }, found: [sale(0)] });
    expect(auditDecisions(asked)).toMatchObject({ ok: true, problems: [] });
  });

  it.each([
    ['units are left while shoppers are told sold out', { refused: { SOLD_OUT: 1 } }],
    ['a refusal has no reason', { refused: { NOT_ADMITTED: 1 }, found: [sale(0)] }],
    ['somebody won of a server that sells nothing', { found: undefined }],
    ['a claim is not answered', { results: [quiet, { ...quiet, unanswered: 1 }] }],
    ['an answer was not asked for', { results: [{ ...quiet, strange: 1 }] }],
    ['a socket is closed', { results: [{ ...quiet, socketsLost: 1 }] }],
    ['a winner has no unit', { found: [{ ...sale(5), holds: 1 }] }],
    ['another one won', { found: [{ ...sale(5), fingerprint: 7 }] }],
  ] as const)('finds that %s', (_what, changes) => {
    const audit = auditDecisions(decisions(changes));
    expect(audit.ok).toBe(false);
    expect(audit.problems.length).toBeGreaterThan(0);
  });
});
