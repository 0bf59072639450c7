/** The built-in carrier: makes codes by itself, and hears of parcels by signed calls of whoever drives for the shop. */
import Type, { type Static } from 'typebox';
import { Compile } from 'typebox/compile';
import { LIMITS } from '../../contracts/limits.ts';
import { SHIPPING_OPTIONS } from '../shipping/options.ts';
import { zoneOf } from '../shipping/shipping.ts';
import { CARRIER_EVENTS, type Carrier, type CarrierEventCode } from './carrier.ts';
import { isSigned } from './signature.ts';
import { trackingCodeOf } from './tracking-code.ts';

const Told = Type.Object(
  {
    events: Type.Array(
      Type.Object(
        {
          trackingCode: Type.String({ pattern: '^[A-Z0-9]{4,64}$' }),
          code: Type.Unsafe<CarrierEventCode>(Type.Union(CARRIER_EVENTS.map((code) => Type.Literal(code)))),
          at: Type.Integer({ minimum: 0, maximum: 2 ** 42, description: 'Epoch milliseconds.' }),
          place: Type.Optional(Type.String({ maxLength: 200, pattern: '^[^\\x00-\\x1f\\x7f]*$' })),
        },
        { additionalProperties: false },
      ),
      { minItems: 1, maxItems: LIMITS.carrierEvents },
    ),
  },
  { additionalProperties: false },
);
const compiled = Compile(Told);
const isTold = (value: unknown): value is Static<typeof Told> => compiled.Check(value);

const SERVICES = ['standard', 'express'] as const;
const UNKNOWN_DAYS = [2, 14] as const;

/** With an empty secret it hears nothing. */
export function createHouseCarrier(secret: string): Carrier {
  return {
    name: 'house',
    services: SERVICES,
    async announce({ shipmentId }) {
      return { trackingCode: trackingCodeOf(shipmentId) };
    },
    expectedDays(service, country) {
      const zone = zoneOf(country);
      return SHIPPING_OPTIONS.find((option) => option.id === service && option.zone === zone)?.days ?? UNKNOWN_DAYS;
    },
    readEvents:
      secret === ''
        ? undefined
        : (body, signature, nowMs) => {
            if (!isSigned(secret, body, signature, nowMs)) {
              return { ok: false, reason: 'the signature is wrong or too old' };
            }
            const told = parse(body);
            if (!isTold(told)) return { ok: false, reason: 'it is no list of events' };
            // What is told of the future is a wrong clock, not a parcel that will have arrived.
            if (told.events.some(({ at }) => at > nowMs + LIMITS.carrierSkewMs)) {
              return { ok: false, reason: 'an event lies in the future' };
            }
            const events = told.events.map(({ at, place = '', ...event }) => ({ ...event, atMs: at, place }));
            return { ok: true, events };
          },
  };
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    return undefined;
  }
}
