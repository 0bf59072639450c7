/** Answers as they are kept, and as they are given again. */
import type { FastifyReply } from 'fastify';
import Type, { type Static } from 'typebox';
import { Compile } from 'typebox/compile';
import { DropgateError } from '../../contracts/errors.ts';
import { LIFETIMES } from '../../contracts/limits.ts';
import type { KeptAnswer, KeyRow } from '../../db/queries/idempotency-keys.ts';
import { Refusal } from '../plugins/problems.ts';
import type { AskedKey } from './asked-key.ts';

const Kept = Type.Object({
  status: Type.Integer({ minimum: 200, maximum: 599 }),
  headers: Type.Record(Type.String(), Type.String()),
  body: Type.Unknown(),
});
export type KeptReply = Static<typeof Kept>;
const compiled = Compile(Kept);
const isKept = (value: unknown): value is KeptReply => compiled.Check(value);

/** Of a request that is under way the client asks again after this long. */
const ASK_AGAIN_SECONDS = 1;

/** What was answered before; undefined when nothing was. Refuses other content, and what is still under way. */
export function readAnswer(reply: FastifyReply, asked: AskedKey, row: KeyRow | undefined): KeptReply | undefined {
  if (row === undefined) return undefined;
  if (row.fingerprint !== asked.fingerprint) throw new Refusal('KEY_REUSED');
  if (row.response === null) throw stillRunning(reply);
  if (!isKept(row.response)) throw new DropgateError('INTERNAL', 'an answer that was kept is none');
  return row.response;
}

/** As it is written down. */
export function keptAnswerOf({ scope, key, fingerprint }: AskedKey, kept: KeptReply, nowMs: number): KeptAnswer {
  const untilMs = nowMs + LIFETIMES.idempotencyKeyMs;
  return { scope, key, fingerprint, response: JSON.stringify(kept), nowMs, untilMs };
}

export function stillRunning(reply: FastifyReply): Refusal {
  reply.header('retry-after', String(ASK_AGAIN_SECONDS));
  return new Refusal('KEY_IN_USE');
}

export function send(reply: FastifyReply, { status, headers, body }: KeptReply): FastifyReply {
  if (status >= 400) reply.type('application/problem+json');
  return reply.code(status).headers(headers).send(body);
}

export function sendAgain(reply: FastifyReply, kept: KeptReply): FastifyReply {
  reply.header('idempotent-replayed', 'true');
  return send(reply, kept);
}
