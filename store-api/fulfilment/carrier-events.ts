import Type from 'typebox';
import { LIMITS } from '../../contracts/limits.ts';
import { noteCarrierEvents } from '../../db/queries/shipments/tracking.ts';
import { EVERYBODY } from '../plugins/access.ts';
import { Problem, refuse } from '../plugins/problems.ts';
import type { StoreApp, StoreServices } from '../services.ts';

const Received = Type.Object({
  received: Type.Integer(),
  unknown: Type.Integer({ description: 'Codes that are of no parcel of this store.' }),
});

/**
 * What a carrier tells. It is only written down here; that a parcel arrived, the fulfilment worker acts on. So a call takes
 * as long as one statement, and repeats and their order do not matter.
 */
export function carrierEventsRoute(app: StoreApp, { database, carriers, clock }: StoreServices): void {
  app.register((scope: StoreApp, _options, done) => {
    scope.removeAllContentTypeParsers();
    // The signature is over the very bytes, so they are kept as they came.
    const parser = { parseAs: 'buffer', bodyLimit: LIMITS.httpBodyBytes } as const;
    scope.addContentTypeParser<Buffer>('*', parser, (_request, body, parsed) => parsed(null, body));
    scope.post(
      '/carriers/:carrier/events',
      {
        config: { access: EVERYBODY, idempotency: 'none' },
        schema: {
          summary: 'For carriers: what became of parcels',
          description: 'Signed in `carrier-signature`: see docs/FULFILMENT.md.',
          tags: ['fulfilment'],
          params: Type.Object({ carrier: Type.String({ pattern: '^[a-z][a-z0-9-]{0,39}$' }) }),
          response: { 200: Received, 400: Problem, 404: Problem, 413: Problem },
        },
      },
      async (request, reply) => {
        const carrier = carriers.byName(request.params.carrier);
        if (carrier?.readEvents === undefined) return refuse(reply, 'NOT_FOUND');
        const { body, headers } = request;
        const signature = headers['carrier-signature'];
        const bytes = Buffer.isBuffer(body) ? body : Buffer.alloc(0);
        const told = carrier.readEvents(bytes, typeof signature === 'string' ? signature : '', clock.now());
        if (!told.ok) return refuse(reply, 'INVALID', told.reason);
        const unknown = await noteCarrierEvents(database, carrier.name, told.events);
        return { received: told.events.length, unknown };
      },
    );
    done();
  });
}
