import type { ApiKeyArea } from '../../contracts/api-keys.ts';
import type { Role } from '../../platform/tokens/access-token.ts';

/** Who may call a route. */
export type Access =
  | { readonly to: 'everybody' }
  /** Whoever has a token of ours, guests too, or only people with an account. */
  | { readonly to: 'signed-in'; readonly guests: boolean }
  | {
      readonly to: 'roles';
      readonly roles: readonly Role[];
      /** Merchants' programs may too, with a key for this area. */
      readonly area?: ApiKeyArea;
    }
  /** The path names a person: themselves, and those with one of the roles. */
  | { readonly to: 'own'; readonly param: string; readonly orRoles: readonly Role[]; readonly guests: boolean };
