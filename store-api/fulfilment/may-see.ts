import type { Identity } from '../../platform/tokens/access-token.ts';

/** Its shopper, guests too by the token that they ordered with, and who helps shoppers. */
export function maySee({ userId, kind, role }: Identity, { shopperId }: { readonly shopperId: string }): boolean {
  return shopperId === userId || (kind === 'user' && (role === 'support' || role === 'admin'));
}
