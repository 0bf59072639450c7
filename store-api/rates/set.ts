import Type from 'typebox';
import { REFERENCE_CURRENCY } from '../../commerce/money/convert.ts';
import { setRate } from '../../db/queries/exchange-rates.ts';
import { ALL } from '../caching/catalog.ts';
import { changeCatalog, recordPrivileged } from '../caching/change.ts';
import { callerOf, onlyFor } from '../plugins/access.ts';
import { Problem, refuse } from '../plugins/problems.ts';
import { Currency } from '../products/schemas.ts';
import type { StoreApp, StoreServices } from '../services.ts';
import { Rate } from './list.ts';

/** Text, as a number of JSON is a fraction of two: "0.9213", above nothing. */
const RATE_PATTERN = '^(?=.*[1-9])(0|[1-9][0-9]{0,8})([.][0-9]{1,10})?$';

const Body = Type.Object(
  {
    perReference: Type.String({ pattern: RATE_PATTERN }),
    validFrom: Type.Optional(
      Type.Integer({ minimum: 0, maximum: 4_102_444_800_000, description: 'Now, unless it is said.' }),
    ),
  },
  { additionalProperties: false },
);

export function setRateRoute(app: StoreApp, services: StoreServices): void {
  app.put(
    '/rates/:currency',
    {
      config: { access: onlyFor('admin') },
      schema: {
        summary: 'The exchange rate of a currency from a time on',
        tags: ['rates'],
        params: Type.Object({ currency: Currency() }),
        body: Body,
        response: { 200: Rate, 400: Problem },
      },
    },
    async (request, reply) => {
      const { currency } = request.params;
      if (currency === REFERENCE_CURRENCY)
        return refuse(reply, 'INVALID', 'All other rates are told in this currency.');
      const caller = callerOf(request);
      const rate = { currency, validFrom: services.clock.now(), ...request.body };
      await changeCatalog(services, async (change) => {
        await setRate(change.client, { ...rate, setBy: caller.userId });
        change.stale('rates', ALL);
        const detail = { perReference: rate.perReference, validFrom: rate.validFrom };
        const act = { action: 'rate.set', subjectKind: 'rate', subjectId: currency, detail };
        await recordPrivileged(change, services, caller, act);
      });
      return rate;
    },
  );
}
