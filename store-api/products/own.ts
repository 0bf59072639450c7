/** A change of a product by who may make it: its merchant, or an admin. What is somebody else's is answered like nothing. */
import type { FastifyRequest } from 'fastify';
import { lockProduct, type OwnedProduct } from '../../db/queries/write-product.ts';
import type { Identity } from '../../platform/tokens/access-token.ts';
import { type Change, changeCatalog, recordPrivileged } from '../caching/change.ts';
import { expectedVersion } from '../caching/etag.ts';
import { callerOf, onlyFor } from '../plugins/access.ts';
import { Refusal } from '../plugins/problems.ts';
import type { StoreServices } from '../services.ts';

export const MERCHANTS = onlyFor('merchant', 'admin');

/** Null of an admin, who may change the products of all. */
export function merchantOf({ role, userId }: Identity): string | null {
  return role === 'admin' ? null : userId;
}

export interface OwnChange {
  readonly change: Change;
  readonly product: OwnedProduct;
}

export async function changeOwnProduct<T>(
  services: StoreServices,
  request: FastifyRequest,
  act: { readonly productId: string; readonly action: string; readonly needsVersion?: boolean },
  work: (own: OwnChange) => Promise<T>,
): Promise<T> {
  const caller = callerOf(request);
  return await changeCatalog(services, async (change) => {
    const product = await lockProduct(change.client, act.productId, merchantOf(caller));
    if (product === undefined) throw new Refusal('NOT_FOUND');
    expectVersion(request, product.version, act.needsVersion ?? false);
    change.stale('product', act.productId, product.slug);
    const made = await work({ change, product });
    await recordPrivileged(change, services, caller, {
      action: act.action,
      subjectKind: 'product',
      subjectId: act.productId,
      detail: { merchantId: product.merchantId, version: product.version },
    });
    return made;
  });
}

function expectVersion(request: FastifyRequest, version: number, isNeeded: boolean): void {
  const expected = expectedVersion(request);
  if (expected === 'missing') {
    if (isNeeded) throw new Refusal('VERSION_REQUIRED');
    return;
  }
  if (expected === 'malformed') throw new Refusal('INVALID', { detail: 'If-Match is no ETag of a product.' });
  if (expected.version !== 'any' && expected.version !== version) throw new Refusal('VERSION_STALE');
}
