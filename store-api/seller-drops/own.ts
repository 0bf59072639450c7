/** A change of a drop by who may make it, once for each Idempotency-Key, written into the audit trail. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { DropPlan } from '../../commerce/drops/plan.ts';
import type { StoredDrop } from '../../db/drop-rows.ts';
import { holdRole } from '../../db/queries/audit-log.ts';
import { findDropStock, lockSellerDrop, type SellerDrop } from '../../db/queries/drops/seller-drops.ts';
import { recordAct } from '../../db/queries/record-act.ts';
import type { DatabaseClient } from '../../platform/connections/postgres.ts';
import type { Identity } from '../../platform/tokens/access-token.ts';
import { idempotently } from '../idempotency/idempotently.ts';
import { callerOf } from '../plugins/access.ts';
import { Refusal } from '../plugins/problems.ts';
import { merchantOf } from '../products/own.ts';
import type { StoreServices } from '../services.ts';
import { type Told, type WholeDropAnswer, wholeDropAnswer } from './answers.ts';
import { tellingProblems } from './refusal.ts';

export interface OwnDrop {
  readonly client: DatabaseClient;
  readonly caller: Identity;
  readonly own: SellerDrop;
}

export interface DropAct {
  readonly dropId: string;
  /** Such as `drop.schedule`. */
  readonly action: string;
  readonly detail?: Readonly<Record<string, unknown>>;
}

/** Locks the drop, does the work, writes it down, and answers with the drop as it is then. */
export async function changeOwnDrop(
  services: StoreServices,
  request: FastifyRequest,
  reply: FastifyReply,
  act: DropAct,
  work: (own: OwnDrop) => Promise<Told | null>,
): Promise<FastifyReply> {
  const caller = callerOf(request);
  return await tellingProblems(reply, () =>
    idempotently(services, request, reply, async (client) => {
      const own = await lockSellerDrop(client, act.dropId, merchantOf(caller));
      if (own === undefined) throw new Refusal('DROP_NOT_FOUND');
      await requireRole(client, caller);
      const check = await work({ client, caller, own });
      await record(services, client, caller, act, own.drop);
      return { status: 200, body: await readAgain(services, client, act.dropId, check) };
    }),
  );
}

export async function readAgain(
  { clock }: Pick<StoreServices, 'clock'>,
  client: DatabaseClient,
  dropId: string,
  check: Told | null,
): Promise<WholeDropAnswer> {
  const own = await lockSellerDrop(client, dropId, null);
  if (own === undefined) throw new Refusal('DROP_NOT_FOUND');
  return wholeDropAnswer(own, { stock: await findDropStock(client, dropId), check, nowMs: clock.now() });
}

/** A token says which role somebody had up to a quarter of an hour ago. */
export async function requireRole(client: DatabaseClient, { userId, role }: Identity): Promise<void> {
  if ((await holdRole(client, userId)) !== role) throw new Refusal('FORBIDDEN');
}

export async function record(
  { nextId }: Pick<StoreServices, 'nextId'>,
  client: DatabaseClient,
  { userId: actorId, role: actorRole }: Identity,
  { action, dropId: subjectId, detail }: DropAct,
  { merchantId, revision }: Pick<StoredDrop, 'merchantId' | 'revision'>,
): Promise<void> {
  const more = { merchantId, revision, ...detail };
  await recordAct(client, { id: nextId(), actorId, actorRole, action, subjectKind: 'drop', subjectId, detail: more });
}

export function planOf(drop: StoredDrop): DropPlan {
  const { id: _id, revision: _revision, state: _state, commit: _commit, merchantId: _merchant, ...plan } = drop;
  return plan;
}
