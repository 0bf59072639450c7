/** A real OpenID Connect provider over HTTP, whose people sign in without typing: the test says who sits at the browser. */
import { generateKeyPairSync } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import Provider, { type Account, type Configuration } from 'oidc-provider';
import { afterAll, beforeAll } from 'vitest';
import { FromBeforeAll } from './from-before-all.ts';
import { createOidcMemory } from './oidc-memory.ts';

export interface Person {
  readonly sub: string;
  readonly email?: string;
  readonly email_verified?: boolean;
  readonly name?: string;
}

export interface OidcServer {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Who signs in from now on; undefined calls it off. */
  person: Person | undefined;
  /** Requests since the start, by path. */
  readonly asked: readonly string[];
  stop(): Promise<void>;
}

const CLIENT = { clientId: 'dropgate', clientSecret: 'a secret of this client' };
const LIFE_SECONDS = 600;
const KEY_BITS = 2_048;
const INTERACTION = '/interaction/';

export function useOidcServer(redirectUri: string): OidcServer {
  const started = new FromBeforeAll<OidcServer>('the OIDC provider');
  beforeAll(async () => started.set(await startOidcServer(redirectUri)));
  afterAll(() => started.valueIfThere?.stop());
  return {
    ...CLIENT,
    get issuer() {
      return started.value.issuer;
    },
    get asked() {
      return started.value.asked;
    },
    get person() {
      return started.value.person;
    },
    set person(person) {
      started.value.person = person;
    },
    stop: () => started.value.stop(),
  };
}

/** On a port of its own unless one is given. */
export async function startOidcServer(redirectUri: string, port = 0): Promise<OidcServer> {
  const people = new Map<string, Person>();
  const asked: string[] = [];
  let current: Person | undefined;
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${portOf(server)}`;
  const provider = new Provider(issuer, configurationOf(redirectUri, people));
  const answer = provider.callback();
  async function interact(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (current === undefined) {
      await provider.interactionFinished(request, response, { error: 'access_denied' });
      return;
    }
    people.set(current.sub, current);
    await provider.interactionFinished(request, response, { login: { accountId: current.sub } });
  }
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    const path = new URL(request.url ?? '/', issuer).pathname;
    asked.push(path);
    const isInteraction = path.startsWith(INTERACTION);
    void (isInteraction ? interact(request, response) : answer(request, response)).catch(() => response.destroy());
  });
  return {
    ...{ issuer, ...CLIENT, asked },
    get person() {
      return current;
    },
    set person(person) {
      current = person;
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function configurationOf(redirectUri: string, people: ReadonlyMap<string, Person>): Configuration {
  return {
    clients: [
      {
        ...{ client_id: CLIENT.clientId, client_secret: CLIENT.clientSecret, redirect_uris: [redirectUri] },
        ...{ token_endpoint_auth_method: 'client_secret_post', response_types: ['code'] },
      },
    ],
    // Mail and name are told by the userinfo endpoint alone, as the standard has it.
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
    jwks: { keys: [{ ...signingKey(), use: 'sig', alg: 'RS256', kid: 'test' }] },
    adapter: createOidcMemory(),
    ttl: {
      Interaction: LIFE_SECONDS,
      Grant: LIFE_SECONDS,
      Session: LIFE_SECONDS,
      AccessToken: LIFE_SECONDS,
      IdToken: LIFE_SECONDS,
    },
    pkce: { required: () => true },
    cookies: { keys: ['a key of this test alone'] },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_context, { uid }) => `${INTERACTION}${uid}` },
    findAccount: (_context, sub): Account => ({
      accountId: sub,
      claims: async () => ({ ...people.get(sub), sub }),
    }),
    // Nobody is asked whether we may know who they are: that page is the provider's business.
    async loadExistingGrant({ oidc }) {
      const grant = new oidc.provider.Grant({
        clientId: oidc.client?.clientId ?? '',
        accountId: oidc.session?.accountId ?? '',
      });
      grant.addOIDCScope('openid email profile');
      await grant.save();
      return grant;
    },
  };
}

function signingKey() {
  return generateKeyPairSync('rsa', { modulusLength: KEY_BITS }).privateKey.export({ format: 'jwk' });
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The OIDC provider has no port.');
  return address.port;
}
