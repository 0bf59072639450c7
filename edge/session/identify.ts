/** Who joins: the owner of the access token, or, for a guest who comes back, the holder of the ticket. */
import type { DropDefinition } from '../../contracts/drop.ts';
import type { TokenKind } from '../../platform/tokens/access-token.ts';
import type { SessionServices } from './services.ts';

export interface Shopper {
  readonly id: string;
  readonly kind: TokenKind;
  readonly tier: string | undefined;
  /** With a ticket of this drop that is theirs. */
  readonly returning: boolean;
}

export async function identify(
  services: Pick<SessionServices, 'accessTokens' | 'passports'>,
  given: { dropId: string; token: string; ticket: string | undefined },
): Promise<Shopper | undefined> {
  const identity = await services.accessTokens.verify(given.token);
  if (identity === undefined) return undefined;
  const { kind, tier } = identity;
  const ticket = given.ticket === undefined ? undefined : services.passports.openTicket(given.ticket);
  const holder = ticket?.dropId === given.dropId ? ticket.shopperId : undefined;
  // A guest's token may be a new one after a reload; the ticket says whose place it was. An account is who it is.
  const id = kind === 'guest' ? (holder ?? identity.userId) : identity.userId;
  return { id, kind, tier, returning: holder === id };
}

/** The lane of the shopper's tier, or else the first: everybody's. */
export function laneOf(drop: DropDefinition, tier: string | undefined): string {
  const [everybodys] = drop.lanes;
  const own = tier === undefined ? undefined : drop.lanes.find((lane) => lane.tier === tier);
  return own?.name ?? everybodys?.name ?? 'main';
}
