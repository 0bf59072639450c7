/** Where else people may sign in, as the environment says it: a JSON list, so that the number of providers is free. */
import Type, { type Static } from 'typebox';
import { Compile } from 'typebox/compile';
import { LIMITS } from '../../contracts/limits.ts';
import type { Kind } from './kinds.ts';

const OidcProvider = Type.Object(
  {
    /** In addresses, such as `google`. */
    name: Type.String({ pattern: '^[a-z][a-z0-9-]{0,39}$' }),
    /** As people read it; the name unless given. */
    title: Type.Optional(Type.String({ minLength: 1, maxLength: 60 })),
    issuer: Type.String({ minLength: 8, maxLength: 500 }),
    clientId: Type.String({ minLength: 1, maxLength: 255 }),
    clientSecret: Type.String({ minLength: 1, maxLength: 1_000 }),
    /** Whether its word that a mail address is somebody's counts: only where it checks, and lets nobody choose. */
    provesMail: Type.Optional(Type.Boolean()),
  },
  { additionalProperties: false },
);
export type OidcProvider = Static<typeof OidcProvider>;

const compiled = Compile(Type.Array(OidcProvider, { maxItems: LIMITS.oidcProviders }));
const areProviders = (value: unknown): value is OidcProvider[] => compiled.Check(value);
const LOOPBACK: ReadonlySet<string> = new Set(['127.0.0.1', 'localhost', '[::1]']);

export function oidcProviders(): Kind<readonly OidcProvider[]> {
  return {
    expected:
      'a JSON list of {"name", "issuer", "clientId", "clientSecret"} with different names, and with https issuers unless they are on this machine',
    parse(text) {
      if (text === '') return { ok: true, value: [] };
      const value = parsed(text);
      if (!areProviders(value) || !value.every(({ issuer }) => isSafe(issuer))) return { ok: false };
      const isOnce = new Set(value.map(({ name }) => name)).size === value.length;
      return isOnce ? { ok: true, value } : { ok: false };
    },
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What a provider says over a wire that others can write on is worth nothing. */
function isSafe(issuer: string): boolean {
  if (!URL.canParse(issuer)) return false;
  const { protocol, hostname, search, hash, username } = new URL(issuer);
  if (search !== '' || hash !== '' || username !== '') return false;
  return protocol === 'https:' || (protocol === 'http:' && LOOPBACK.has(hostname));
}
