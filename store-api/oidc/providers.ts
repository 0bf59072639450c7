/**
 * Other providers that people sign in at, by OpenID Connect: the one place that knows openid-client. What a provider says
 * about itself is read when somebody first wants to go there, so that one that is away keeps no store from starting.
 */
import * as oidc from 'openid-client';
import { LIFETIMES, LIMITS } from '../../contracts/limits.ts';
import type { Clock } from '../../platform/clock.ts';
import type { OidcProvider } from '../../platform/config/oidc-providers.ts';

/** Somebody, as a provider vouches for them. */
export interface ProvedPerson {
  readonly issuer: string;
  readonly subject: string;
  readonly email: string | null;
  /** The provider says that the address is theirs. */
  readonly isEmailVerified: boolean;
  readonly name: string;
}

/** What was sent along and has to come back. */
export interface Checks {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
}

export interface Provider extends Pick<OidcProvider, 'name'> {
  readonly title: string;
  readonly provesMail: boolean;
  /** Where the browser goes. Rejects with PROVIDER_AWAY. */
  start(redirectUri: string, checks: Checks): Promise<URL>;
  /** Who came back, by the address that they came back to. Rejects with a ProviderError. */
  finish(cameTo: URL, checks: Checks): Promise<ProvedPerson>;
}

export type ProviderErrorCode = 'SIGN_IN_DENIED' | 'SIGN_IN_FAILED' | 'UNAVAILABLE';

/** Its message is for the log; it never has a token in it. */
export class ProviderError extends Error {
  readonly code: ProviderErrorCode;
  constructor(code: ProviderErrorCode, message: string) {
    super(message);
    this.name = 'ProviderError';
    this.code = code;
  }
}

const SCOPE = 'openid email profile';

export function createProvider(given: OidcProvider, clock: Clock): Provider {
  const configuration = createDiscovery(given, clock);
  return {
    name: given.name,
    title: given.title ?? given.name,
    provesMail: given.provesMail === true,
    async start(redirectUri, { state, nonce, verifier }) {
      const config = await configuration();
      return oidc.buildAuthorizationUrl(config, {
        ...{ redirect_uri: redirectUri, scope: SCOPE, state, nonce },
        code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
      });
    },
    async finish(cameTo, { state, nonce, verifier }) {
      const config = await configuration();
      try {
        const checks = { expectedState: state, expectedNonce: nonce, pkceCodeVerifier: verifier };
        const tokens = await oidc.authorizationCodeGrant(config, cameTo, checks);
        const claims = tokens.claims();
        if (claims === undefined) throw new ProviderError('SIGN_IN_FAILED', 'there was no ID token');
        // Some tell the mail address only here; that it is of the same person is checked.
        const told =
          claims['email'] === undefined && config.serverMetadata().userinfo_endpoint !== undefined
            ? { ...claims, ...(await oidc.fetchUserInfo(config, tokens.access_token, claims.sub)) }
            : claims;
        return personOf(claims.iss, claims.sub, told);
      } catch (error) {
        throw whyFailed(error);
      }
    },
  };
}

/** Read once for everybody who wants it, again after its time, and not again at once after a failure. */
function createDiscovery(given: OidcProvider, clock: Clock): () => Promise<oidc.Configuration> {
  let known: { readonly config: Promise<oidc.Configuration>; readonly untilMs: number } | undefined;
  async function discover(): Promise<oidc.Configuration> {
    const isLocal = given.issuer.startsWith('http:');
    const config = await oidc.discovery(new URL(given.issuer), given.clientId, given.clientSecret, undefined, {
      timeout: LIMITS.oidcCallSeconds,
      // Signatures of ID tokens are checked although they come straight from the provider.
      execute: [oidc.enableNonRepudiationChecks, ...(isLocal ? [oidc.allowInsecureRequests] : [])],
    });
    return config;
  }
  return async () => {
    if (known === undefined || clock.now() >= known.untilMs) {
      const config = discover();
      known = { config, untilMs: clock.now() + LIFETIMES.oidcDiscoveryMs };
      config.catch(() => {
        known = { config, untilMs: clock.now() + LIFETIMES.oidcRestMs };
      });
    }
    try {
      return await known.config;
    } catch (error) {
      throw new ProviderError('UNAVAILABLE', `${given.name} says nothing about itself: ${messageOf(error)}`);
    }
  };
}

const NAME_CHARS = 200;
const EMAIL = /^[^\s@\p{Cc}]{1,64}@[^\s@\p{Cc}]{1,189}$/u;
const SUBJECT_CHARS = 255;

function personOf(issuer: string, subject: string, told: Readonly<Record<string, unknown>>): ProvedPerson {
  if (subject.length > SUBJECT_CHARS) throw new ProviderError('SIGN_IN_FAILED', 'the subject is too long');
  const { email, name, email_verified: isVerified } = told;
  const address = typeof email === 'string' && EMAIL.test(email) ? email : null;
  return {
    ...{ issuer, subject, email: address },
    // Not "true", not 1: what is not said as it has to be is not said.
    isEmailVerified: address !== null && isVerified === true,
    name: typeof name === 'string' ? [...name.replaceAll(/\p{Cc}/gu, ' ').trim()].slice(0, NAME_CHARS).join('') : '',
  };
}

function whyFailed(error: unknown): ProviderError {
  if (error instanceof ProviderError) return error;
  if (error instanceof oidc.AuthorizationResponseError) {
    const isDenied = error.error === 'access_denied' || error.error === 'login_required';
    return new ProviderError(isDenied ? 'SIGN_IN_DENIED' : 'SIGN_IN_FAILED', `the provider answered ${error.error}`);
  }
  const code = error instanceof oidc.ClientError ? error.code : undefined;
  // fetch says so with a TypeError of its own.
  const isAway = code === 'OAUTH_TIMEOUT' || (error instanceof TypeError && error.message === 'fetch failed');
  return new ProviderError(isAway ? 'UNAVAILABLE' : 'SIGN_IN_FAILED', `${code ?? 'error'}: ${messageOf(error)}`);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : 'unknown';
}
