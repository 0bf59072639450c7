/** The same for a person and for the support that asks for them. */
import { LIFETIMES } from '../../contracts/limits.ts';
import { findObstacles } from '../../db/queries/privacy/find-obstacles.ts';
import { insertPrivacyRequest, type PrivacyKind, type PrivacyRequest } from '../../db/queries/privacy/requests.ts';
import type { DatabaseClient } from '../../platform/connections/postgres.ts';
import { Refusal } from '../plugins/problems.ts';
import type { StoreServices } from '../services.ts';

export interface Asking {
  readonly userId: string;
  readonly askedBy: string;
  readonly kind: PrivacyKind;
}

/** Asked again while one is open, it is that one. */
export async function askFor(
  { nextId, clock }: Pick<StoreServices, 'nextId' | 'clock'>,
  client: DatabaseClient,
  { userId, askedBy, kind }: Asking,
): Promise<PrivacyRequest> {
  if (kind === 'erasure') {
    const obstacles = await findObstacles(client, userId);
    if (obstacles.length > 0) throw new Refusal('ERASURE_BLOCKED', { detail: obstacles.join(' ') });
  }
  const nowMs = clock.now();
  const waitMs = kind === 'erasure' ? LIFETIMES.erasureGraceMs : 0;
  const times = { askedAt: new Date(nowMs), dueAt: new Date(nowMs + waitMs) };
  return await insertPrivacyRequest(client, { id: nextId(), userId, kind, askedBy, ...times });
}
