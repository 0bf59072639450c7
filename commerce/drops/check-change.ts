/** What may still be changed of a drop that shoppers know of, and why the rest may not. */
import { LIMITS } from '../../contracts/limits.ts';
import { at } from './check-times.ts';
import type { DropPlan } from './plan.ts';

export interface Refused {
  readonly field: string;
  readonly code: 'FIXED' | 'NOT_EARLIER' | 'LOBBY_OPEN';
  readonly message: string;
}

/** Changed at any time until the end. */
export type SafeChange = Partial<
  Pick<DropPlan, 'title' | 'lobbyOpensAt' | 'startsAt' | 'endsAt' | 'admission' | 'challenge'>
>;

const WHY_FIXED: Readonly<Record<string, string>> = {
  skus: 'its units have been given to the regions',
  sku: 'its units have been given to the regions',
  allocation: 'its units have been given to the regions',
  price: 'shoppers have been told the price',
  currency: 'shoppers have been told the price',
  mode: 'shoppers have been told how the line is made',
  lanes: 'places in the line are counted by lane',
  perShopperLimit: 'shoppers who had less would have been treated worse',
  holdSeconds: 'shoppers have been promised this time to pay',
  passSeconds: 'shoppers have been promised this time to choose',
};

/** Fields of the form that no drop keeps once it is scheduled. */
export function fixedFields(named: readonly string[]): Refused[] {
  return named.flatMap((field) => {
    const why = WHY_FIXED[field];
    if (why === undefined) return [];
    return [{ field, code: 'FIXED', message: `${field} cannot be changed any more: ${why}.` }];
  });
}

export function checkTimeChange(before: DropPlan, after: DropPlan, nowMs: number): Refused[] {
  const refused: Refused[] = [];
  const isLobbyOpen = nowMs >= before.lobbyOpensAt;
  for (const field of ['lobbyOpensAt', 'startsAt'] as const) {
    if (after[field] === before[field]) continue;
    if (isLobbyOpen) {
      const message = `The lobby has been open since ${at(before.lobbyOpensAt)}: its shoppers know the times.`;
      refused.push({ field, code: 'LOBBY_OPEN', message });
    } else if (after[field] < before[field]) refused.push(notEarlier(field, before[field], after[field]));
  }
  if (after.endsAt < before.endsAt) refused.push(notEarlier('endsAt', before.endsAt, after.endsAt));
  return refused;
}

function notEarlier(field: string, beforeMs: number, afterMs: number): Refused {
  const message = `It may only become later: it is ${at(beforeMs)}, ${at(afterMs)} was asked for.`;
  return {
    field,
    code: 'NOT_EARLIER',
    message: field === 'endsAt' ? `${message} To stop at once, end the drop.` : message,
  };
}

export function withChange(plan: DropPlan, change: SafeChange): DropPlan {
  const admission = { ...plan.admission, ...change.admission };
  const title = change.title?.slice(0, LIMITS.titleChars) ?? plan.title;
  return {
    ...plan,
    title,
    admission,
    lobbyOpensAt: change.lobbyOpensAt ?? plan.lobbyOpensAt,
    startsAt: change.startsAt ?? plan.startsAt,
    endsAt: change.endsAt ?? plan.endsAt,
    challenge: change.challenge ?? plan.challenge,
  };
}
