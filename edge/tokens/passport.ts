/**
 * The two signed papers of a shopper. A ticket brings its holder back to their place, whatever socket they come from.
 * A pass lets its holder claim in one region of one drop until it expires.
 */
import { LIMITS } from '../../contracts/limits.ts';
import { createSigner } from './signature.ts';

export interface Ticket {
  readonly dropId: string;
  readonly shopperId: string;
}

export interface Pass extends Ticket {
  readonly region: string;
  readonly expiresAtMs: number;
}

export interface Passports {
  ticket(ticket: Ticket): string;
  openTicket(text: string): Ticket | undefined;
  pass(pass: Pass): string;
  openPass(text: string): Pass | undefined;
}

export function createPassports(secret: string): Passports {
  const tickets = createSigner(secret, 'ticket-v1');
  const passes = createSigner(secret, 'pass-v1');
  return {
    ticket: ({ dropId, shopperId }) => tickets.sign([dropId, shopperId]),
    openTicket(text) {
      const [dropId, shopperId] = (text.length <= LIMITS.ticketChars && tickets.open(text)) || [];
      return dropId === undefined || shopperId === undefined ? undefined : { dropId, shopperId };
    },
    pass: ({ dropId, shopperId, region, expiresAtMs }) => passes.sign([dropId, shopperId, region, String(expiresAtMs)]),
    openPass(text) {
      const [dropId, shopperId, region, until] = (text.length <= LIMITS.passChars && passes.open(text)) || [];
      if (dropId === undefined || shopperId === undefined || region === undefined) return undefined;
      return { dropId, shopperId, region, expiresAtMs: Number(until) };
    },
  };
}
