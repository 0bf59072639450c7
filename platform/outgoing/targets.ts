/** Addresses that somebody else gave us to call: what may be one at all. Where its name leads is looked at by each call. */
import { isIP } from 'node:net';
import { isPublicAddress } from './public-address.ts';

export interface TargetRules {
  /** Only https, and only to where everybody can reach. Outside development always. */
  readonly isStrict: boolean;
}

export type Target = { readonly ok: true; readonly url: URL } | { readonly ok: false; readonly why: string };

const MOST_CHARS = 2_000;
/** Names that stand for this machine or its neighbours wherever they are asked for. */
const INNER_NAMES = /(^|\.)(localhost|local|internal|intranet|lan|home|corp|localdomain|home\.arpa)$/;

export function readTarget(text: string, { isStrict }: TargetRules): Target {
  if (text.length > MOST_CHARS) return refuse(`longer than ${MOST_CHARS} characters`);
  if (!URL.canParse(text)) return refuse('no address');
  const url = new URL(text);
  const kinds = isStrict ? ['https:'] : ['https:', 'http:'];
  if (!kinds.includes(url.protocol))
    return refuse(`it has to begin with ${kinds.map((kind) => `${kind}//`).join(' or ')}`);
  if (url.username !== '' || url.password !== '') return refuse('no user name or password may stand in it');
  if (url.hash !== '') return refuse('no # may stand in it');
  if (isStrict && !isOutside(url)) return refuse('it has to be one that everybody can reach');
  return { ok: true, url };
}

/** The address that a host is, when it is no name. */
export function literalOf({ hostname }: URL): string | undefined {
  const bare = hostname.startsWith('[') ? hostname.slice(1, -1) : hostname;
  return isIP(bare) === 0 ? undefined : bare;
}

function isOutside(url: URL): boolean {
  const literal = literalOf(url);
  if (literal !== undefined) return isPublicAddress(literal);
  const name = url.hostname.replace(/\.$/, '');
  return name.includes('.') && !INNER_NAMES.test(name);
}

function refuse(why: string): Target {
  return { ok: false, why };
}
