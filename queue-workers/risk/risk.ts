/**
 * Finds what makes a device suspicious, and says so in risk_flags with the reason and an end: many new accounts on one
 * device, and many cards that fail for one shopper. It looks for itself, so that neither a sign-in nor a claim has to.
 */
import { formatUuidV7 } from '../../contracts/ids.ts';
import { INTERVALS, LIFETIMES, LIMITS } from '../../contracts/limits.ts';
import { endRiskFlags, flagFailedPayments, flagSharedDevices } from '../../db/queries/fraud/risk-flags.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Database } from '../../platform/connections/postgres.ts';

export interface RiskOptions {
  readonly database: Database;
  readonly clock: Clock;
}

const NO_RANDOM = new Uint8Array(10);
/** A session that was written while one looked is seen by one of the next looks. */
const LOOKS_BACK = 4;

/** How many shoppers are flagged now who were not. */
export async function lookAtDevices({ database, clock }: RiskOptions): Promise<number> {
  const nowMs = clock.now();
  const sinceId = formatUuidV7(nowMs - LOOKS_BACK * INTERVALS.riskLookMs, NO_RANDOM);
  return await flagSharedDevices(database, { ...flagging(nowMs), sinceId });
}

export async function lookAtPayments({ database, clock }: RiskOptions, orderIds: readonly string[]): Promise<number> {
  const nowMs = clock.now();
  const fromId = formatUuidV7(nowMs - LIFETIMES.riskWindowMs, NO_RANDOM);
  return await flagFailedPayments(database, { ...flagging(nowMs), orderIds, fromId });
}

export async function endOldFlags({ database, clock }: RiskOptions): Promise<number> {
  return await endRiskFlags(database, new Date(clock.now()), LIMITS.pruneBatch);
}

function flagging(nowMs: number) {
  return { now: new Date(nowMs), expiresAt: new Date(nowMs + LIFETIMES.riskFlagMs) };
}
