/**
 * An effect that happens once for each Idempotency-Key. The answer is kept in the transaction of its effect: whatever
 * happens to the process, either both are there or neither. A route that uses it says `idempotency: 'own'`.
 */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { findKey, type KeyRow, keepKey, lockKey } from '../../db/queries/idempotency-keys.ts';
import {
  type DatabaseClient,
  type LastOf,
  type ShortTransaction,
  withShortTransaction,
  withTransaction,
} from '../../platform/connections/postgres.ts';
import type { Asking } from '../../platform/connections/postgres-together.ts';
import { Refusal } from '../plugins/problems.ts';
import type { StoreServices } from '../services.ts';
import { type KeptReply, keptAnswerOf, readAnswer, send, sendAgain, stillRunning } from './answers.ts';
import { type AskedKey, askedKeyOf } from './asked-key.ts';
import { retryingConflicts } from './retrying-conflicts.ts';

export interface Done {
  readonly status: number;
  readonly body: object | null;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface IdempotencyOptions {
  /** Without the header the call is refused. */
  readonly required?: boolean;
  /** As of withTransaction. */
  readonly plannedOnce?: boolean;
}

type Parts = Pick<StoreServices, 'database' | 'clock'>;

/**
 * Runs `work` in one transaction and answers with what it returns, or with the first answer to the same key and content.
 * What `work` throws is not kept: it is answered, and its transaction is undone. `work` may run more than once, if the
 * database undid it to let another transaction through; it touches nothing but its client.
 */
export async function idempotently(
  { database, clock }: Parts,
  request: FastifyRequest,
  reply: FastifyReply,
  work: (client: DatabaseClient) => Promise<Done>,
  options: IdempotencyOptions = {},
): Promise<void> {
  const answer = await onceFor({ database, clock }, request, reply, work, options);
  await (answer.isNew ? send(reply, answer.kept) : sendAgain(reply, answer.kept));
}

export interface Answered {
  readonly kept: KeptReply;
  /** False for an answer that was given before. */
  readonly isNew: boolean;
}

/** As idempotently, for who has something to do between the effect and its answer. */
export async function onceFor(
  { database, clock }: Parts,
  request: FastifyRequest,
  reply: FastifyReply,
  work: (client: DatabaseClient) => Promise<Done>,
  options: IdempotencyOptions = {},
): Promise<Answered> {
  const asked = askedKeyFor(request, options);
  if (asked === undefined) {
    const done = await retryingConflicts(() => withTransaction(database, work, options));
    return { kept: keptOf(done), isNew: true };
  }
  const once = async (client: DatabaseClient): Promise<Answered> => {
    if (!(await lockKey(client, asked))) throw stillRunning(reply);
    const before = readAnswer(reply, asked, await findKey(client, asked, clock.now()));
    if (before !== undefined) return { kept: before, isNew: false };
    const answer = keptOf(await work(client));
    await keepAnswer(client, asked, answer, clock.now());
    return { kept: answer, isNew: true };
  };
  return await retryingConflicts(() => withTransaction(database, once, options));
}

export interface ShortWork<A> {
  /** Asked together with what was answered before to this key, which the transaction has locked just before, if nobody had it. */
  first(asking: Asking, key: AskedKey): Promise<A>;
  work(client: DatabaseClient, found: A): Promise<LastOf<Done>>;
}

/** As onceFor, in a short transaction (withShortTransaction), for a call that needs a key. */
export async function onceInShort<A>(
  { database, clock }: Parts,
  { request, reply }: { readonly request: FastifyRequest; readonly reply: FastifyReply },
  { first, work }: ShortWork<A>,
): Promise<Answered> {
  const asked = askedKeyFor(request, {});
  if (asked === undefined) throw new Refusal('KEY_REQUIRED');
  const transaction: ShortTransaction<readonly [boolean, KeyRow | undefined, A], Answered> = {
    first: (asking) => Promise.all([lockKey(asking, asked), findKey(asking, asked, clock.now()), first(asking, asked)]),
    async work(client, [isOurs, row, found]) {
      if (!isOurs) throw stillRunning(reply);
      const before = readAnswer(reply, asked, row);
      if (before !== undefined) return { result: { kept: before, isNew: false } };
      const { result, last } = await work(client, found);
      const kept = keptOf(result);
      return {
        result: { kept, isNew: true },
        last: (asking) => Promise.all([last?.(asking), keepAnswer(asking, asked, kept, clock.now())]),
      };
    },
  };
  return await retryingConflicts(() => withShortTransaction(database, transaction, { plannedOnce: true }));
}

export function askedKeyFor(request: FastifyRequest, { required = false }: IdempotencyOptions): AskedKey | undefined {
  const asked = askedKeyOf(request);
  if (asked === undefined && required) throw new Refusal('KEY_REQUIRED');
  return asked;
}

/** For what has to be looked up before the transaction: false when it has not been answered yet. */
export async function answeredBefore(
  { database, clock }: Parts,
  request: FastifyRequest,
  reply: FastifyReply,
  options: IdempotencyOptions = {},
): Promise<boolean> {
  const asked = askedKeyFor(request, options);
  if (asked === undefined) return false;
  const before = readAnswer(reply, asked, await findKey(database, asked, clock.now()));
  if (before !== undefined) await sendAgain(reply, before);
  return before !== undefined;
}

export async function keepAnswer(client: Asking, asked: AskedKey, kept: KeptReply, nowMs: number): Promise<void> {
  await keepKey(client, keptAnswerOf(asked, kept, nowMs));
}

function keptOf({ status, body, headers = {} }: Done): KeptReply {
  return { status, headers: { ...headers }, body };
}
