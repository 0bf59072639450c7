import Type from 'typebox';
import { LIMITS } from '../../contracts/limits.ts';
import { normalizeCode } from '../../contracts/promotions.ts';
import { callerOf } from '../plugins/access.ts';
import { Problem, Refusal } from '../plugins/problems.ts';
import type { StoreApp, StoreServices } from '../services.ts';
import { withCoupons } from './cart-changes.ts';
import type { Owner } from './cart-store.ts';
import { CartView } from './cart-view.ts';
import type { Carts } from './carts.ts';
import { ByQuery, ByShape, byOf, FORMS, ownerToChange, Params } from './forms.ts';
import { findCode } from './offers.ts';

const exact = { additionalProperties: false } as const;
const Code = Type.String({ minLength: 3, maxLength: LIMITS.couponChars });

export function couponRoutes(app: StoreApp, services: StoreServices, carts: Carts): void {
  async function checked(owner: Owner, typed: string): Promise<string> {
    const { code, problem } = await findCode(services.database, owner, typed);
    switch (problem) {
      case undefined:
        return code;
      case 'UNKNOWN':
        throw new Refusal('COUPON_UNKNOWN');
      case 'USED':
      case 'LIMIT_REACHED':
        throw new Refusal('COUPON_USED');
      default:
        throw new Refusal('COUPON_NOT_APPLICABLE', { detail: problem });
    }
  }

  for (const { at, access } of FORMS) {
    const config = { access };
    app.post(
      `${at}/coupons`,
      {
        config,
        schema: {
          summary: 'Put a code into the cart. The summary says what it takes off, or why it does not.',
          params: Params,
          body: Type.Object({ code: Code, ...ByShape }, exact),
          response: { 200: CartView, 404: Problem, 409: Problem, 429: Problem },
        },
      },
      async (request) => {
        const { code: typed, ...by } = request.body;
        // Codes that are short enough to be typed are short enough to be guessed by many tries.
        await services.limits.take('coupons', callerOf(request).userId, LIMITS.couponTries);
        const owner = await ownerToChange(request, request.params, services);
        const code = await checked(owner, typed);
        const added = (coupons: readonly string[]) => (coupons.includes(code) ? coupons : [...coupons, code]);
        return await carts.change(owner, withCoupons(added, byOf(by)));
      },
    );
    app.delete(
      `${at}/coupons/:code`,
      {
        config,
        schema: {
          summary: 'Take a code out of the cart',
          params: Type.Object({ ...Params.properties, code: Code }),
          querystring: ByQuery,
          response: { 200: CartView, 409: Problem },
        },
      },
      async (request) => {
        const owner = await ownerToChange(request, request.params, services);
        const code = normalizeCode(request.params.code);
        const left = (coupons: readonly string[]) =>
          code !== undefined && coupons.includes(code) ? coupons.filter((one) => one !== code) : coupons;
        return await carts.change(owner, withCoupons(left, byOf(request.query)));
      },
    );
  }
}
