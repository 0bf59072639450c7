/** Who may take a place: somebody we know, who does not join too often, and who solved what was asked for. */
import type { ErrorCode } from '../../contracts/errors.ts';
import type { Room } from '../waiting-room/room.ts';
import { identify, type Shopper } from './identify.ts';
import type { SessionServices } from './services.ts';

export interface EntryRequest {
  readonly room: Room;
  readonly address: string;
  readonly token: string;
  readonly ticket: string | undefined;
  readonly proof: string | undefined;
}

export type Entry =
  | { readonly ok: true; readonly shopper: Shopper }
  | {
      readonly ok: false;
      readonly code: ErrorCode;
      readonly more: { readonly retryAfterMs?: number; readonly challenge?: string };
    };

export async function letIn(services: SessionServices, request: EntryRequest): Promise<Entry> {
  const { room, address, token, ticket, proof } = request;
  const { drop } = room;
  const shopper = await identify(services, { dropId: drop.id, token, ticket });
  if (shopper === undefined) {
    services.gate.suspect(address);
    return { ok: false, code: 'UNAUTHENTICATED', more: {} };
  }
  const who = { shopperId: shopper.id, kind: shopper.kind, returning: shopper.returning };
  const decision = await services.gate.join({ drop, address, proof, ...who });
  if (decision.ok) return { ok: true, shopper };
  return decision.code === 'RATE_LIMITED'
    ? { ok: false, code: decision.code, more: { retryAfterMs: decision.retryAfterMs } }
    : { ok: false, code: decision.code, more: { challenge: decision.challenge } };
}
