/**
 * Does what people asked about their data. A request is leased by its time, and each taking of it has a number: whoever
 * comes to life again after somebody else took it over writes nothing. An erasure looks twice: the second time when the
 * last access token has expired, for what was still written with it.
 */
import { INTERVALS, LIFETIMES, LIMITS } from '../../contracts/limits.ts';
import { dropPrivacyFile, writePrivacyPiece } from '../../db/queries/privacy/files.ts';
import { findObstacles } from '../../db/queries/privacy/find-obstacles.ts';
import {
  type PrivacyRequest,
  type PrivacyStep,
  stepPrivacyRequest,
  takePrivacyRequests,
} from '../../db/queries/privacy/requests.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Database } from '../../platform/connections/postgres.ts';
import type { Logger } from '../../platform/logging/logger.ts';
import { type Repeated, repeat } from '../repeat.ts';
import { added, erasePerson, Obstructed } from './erase-person.ts';
import { exportPerson } from './export-person.ts';
import type { LiveThings } from './live-things.ts';

export interface PrivacyOptions {
  readonly database: Database;
  readonly live: LiveThings | undefined;
  readonly clock: Clock;
  readonly log: Logger;
  readonly everyMs: number;
  readonly metrics: { ended(kind: string, state: string): void; failed(kind: string): void };
}

class TakenOver extends Error {}

export function startPrivacy(options: PrivacyOptions): Repeated {
  const { log, everyMs, metrics } = options;
  return repeat({
    everyMs,
    async look(stopping) {
      for (const request of await take(options)) {
        if (stopping.aborted) return;
        await work(options, request);
      }
    },
    failed(error) {
      log.warn({ err: error }, 'privacy requests could not be looked at');
      metrics.failed('look');
    },
  });
}

function take({ database, clock }: PrivacyOptions): Promise<PrivacyRequest[]> {
  const nowMs = clock.now();
  const leaseUntil = new Date(nowMs + INTERVALS.privacyLeaseMs);
  return takePrivacyRequests(database, { now: new Date(nowMs), leaseUntil, limit: 1 });
}

async function work(options: PrivacyOptions, request: PrivacyRequest): Promise<void> {
  const { id, kind } = request;
  try {
    await (kind === 'export' ? exportFor(options, request) : eraseFor(options, request));
  } catch (error) {
    if (error instanceof TakenOver) return;
    options.metrics.failed(kind);
    options.log.error({ err: error, requestId: id, kind, tries: request.tries }, 'a privacy request failed');
    await tryLater(options, request);
  }
}

async function exportFor(options: PrivacyOptions, request: PrivacyRequest): Promise<void> {
  const { database, clock } = options;
  // What an earlier try left.
  await dropPrivacyFile(database, request.id);
  let piece = 0;
  let bytes = 0;
  for await (const data of inPieces(exportPerson(options, { userId: request.userId, nowMs: clock.now() }))) {
    bytes += data.length;
    if (bytes > LIMITS.exportBytes) throw new RangeError('an export is larger than any should be');
    const leaseUntil = new Date(clock.now() + INTERVALS.privacyLeaseMs);
    if (!(await writePrivacyPiece(database, request, { piece, data, leaseUntil }))) throw new TakenOver();
    piece += 1;
  }
  const doneAt = new Date(clock.now());
  const expiresAt = new Date(doneAt.getTime() + LIFETIMES.exportFileMs);
  await step(options, request, { state: 'done', doneAt, expiresAt, receipt: { bytes } });
}

async function eraseFor(options: PrivacyOptions, request: PrivacyRequest): Promise<void> {
  const { database, clock } = options;
  const { userId, receipt } = request;
  const isSecondLook = receipt.erasedAt !== undefined;
  const obstacles = await findObstacles(database, userId);
  if (obstacles.length > 0) return await wait(options, request, obstacles);
  const goesOn = async () => {
    const dueAt = new Date(clock.now() + INTERVALS.privacyLeaseMs);
    // From the first step on there is no way back: an obstacle that turns up later is waited for.
    if (
      !(await stepPrivacyRequest(database, request, { state: 'working', dueAt, receipt: { rows: {}, ...receipt } }))
    ) {
      throw new TakenOver();
    }
  };
  const touched = await erasePerson(options, userId, goesOn).catch(obstructed);
  if (touched instanceof Obstructed) return await wait(options, request, touched.obstacles);
  const rows = added(receipt.rows ?? {}, touched);
  const now = new Date(clock.now());
  const erasedAt = receipt.erasedAt ?? now.toISOString();
  const dueAt = new Date(now.getTime() + LIFETIMES.erasureAfterMs);
  const ended: PrivacyStep = isSecondLook ? { state: 'done', doneAt: now } : { state: 'working', dueAt };
  await step(options, request, { ...ended, receipt: { erasedAt, rows } });
}

/** Refused, or, once it has begun, looked at again later: what was ordered with a token that still worked is waited for. */
async function wait(options: PrivacyOptions, request: PrivacyRequest, obstacles: readonly string[]): Promise<void> {
  const nowMs = options.clock.now();
  const hasBegun = request.receipt.rows !== undefined;
  const dueAt = new Date(nowMs + LIFETIMES.erasureAfterMs);
  const refusal = obstacles.join(' ').slice(0, 500);
  await step(
    options,
    request,
    hasBegun ? { state: 'working', dueAt } : { state: 'refused', refusal, doneAt: new Date(nowMs) },
  );
}

function obstructed(error: unknown): Obstructed {
  if (!(error instanceof Obstructed)) throw error;
  return error;
}

async function step(options: PrivacyOptions, request: PrivacyRequest, to: PrivacyStep): Promise<void> {
  if (!(await stepPrivacyRequest(options.database, request, to))) throw new TakenOver();
  if (to.state !== 'working') options.metrics.ended(request.kind, to.state);
  options.log.info({ requestId: request.id, kind: request.kind, state: to.state }, 'a privacy request went on');
}

/** An erasure is owed to the person: it is tried until it is done. An export can be asked for again. */
async function tryLater(options: PrivacyOptions, request: PrivacyRequest): Promise<void> {
  const now = options.clock.now();
  const isOver = request.kind === 'export' && request.tries >= LIMITS.privacyTries;
  const waitMs = INTERVALS.privacyRetryMs * 2 ** Math.min(request.tries - 1, LIMITS.privacyTries);
  const to: PrivacyStep = isOver
    ? // What was made of a file that nobody will ever get goes with those that are over.
      { state: 'failed', doneAt: new Date(now), expiresAt: new Date(now) }
    : { state: 'working', dueAt: new Date(now + waitMs) };
  await stepPrivacyRequest(options.database, request, to).catch((error: unknown) => {
    // Its lease runs out by itself.
    options.log.warn({ err: error, requestId: request.id }, 'a privacy request could not be put off');
  });
}

async function* inPieces(texts: AsyncIterable<string>): AsyncGenerator<Buffer> {
  let held: Buffer[] = [];
  let bytes = 0;
  for await (const text of texts) {
    const data = Buffer.from(text);
    held.push(data);
    bytes += data.length;
    if (bytes < LIMITS.exportPieceBytes) continue;
    yield Buffer.concat(held);
    held = [];
    bytes = 0;
  }
  if (bytes > 0) yield Buffer.concat(held);
}
