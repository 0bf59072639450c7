import { LIMITS } from '../../contracts/limits.ts';
import { clientOf, TokensAnswer, takeOverGuest } from '../auth/forms.ts';
import { EVERYBODY } from '../plugins/access.ts';
import { Problem } from '../plugins/problems.ts';
import type { StoreApp, StoreServices } from '../services.ts';
import { accountOf } from './accounts.ts';
import { ExchangeForm, redeem } from './forms.ts';

export function exchangeRoute(app: StoreApp, services: StoreServices): void {
  const { oidc, limits, sessions } = services;
  app.post(
    '/auth/oidc/exchange',
    {
      config: { access: EVERYBODY, idempotency: 'none' },
      schema: {
        summary: 'Tokens for the code of a sign-in elsewhere',
        description:
          'Who is new has an account from then on. `SIGN_IN_FIRST`: an account has the mail address already.',
        tags: ['identity'],
        body: ExchangeForm,
        response: { 200: TokensAnswer, 400: Problem, 403: Problem, 409: Problem, 429: Problem, 503: Problem },
      },
    },
    async (request, reply) => {
      reply.header('cache-control', 'no-store');
      if (!limits.isUnlimited(request)) await limits.take('oidc', limits.addressOf(request), LIMITS.oidcPerAddress);
      const user = await accountOf(services, await redeem(oidc.pending, request.body));
      const tokens = await sessions.open(user, clientOf(services, request));
      await takeOverGuest(services, user.id, request.body.guestToken);
      return tokens;
    },
  );
}
