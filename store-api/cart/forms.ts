/** Carts have two addresses: `/cart` for one's own and `/cart/{userId}` for one's own or, for support, somebody's. */
import type { FastifyRequest } from 'fastify';
import Type from 'typebox';
import { UUID_V7_PATTERN } from '../../contracts/ids.ts';
import { LIMITS } from '../../contracts/limits.ts';
import { isAccount } from '../../db/queries/carts.ts';
import { recordAct } from '../../db/queries/record-act.ts';
import { withTransaction } from '../../platform/connections/postgres.ts';
import { type Access, callerOf, SIGNED_IN_OR_GUEST } from '../plugins/access.ts';
import type { StoreServices } from '../services.ts';
import type { By } from './cart-changes.ts';
import type { Owner } from './cart-store.ts';

const OWN_OR_SUPPORT: Access = { to: 'own', param: 'userId', orRoles: ['support', 'admin'], guests: true };

export const FORMS = [
  { at: '/cart', access: SIGNED_IN_OR_GUEST },
  { at: '/cart/:userId', access: OWN_OR_SUPPORT },
] as const;

const userId = Type.Optional(Type.String({ pattern: UUID_V7_PATTERN }));
export const Sku = Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9._-]*$', maxLength: LIMITS.skuChars });
export const Params = Type.Object({ userId });
export const SkuParams = Type.Object({ userId, sku: Sku });
export const Quantity = Type.Integer({ minimum: 1, maximum: LIMITS.cartUnitsPerLine });

/** Of every change; in the query where there is no body. */
export const ByShape = {
  at: Type.Optional(
    Type.Integer({ minimum: 0, maximum: 8_640_000_000_000_000, description: 'When it was done, if not just now.' }),
  ),
  device: Type.Optional(Type.String({ pattern: '^[A-Za-z0-9._-]+$', maxLength: LIMITS.deviceChars })),
  version: Type.Optional(
    Type.Integer({ minimum: 0, description: 'Only if the cart is still as it was seen; else CART_CHANGED.' }),
  ),
};
export const ByQuery = Type.Object(ByShape, { additionalProperties: false });

export function byOf({ at, device, version }: { at?: number; device?: string; version?: number }): By {
  return { atMs: at, device, ifVersion: version };
}

export async function ownerOf(
  request: FastifyRequest,
  { userId }: { userId?: string },
  { database }: StoreServices,
): Promise<Owner> {
  const caller = callerOf(request);
  if (userId === undefined || userId === caller.userId) return { kind: caller.kind, userId: caller.userId };
  return { kind: (await isAccount(database, userId)) ? 'user' : 'guest', userId };
}

/** As above, for a change: what support does to somebody's cart is written down. */
export async function ownerToChange(
  request: FastifyRequest,
  params: { userId?: string },
  services: StoreServices,
): Promise<Owner> {
  const owner = await ownerOf(request, params, services);
  const caller = callerOf(request);
  if (owner.userId === caller.userId) return owner;
  await withTransaction(services.database, (client) =>
    recordAct(client, {
      ...{ id: services.nextId(), actorId: caller.userId, actorRole: caller.role, action: 'cart.change' },
      ...{ subjectKind: 'cart', subjectId: owner.userId, detail: { method: request.method } },
    }),
  );
  return owner;
}
