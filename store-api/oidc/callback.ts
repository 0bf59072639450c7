/**
 * Where a provider sends the browser back to. Nothing is decided here yet and nobody gets a token: who they are is kept
 * under a code that only the page which began can use, as it alone has the verifier. So a link that an attacker made with
 * their own sign-in neither signs anybody in as them nor connects their identity to somebody else's account.
 */
import type { FastifyRequest } from 'fastify';
import Type from 'typebox';
import { LIMITS } from '../../contracts/limits.ts';
import { EVERYBODY } from '../plugins/access.ts';
import { Problem, Refusal } from '../plugins/problems.ts';
import type { StoreApp, StoreServices } from '../services.ts';
import { cookieOf, readCookie } from './cookie.ts';
import { ByProvider, SECRET } from './forms.ts';
import type { Oidc } from './oidc.ts';
import { type Begun, digestOf } from './pending.ts';
import { type ProvedPerson, ProviderError } from './providers.ts';
import { withAnswer } from './return-to.ts';

const QUERY_CHARS = 4_000;
/** What else is in it is the provider's, and is looked at by the library. */
const Query = Type.Object({ state: Type.String({ pattern: SECRET }) });

export function callbackRoute(app: StoreApp, { oidc, limits }: StoreServices): void {
  app.get(
    '/auth/oidc/:provider/callback',
    {
      config: { access: EVERYBODY },
      schema: {
        summary: 'Where a provider sends the browser back to',
        ...{ tags: ['identity'], params: ByProvider, querystring: Query },
        response: { 302: Type.Null(), 400: Problem, 404: Problem, 429: Problem, 503: Problem },
      },
    },
    async (request, reply) => {
      reply.header('cache-control', 'no-store');
      if (!limits.isUnlimited(request)) await limits.take('oidc', limits.addressOf(request), LIMITS.oidcPerAddress);
      const { provider: name } = request.params;
      const { state } = request.query;
      oidc.byName(name);
      const redirectUri = oidc.redirectUriOf(name);
      const begun = await takeOwn(oidc, request, state);
      reply.header('set-cookie', cookieOf({ redirectUri, state }, '', 0));
      try {
        const person = await finish(oidc, request, { name, state, begun });
        const { provider, challenge, returnTo } = begun;
        const code = await oidc.pending.prove({ provider, challenge, ...person });
        return await reply.redirect(withAnswer(returnTo, { code }));
      } catch (error) {
        if (!(error instanceof ProviderError)) throw error;
        request.log.warn({ err: error, provider: name }, 'a sign-in elsewhere came to nothing');
        return await reply.redirect(withAnswer(begun.returnTo, { error: error.code }));
      }
    },
  );
}

/** What this very browser began. Without it nobody can say where to send anybody, so the answer is a refusal. */
async function takeOwn(oidc: Oidc, request: FastifyRequest, state: string): Promise<Begun> {
  const browser = readCookie(request.headers.cookie, state);
  // Who has no cookie of it does not use it up for the one who has.
  const begun = browser === undefined ? undefined : await oidc.pending.takeBegun(state);
  if (browser === undefined || begun?.browser !== digestOf(browser)) {
    throw new Refusal('SIGN_IN_FAILED', { detail: 'This browser did not begin it, or it was too long ago.' });
  }
  return begun;
}

interface Coming {
  readonly name: string;
  readonly state: string;
  readonly begun: Begun;
}

async function finish(oidc: Oidc, request: FastifyRequest, { name, state, begun }: Coming): Promise<ProvedPerson> {
  if (begun.provider !== name) throw new ProviderError('SIGN_IN_FAILED', `it began at ${begun.provider}`);
  const query = request.url.slice(request.url.indexOf('?'));
  if (query.length > QUERY_CHARS) throw new ProviderError('SIGN_IN_FAILED', 'the answer is too long');
  // Our own address as it is known, not as a Host header says it.
  const cameTo = new URL(query, oidc.redirectUriOf(name));
  return await oidc.byName(name).finish(cameTo, { state, nonce: begun.nonce, verifier: begun.verifier });
}
