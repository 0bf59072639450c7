/** A change of the catalog: one transaction, in which it is also written down what is stale now, and who did it. */
import { encodeEvent } from '../../contracts/events/codec.ts';
import { insertOutbox } from '../../db/queries/insert-outbox.ts';
import { type PrivilegedAct, recordAct } from '../../db/queries/record-act.ts';
import { type DatabaseClient, withTransaction } from '../../platform/connections/postgres.ts';
import type { Identity } from '../../platform/tokens/access-token.ts';
import type { StoreServices } from '../services.ts';
import { ALL, type CatalogKind } from './catalog.ts';
import { refusalOf } from './refusals.ts';

export interface Change {
  readonly client: DatabaseClient;
  /** To be heard by every store once the transaction is through. */
  stale(kind: CatalogKind, ...ids: string[]): void;
}

type ChangeServices = Pick<StoreServices, 'database' | 'catalog' | 'nextId' | 'clock'>;

export async function changeCatalog<T>(services: ChangeServices, work: (change: Change) => Promise<T>): Promise<T> {
  const { database, catalog, nextId, clock } = services;
  const stale = new Map<CatalogKind, Set<string>>();
  const result = await refusing(
    withTransaction(database, async (client) => {
      const made = await work({
        client,
        stale(kind, ...ids) {
          const known = stale.get(kind) ?? new Set();
          for (const id of ids) known.add(id);
          stale.set(kind, known);
        },
      });
      const events = [...stale].flatMap(([kind, ids]) =>
        chunksOf([...ids]).map((chunk) => {
          const head = { id: nextId(), at: clock.now() };
          const text = encodeEvent({ type: 'cache.invalidate', v: 1, ...head, data: { kind, ids: chunk } });
          return { topic: 'cache.invalidate', key: kind === 'product' ? (chunk[0] ?? ALL) : kind, text };
        }),
      );
      await insertOutbox(client, events);
      return made;
    }),
  );
  // The next read of this process is right at once; the others hear of it through Kafka.
  await Promise.all([...stale].map(([kind, ids]) => catalog.invalidate(kind, [...ids])));
  return result;
}

/** An event has room for so many names of products. */
const IDS_PER_EVENT = 200;

function chunksOf(ids: readonly string[]): string[][] {
  const count = Math.ceil(ids.length / IDS_PER_EVENT);
  return Array.from({ length: count }, (_, at) => ids.slice(at * IDS_PER_EVENT, (at + 1) * IDS_PER_EVENT));
}

async function refusing<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw refusalOf(error) ?? error;
  }
}

/** Writes down an act of somebody who may do more than with what is their own. */
export async function recordPrivileged(
  change: Change,
  services: Pick<StoreServices, 'nextId'>,
  caller: Identity,
  act: Omit<PrivilegedAct, 'id' | 'actorId' | 'actorRole'>,
): Promise<void> {
  if (caller.role !== 'admin') return;
  await recordAct(change.client, { id: services.nextId(), actorId: caller.userId, actorRole: caller.role, ...act });
}
