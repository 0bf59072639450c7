/**
 * A call that changes a cart. The key of an account's is kept in the commit of the change, which is in PostgreSQL as well; a
 * guest's cart is in Redis, so its key is kept around the call.
 */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { readAnswer, sendAgain } from '../idempotency/answers.ts';
import { answeredBefore, askedKeyFor } from '../idempotency/idempotently.ts';
import { answeredOrBegun } from '../idempotency/repeated-calls.ts';
import { callerOf } from '../plugins/access.ts';
import type { StoreServices } from '../services.ts';
import type { CartChange } from './cart-changes.ts';
import type { Owner } from './cart-store.ts';
import type { CartView } from './cart-view.ts';
import type { Carts } from './carts.ts';
import { ownerToChange } from './forms.ts';

export interface ChangingCall {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly params: { readonly userId?: string };
  change(owner: Owner): CartChange;
  /** Not of a call that was answered before. */
  done?(view: CartView, owner: Owner): void;
}

export async function answerChange(
  services: StoreServices,
  carts: Carts,
  { request, reply, params, change, done }: ChangingCall,
): Promise<void> {
  const isOwn = params.userId === undefined || params.userId === callerOf(request).userId;
  // Before it is written down that support did something.
  if (!isOwn && (await answeredBefore(services, request, reply))) return;
  const owner = await ownerToChange(request, params, services);
  const asked = askedKeyFor(request, {});
  let view: CartView;
  if (asked === undefined) {
    view = await carts.change(owner, change(owner));
  } else if (owner.kind === 'guest') {
    if ((await answeredOrBegun(services, request, reply)) !== undefined) return;
    view = await carts.change(owner, change(owner));
  } else {
    const readBefore = readAnswer.bind(undefined, reply, asked);
    const changed = await carts.changeOnce(owner, change(owner), { asked, readBefore });
    if (!changed.isNew) return void (await sendAgain(reply, changed.kept));
    view = changed.view;
  }
  done?.(view, owner);
  await reply.send(view);
}
