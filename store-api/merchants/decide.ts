/** What an admin decides about a merchant: role, sessions, goods, journal and mail in one transaction. */
import { noticeEvent } from '../../contracts/notices.ts';
import { holdRole, insertAuditEntry } from '../../db/queries/audit-log.ts';
import { findUser } from '../../db/queries/find-user.ts';
import { insertOutbox } from '../../db/queries/insert-outbox.ts';
import {
  decideMerchant,
  lockMerchant,
  type MerchantStatus,
  type StoredMerchant,
} from '../../db/queries/merchants/merchants.ts';
import { lockDropsOf, pauseDropsOf } from '../../db/queries/merchants/suspended.ts';
import { releaseProducts, withholdProducts } from '../../db/queries/merchants/withhold-products.ts';
import { endSessions } from '../../db/queries/sessions.ts';
import { updateUser } from '../../db/queries/write-user.ts';
import type { Identity } from '../../platform/tokens/access-token.ts';
import { ALL } from '../caching/catalog.ts';
import { type Change, changeCatalog } from '../caching/change.ts';
import { Refusal } from '../plugins/problems.ts';
import type { StoreServices } from '../services.ts';

export const DECISIONS = {
  approve: { from: ['applied', 'declined'], to: 'active', role: 'merchant', action: 'merchant.approved' },
  decline: { from: ['applied'], to: 'declined', role: undefined, action: 'merchant.declined' },
  suspend: { from: ['active'], to: 'suspended', role: 'shopper', action: 'merchant.suspended' },
  reinstate: { from: ['suspended'], to: 'active', role: 'merchant', action: 'merchant.reinstated' },
} as const satisfies Record<string, Decision>;

interface Decision {
  readonly from: readonly MerchantStatus[];
  readonly to: Exclude<MerchantStatus, 'applied'>;
  /** What their account becomes by it. */
  readonly role: 'merchant' | 'shopper' | undefined;
  readonly action: string;
}

export type DecisionName = keyof typeof DECISIONS;

/** More products than these are shown anew when the caches are too old, a minute later. */
const TOLD_AT_ONCE = 5_000;

export async function decide(
  services: StoreServices,
  actor: Identity,
  asked: { readonly id: string; readonly decision: DecisionName; readonly note: string },
): Promise<StoredMerchant> {
  const { nextId } = services;
  const { id, decision, note } = asked;
  const { from, to, role, action }: Decision = DECISIONS[decision];
  return await changeCatalog(services, async (change) => {
    const { client } = change;
    if ((await holdRole(client, actor.userId)) !== actor.role) throw new Refusal('FORBIDDEN');
    if (id === actor.userId) throw new Refusal('FORBIDDEN', { detail: 'Not about oneself.' });
    const before = await lockMerchant(client, id);
    if (before === undefined) throw new Refusal('NOT_FOUND');
    if (!from.includes(before.status)) {
      throw new Refusal('STEP_REFUSED', { detail: `Not of a merchant who is ${before.status}.` });
    }
    if (decision === 'suspend') await lockDropsOf(client, id);
    const merchant = await decideMerchant(client, { id, status: to, note, decidedBy: actor.userId });
    const moved = await moveGoods(change, decision, id);
    if (role !== undefined) await giveRole(services, change, id, role);
    const paused = decision === 'suspend' ? await pauseDropsOf(client, id) : [];
    const entry = {
      action,
      subjectKind: 'merchant',
      subjectId: id,
      detail: { from: before.status, to, products: moved, pausedDrops: paused.length },
    };
    await insertAuditEntry(client, { ...entry, id: nextId(), actorId: actor.userId, actorRole: actor.role });
    await tell(services, change, { id, decision, name: merchant.name, note });
    return merchant;
  });
}

async function moveGoods(change: Change, decision: DecisionName, merchantId: string): Promise<number> {
  if (decision !== 'suspend' && decision !== 'reinstate') return 0;
  const moved = await (decision === 'suspend' ? withholdProducts : releaseProducts)(change.client, merchantId);
  for (const { id, slug } of moved.slice(0, TOLD_AT_ONCE)) change.stale('product', id, slug);
  if (moved.length > 0) change.stale('category', ALL);
  return moved.length;
}

/** As with every change of a role, sessions end: no token with the old one is refreshed. */
async function giveRole(
  { clock }: StoreServices,
  { client }: Change,
  userId: string,
  role: 'merchant' | 'shopper',
): Promise<void> {
  const user = await findUser(client, userId);
  if (user === undefined || user.status === 'erased') throw new Refusal('NOT_FOUND');
  if (user.role === 'admin' || user.role === 'support') {
    throw new Refusal('FORBIDDEN', { detail: 'Who works for the shop does not sell in it.' });
  }
  // Somebody whose account is erased in this moment is nobody any more.
  if ((await updateUser(client, userId, { role })) === undefined) throw new Refusal('NOT_FOUND');
  await endSessions(client, { userId, by: 'revoked', now: new Date(clock.now()) });
}

async function tell(
  { clock, nextId }: StoreServices,
  { client }: Change,
  { id, decision, name, note }: { id: string; decision: DecisionName; name: string; note: string },
): Promise<void> {
  const text = noticeEvent({
    ...{ template: 'merchant-decision', userId: id, eventId: nextId(), at: clock.now() },
    values: { decision, name, note },
  });
  await insertOutbox(client, [{ topic: 'notification.email', key: id, text }]);
}
