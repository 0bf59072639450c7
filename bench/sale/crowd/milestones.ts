/** What happens to a shopper once, whatever sockets they have: a place, which they keep, and their turn. */
import type { Account } from './account.ts';
import type { World } from './world.ts';

export function notePlace({ plan, tally }: World, account: Account, entrant: string, place: number): void {
  if (account.entrant !== '' && account.entrant !== entrant) tally.wrong('tickets of one shopper with two names');
  // Whose turn has been and gone joins again, at the end.
  const isOther = account.place > 0 && place > 0 && account.place !== place;
  if (isOther && !account.isAdmitted) tally.wrong('places that were lost');
  account.entrant = entrant;
  if (place > 0) account.place = place;
  if (account.isPlaced) return;
  account.isPlaced = true;
  tally.count(account.kind, 'joined');
  tally.took(Date.now() < plan.startsAtMs ? 'joinLobby' : 'joinLive', performance.now() - account.dueMs);
}

export function noteAdmission({ plan, tally }: World, account: Account): void {
  if (account.isAdmitted) return;
  account.isAdmitted = true;
  tally.count(account.kind, 'admitted');
  tally.inSecond('admitted');
  const sinceStartMs = Math.max(0, Date.now() - plan.startsAtMs);
  tally.waited(account.kind, Math.min(sinceStartMs, performance.now() - account.dueMs));
}
