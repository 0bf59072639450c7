/** The public name of a ticket: what the list of entrants shows instead of the shopper. */
import { createHash } from 'node:crypto';

const DOMAIN = 'dropgate-entrant-v1|';
export const ENTRANT_ID_BYTES = 16;
export const ENTRANT_ID_PATTERN = '^[0-9a-f]{32}$';

/**
 * 32 hex characters, from the text of the signed ticket. Whoever holds the ticket can make it again; nobody can make a
 * ticket from it, and as it is hashed with a name of its own it is of no use where another hash of the ticket is kept.
 */
export function entrantIdOf(ticket: string): string {
  return createHash('sha256')
    .update(`${DOMAIN}${ticket}`)
    .digest('hex')
    .slice(0, 2 * ENTRANT_ID_BYTES);
}
