import { describe, expect, it } from 'vitest';
import { eventually } from '../../test/servers/eventually.ts';
import { GuardedProvider, type GuardOptions } from './guarded-provider.ts';
import type { Charge, ChargeState, PaymentProvider } from './provider.ts';
import { type FailureKind, ProviderFailure } from './provider-failure.ts';

const CHARGE: Charge = { paymentId: 'p', orderId: 'o', amountMinor: 1, currency: 'EUR', methodToken: 'pm_card_visa' };
const QUICK: Partial<GuardOptions> = { restMs: 100, retryMs: { first: 1, most: 2 }, failuresInRow: 3, budgetMs: 5_000 };

type Answer = 'captured' | 'never' | { readonly kind: FailureKind; readonly sent?: boolean };

/** Answers as the script says, call by call; its last answer for ever. */
function scripted(...script: Answer[]) {
  const asked = { times: 0 };
  const charge = async (): Promise<ChargeState> => {
    const answer = script[Math.min(asked.times, script.length - 1)] ?? 'captured';
    asked.times += 1;
    if (answer === 'captured') return { state: 'captured', ref: 'pi_1' };
    if (answer === 'never') return await new Promise(() => {});
    throw new ProviderFailure('p', answer.kind, { kind: answer.kind, sent: answer.sent ?? true });
  };
  const not = () => {
    throw new Error('not asked here');
  };
  const provider: PaymentProvider = {
    name: 'p',
    charge,
    find: charge,
    cancel: charge,
    refund: not,
    booked: not,
    readWebhook: not,
  };
  return { asked, provider };
}

function guarded(script: readonly Answer[], options: Partial<GuardOptions> = {}) {
  const { asked, provider } = scripted(...script);
  return { asked, guard: new GuardedProvider(provider, { ...QUICK, ...options }) };
}

async function failureOf(call: Promise<unknown>): Promise<unknown> {
  return call.then(
    () => 'none',
    ({ kind, sent }: ProviderFailure) => ({ kind, sent }),
  );
}

const failing: Answer = { kind: 'failing' };
const unreachable: Answer = { kind: 'unreachable', sent: false };

describe('tries', () => {
  it('asks again what may go better in a moment', async () => {
    const { guard, asked } = guarded([failing, { kind: 'in-use' }, 'captured']);
    expect((await guard.charge(CHARGE)).state).toBe('captured');
    expect(asked.times).toBe(3);
  });

  it('asks no more than it may, and not at all again what will not change', async () => {
    const many = guarded([failing], { failuresInRow: 10 });
    expect(await failureOf(many.guard.charge(CHARGE))).toEqual({ kind: 'failing', sent: true });
    expect(many.asked.times).toBe(3);
    const one = guarded([{ kind: 'rejected' }]);
    expect(await failureOf(one.guard.charge(CHARGE))).toEqual({ kind: 'rejected', sent: true });
    expect(one.asked.times).toBe(1);
  });

  it('ends when its budget does, and then does not claim that nothing left', async () => {
    const { guard } = guarded(['never'], { budgetMs: 50 });
    expect(await failureOf(guard.charge(CHARGE))).toEqual({ kind: 'timeout', sent: true });
  });
});

describe('whether something left', () => {
  it('is no when every try was turned away at the door', async () => {
    const { guard } = guarded([unreachable]);
    expect(await failureOf(guard.charge(CHARGE))).toEqual({ kind: 'unreachable', sent: false });
  });

  it('is yes when any try got through, whatever became of the last one', async () => {
    const { guard } = guarded([{ kind: 'timeout' }, unreachable]);
    expect(await failureOf(guard.charge(CHARGE))).toMatchObject({ kind: 'unreachable', sent: true });
    const opened = guarded([{ kind: 'timeout' }, unreachable], { failuresInRow: 2 });
    expect(await failureOf(opened.guard.charge(CHARGE))).toMatchObject({ kind: 'resting', sent: true });
  });

  it('is yes for a charge that was known before', async () => {
    const { guard } = guarded([unreachable]);
    expect(await failureOf(guard.charge({ ...CHARGE, ref: 'pi_1' }))).toMatchObject({ sent: true });
    expect(await failureOf(guard.find('pi_1'))).toMatchObject({ sent: true });
  });
});

describe('the breaker', () => {
  it('opens after failures in a row, lets one call try after a rest, and closes when that goes well', async () => {
    const { guard, asked } = guarded([unreachable, unreachable, unreachable, 'captured']);
    expect(await failureOf(guard.charge(CHARGE))).toEqual({ kind: 'unreachable', sent: false });
    expect(guard.breakerState).toBe('open');
    expect(guard.isAvailable).toBe(false);
    expect(await failureOf(guard.charge(CHARGE))).toEqual({ kind: 'resting', sent: false });
    expect(asked.times).toBe(3);
    await eventually(() => guard.isAvailable, { withinMs: 2_000 });
    expect((await guard.charge(CHARGE)).state).toBe('captured');
    expect(guard.breakerState).toBe('closed');
  });

  it('opens again when the one call fails, and lets nobody else wait for it meanwhile', async () => {
    const { guard, asked } = guarded([unreachable, unreachable, unreachable, 'never'], { budgetMs: 300 });
    await failureOf(guard.charge(CHARGE));
    await eventually(() => guard.isAvailable, { withinMs: 2_000 });
    const probe = failureOf(guard.charge(CHARGE));
    expect(guard.breakerState).toBe('half-open');
    expect(guard.isAvailable).toBe(false);
    expect(await failureOf(guard.charge(CHARGE))).toEqual({ kind: 'resting', sent: false });
    expect(asked.times).toBe(4);
    expect(await probe).toEqual({ kind: 'timeout', sent: true });
  });

  it('opens when most calls fail, though some go well', async () => {
    const script: Answer[] = Array.from({ length: 30 }, (_, at) => (at % 3 === 2 ? 'captured' : failing));
    const { guard } = guarded(script, { tries: 1, callsWatched: 20 });
    for (let count = 0; count < 9; count += 1) await failureOf(guard.charge(CHARGE));
    expect(guard.breakerState).toBe('closed');
    await failureOf(guard.charge(CHARGE));
    expect(guard.breakerState).toBe('open');
  });

  it('does not count what is the fault of a single call', async () => {
    const { guard } = guarded([{ kind: 'rejected' }]);
    for (let count = 0; count < 20; count += 1) await failureOf(guard.charge(CHARGE));
    expect(guard.breakerState).toBe('closed');
  });
});
