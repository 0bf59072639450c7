/**
 * Where a browser may be sent to after a sign-in elsewhere: a page of the store itself, or of an origin that
 * STORE_ORIGINS names. `*` names nobody: it lets any page call, but nobody is sent just anywhere; only pages of this
 * machine are then, for development. Nor to a call of the store: one that sends the browser on takes the answer, which is in
 * the fragment, along to wherever it leads.
 */
import { LIMITS } from '../../contracts/limits.ts';

const LOOPBACK: ReadonlySet<string> = new Set(['127.0.0.1', 'localhost', '[::1]']);

export interface ReturnRules {
  readonly origins: readonly string[];
  /** The store's own address. */
  readonly publicUrl: string;
}

/** Undefined for what nobody is sent to. */
export function readReturnTo(text: string, { origins, publicUrl }: ReturnRules): URL | undefined {
  if (text.length > LIMITS.returnToChars || !URL.canParse(text)) return undefined;
  const url = new URL(text);
  const { protocol, username, password, hash, origin, hostname } = url;
  const isPlain = username === '' && password === '' && hash === '' && !text.includes('#');
  if (!isPlain || (protocol !== 'https:' && protocol !== 'http:')) return undefined;
  const named = new Set(origins.filter((one) => one !== '*').map((one) => new URL(one).origin));
  const own = new URL(publicUrl);
  if (origin === own.origin && url.pathname.startsWith(`${own.pathname.replace(/\/+$/, '')}/api/`)) return undefined;
  const isOurs = origin === own.origin || named.has(origin);
  return isOurs || (origins.includes('*') && LOOPBACK.has(hostname)) ? url : undefined;
}

/** In the fragment, which no server ever sees and no Referer carries. */
export function withAnswer(returnTo: string, answer: Readonly<Record<string, string>>): string {
  const url = new URL(returnTo);
  url.hash = new URLSearchParams(answer).toString();
  return url.href;
}
