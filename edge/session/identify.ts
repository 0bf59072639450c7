/** Who joins: the owner of the access token, or, for a guest who comes back, the holder of the ticket. */
import type { SessionServices } from './services.ts';

export async function identify(
  services: SessionServices,
  given: { dropId: string; token: string; ticket: string | undefined },
): Promise<string | undefined> {
  const identity = await services.accessTokens.verify(given.token);
  if (identity === undefined) return undefined;
  // A guest's token may be a new one after a reload; the ticket says whose place it was. An account is who it is.
  if (identity.kind !== 'guest' || given.ticket === undefined) return identity.userId;
  const ticket = services.passports.openTicket(given.ticket);
  return ticket?.dropId === given.dropId ? ticket.shopperId : identity.userId;
}
