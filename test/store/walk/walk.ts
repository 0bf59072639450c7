/**
 * What the authorisation walk has to know about a route besides its declaration: whose thing its path names, and how one is
 * made. Each file beside this one has the routes of a capability; a route that is in none of them fails the walk. Only
 * routes for everybody, and those whose declaration names the person of the path (`to: 'own'`), need no entry.
 */
import type { Method, TestStore } from '../../fixtures/store.ts';
import { textAt } from '../../fixtures/told.ts';

export interface Somebody {
  readonly userId: string;
  readonly token: string;
}

export interface Stage {
  readonly store: TestStore;
  /** Whose thing it is: has the role that the route is for. */
  readonly owner: Somebody;
}

export interface OwnThing {
  /** Makes a thing of the owner's; its ids by the names in the path. */
  make(stage: Stage): Promise<Readonly<Record<string, string>>>;
  /** A body that the owner's call succeeds with. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** The role of owner and stranger, where it is not the first one that the route is for. */
  readonly role?: 'shopper' | 'merchant';
}

/** What a path names is everybody's, such as a sku; the route works on the caller's own with it. */
export interface NamesNothingOwned {
  readonly publicName: string;
}

/**
 * - a thing of somebody's: the owner's call succeeds, the same call by another of the same role is answered 404 or 403;
 * - `self`: the route works on whoever the token names, no path or body names a thing of somebody's;
 * - `staff`: only roles that may see everybody's.
 */
export type WalkEntry = OwnThing | NamesNothingOwned | 'self' | 'staff';
export type WalkEntries = Readonly<Record<string, WalkEntry>>;

/** Calls a route as it stands in the document, with the ids in its path. */
export function pathOf(path: string, ids: Readonly<Record<string, string>>): string {
  return path.replaceAll(/\{(?<name>\w+)\}/g, (_match, name: string) => ids[name] ?? 'missing');
}

/** Makes something by the API itself, and answers its id. */
export async function create({ store, owner }: Stage, method: Method, url: string, body: unknown): Promise<string> {
  const made = await store.call(method, url, { token: owner.token, body });
  if (made.status >= 300) throw new Error(`${method} ${url} answered ${made.status}: ${made.text}`);
  return textAt(made.body, 'id');
}
