/** What the routes of webhooks share: whose they are, and what may be called. */
import type { FastifyRequest } from 'fastify';
import { findEndpoint, type StoredEndpoint } from '../../db/queries/webhooks/endpoints.ts';
import type { Database, DatabaseClient } from '../../platform/connections/postgres.ts';
import type { OutgoingKeys } from '../../platform/outgoing/outgoing.ts';
import { secretText } from '../../platform/outgoing/standard-webhook.ts';
import { readTarget } from '../../platform/outgoing/targets.ts';
import { callerOf, onlyFor } from '../plugins/access.ts';
import { Refusal } from '../plugins/problems.ts';
import type { StoreServices } from '../services.ts';

/** Only merchants: whoever works for the shop has no systems to be told of their sales. */
export const WEBHOOK_OWNERS = onlyFor('merchant');

export function keysOf({ outgoing }: Pick<StoreServices, 'outgoing'>): OutgoingKeys {
  if (outgoing.keys !== undefined) return outgoing.keys;
  throw new Refusal('UNAVAILABLE', {
    detail: 'This shop sends no webhooks: its operator has not set OUTGOING_SECRET.',
  });
}

export function requireTarget({ outgoing }: Pick<StoreServices, 'outgoing'>, url: string): void {
  const target = readTarget(url, outgoing);
  if (!target.ok) throw new Refusal('URL_REFUSED', { detail: `url: ${target.why}.` });
}

export async function ownEndpoint(
  database: Database | DatabaseClient,
  request: FastifyRequest<{ Params: { id: string } }>,
): Promise<StoredEndpoint> {
  const found = await findEndpoint(database, { id: request.params.id, merchantId: callerOf(request).userId });
  if (found === undefined) throw new Refusal('NOT_FOUND');
  return found;
}

export function withSecret(
  services: Pick<StoreServices, 'outgoing'>,
  endpoint: StoredEndpoint,
): StoredEndpoint & { secret: string } {
  const { id: endpointId, secretVersion: version } = endpoint;
  return { ...endpoint, secret: secretText(keysOf(services).webhookKey({ endpointId, version })) };
}
