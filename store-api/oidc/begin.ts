import Type from 'typebox';
import { LIFETIMES, LIMITS } from '../../contracts/limits.ts';
import { EVERYBODY } from '../plugins/access.ts';
import { Problem, Refusal } from '../plugins/problems.ts';
import type { StoreApp, StoreServices } from '../services.ts';
import { cookieOf } from './cookie.ts';
import { ByProvider, SECRET } from './forms.ts';
import { digestOf, newSecret } from './pending.ts';
import { ProviderError } from './providers.ts';
import { readReturnTo, withAnswer } from './return-to.ts';

const tags = ['identity'];

export function listProvidersRoute(app: StoreApp, { oidc }: StoreServices): void {
  const Provider = Type.Object({ name: Type.String(), title: Type.String() });
  app.get(
    '/auth/oidc',
    {
      config: { access: EVERYBODY },
      schema: {
        ...{ summary: 'Where else one may sign in', tags },
        response: { 200: Type.Object({ items: Type.Array(Provider), nextCursor: Type.Null() }) },
      },
    },
    async () => ({ items: oidc.providers.map(({ name, title }) => ({ name, title })), nextCursor: null }),
  );
}

export function beginRoute(app: StoreApp, { oidc, limits }: StoreServices): void {
  const Query = Type.Object(
    {
      returnTo: Type.String({
        maxLength: LIMITS.returnToChars,
        description: 'A page of the store, or of STORE_ORIGINS.',
      }),
      challenge: Type.String({
        pattern: SECRET,
        description: 'Base64url of the SHA-256 of a verifier that the page keeps.',
      }),
    },
    { additionalProperties: false },
  );
  app.get(
    '/auth/oidc/:provider',
    {
      config: { access: EVERYBODY },
      schema: {
        summary: 'Begins a sign-in at another provider: for the browser to go to, not to be fetched',
        description:
          'The browser comes back to returnTo with #code=… for POST /auth/oidc/exchange or POST /me/identities, or with #error=… and a code of the catalogue.',
        ...{ tags, params: ByProvider, querystring: Query },
        response: { 302: Type.Null(), 400: Problem, 404: Problem, 429: Problem, 503: Problem },
      },
    },
    async (request, reply) => {
      reply.header('cache-control', 'no-store');
      if (!limits.isUnlimited(request)) await limits.take('oidc', limits.addressOf(request), LIMITS.oidcPerAddress);
      const provider = oidc.byName(request.params.provider);
      const returnTo = readReturnTo(request.query.returnTo, oidc)?.href;
      if (returnTo === undefined) throw new Refusal('INVALID', { detail: 'Nobody is sent to this returnTo.' });
      const [state, nonce, verifier, browser] = [newSecret(), newSecret(), newSecret(), newSecret()];
      const redirectUri = oidc.redirectUriOf(provider.name);
      try {
        const to = await provider.start(redirectUri, { state, nonce, verifier });
        const begun = { provider: provider.name, nonce, verifier, returnTo, challenge: request.query.challenge };
        await oidc.pending.begin(state, { ...begun, browser: digestOf(browser) });
        reply.header('set-cookie', cookieOf({ redirectUri, state }, browser, LIFETIMES.oidcStateMs));
        return await reply.redirect(to.href);
      } catch (error) {
        if (!(error instanceof ProviderError)) throw error;
        request.log.warn({ err: error, provider: provider.name }, 'a sign-in elsewhere could not begin');
        return await reply.redirect(withAnswer(returnTo, { error: error.code }));
      }
    },
  );
}
