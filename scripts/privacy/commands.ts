import { open } from 'node:fs/promises';
import type { IdSource } from '../../contracts/ids.ts';
import { LIFETIMES } from '../../contracts/limits.ts';
import { insertAuditEntry } from '../../db/queries/audit-log.ts';
import { findObstacles, isKnownPerson } from '../../db/queries/privacy/find-obstacles.ts';
import { insertPrivacyRequest, listPrivacyRequests } from '../../db/queries/privacy/requests.ts';
import type { Clock } from '../../platform/clock.ts';
import { type Database, type DatabaseClient, withTransaction } from '../../platform/connections/postgres.ts';
import { exportPerson } from '../../queue-workers/privacy/export-person.ts';
import type { LiveThings } from '../../queue-workers/privacy/live-things.ts';

export interface Parts {
  readonly database: Database;
  readonly live: LiveThings | undefined;
  readonly clock: Clock;
  readonly nextId: IdSource;
  tell(line: string): void;
}

/** By who runs the store: an actor without an account. */
async function record(client: DatabaseClient, { nextId }: Parts, action: string, userId: string): Promise<void> {
  const act = { action, subjectKind: 'user', subjectId: userId, detail: { by: 'command' } };
  await insertAuditEntry(client, { id: nextId(), actorId: null, actorRole: null, ...act });
}

async function refuseUnknown({ database, tell }: Parts, userId: string): Promise<boolean> {
  if (await isKnownPerson(database, userId)) return false;
  tell('There is no such account, and no guest who ordered as this shopper.');
  return true;
}

export async function exportTo(parts: Parts, userId: string, out: string | undefined): Promise<number> {
  if (await refuseUnknown(parts, userId)) return 1;
  await withTransaction(parts.database, (client) => record(client, parts, 'privacy.exported', userId));
  const texts = exportPerson(parts, { userId, nowMs: parts.clock.now() });
  if (out === undefined) {
    for await (const text of texts) process.stdout.write(text);
    return 0;
  }
  const file = await open(out, 'wx', 0o600);
  try {
    let bytes = 0;
    for await (const text of texts) bytes += (await file.write(text)).bytesWritten;
    parts.tell(`${bytes} bytes in ${out}`);
  } finally {
    await file.close();
  }
  return 0;
}

export async function erase(parts: Parts, userId: string, isNow: boolean): Promise<number> {
  if (await refuseUnknown(parts, userId)) return 1;
  const { database, clock, nextId, tell } = parts;
  const obstacles = await findObstacles(database, userId);
  if (obstacles.length > 0) {
    for (const obstacle of obstacles) tell(obstacle);
    return 1;
  }
  const nowMs = clock.now();
  const dueAt = new Date(nowMs + (isNow ? 0 : LIFETIMES.erasureGraceMs));
  const asked = await withTransaction(database, async (client) => {
    await record(client, parts, 'privacy.erasure-asked', userId);
    const request = { id: nextId(), userId, kind: 'erasure', askedBy: null, askedAt: new Date(nowMs), dueAt } as const;
    return await insertPrivacyRequest(client, request);
  });
  tell(`${asked.id} ${asked.state}, due ${asked.dueAt?.toISOString() ?? 'never'}`);
  return 0;
}

export async function status({ database, tell }: Parts, userId: string): Promise<number> {
  const found = await listPrivacyRequests(database, userId);
  if (found.length === 0) tell('Nothing was asked for this person.');
  for (const { id, kind, state, askedAt, dueAt, doneAt, refusal, receipt } of found) {
    const when = doneAt === null ? `due ${dueAt?.toISOString() ?? ''}` : `ended ${doneAt.toISOString()}`;
    const why = refusal === null ? '' : `: ${refusal}`;
    const rows = Object.values(receipt.rows ?? {}).reduce((sum, count) => sum + count, 0);
    const touched = receipt.rows === undefined ? '' : `, ${rows} rows`;
    tell(`${id} ${kind} ${state}, asked ${askedAt.toISOString()}, ${when}${touched}${why}`);
  }
  return 0;
}
