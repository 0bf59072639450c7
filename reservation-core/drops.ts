/** Publishes drops to the shards and reads them back. */
import { Compile } from 'typebox/compile';
import { DropDefinition } from '../contracts/drop.ts';
import { DropgateError } from '../contracts/errors.ts';
import { stockAllocate } from './generated/stock-allocate.ts';
import { type TermsPublishReply, termsPublish } from './generated/terms-publish.ts';
import type { Keys } from './keys.ts';
import type { Shards } from './shards.ts';

const definitionOf = Compile(DropDefinition);

export interface Drops {
  /**
   * Makes a drop known to the edges and gives its regions their units. Doing it again changes nothing, so a publisher
   * that crashed half-way does it again: stock first, the definition that lets shoppers in last.
   */
  publish(drop: DropDefinition): Promise<TermsPublishReply>;
  find(dropId: string): Promise<DropDefinition | undefined>;
  ids(): Promise<string[]>;
}

export function createDrops(options: { shards: Shards; keys: Keys }): Drops {
  const { shards, keys } = options;

  async function publishStock(drop: DropDefinition, region: string): Promise<void> {
    const shard = shards.region(region);
    if (shard === undefined) {
      throw new DropgateError(
        'UNKNOWN_REGION',
        `Drop ${drop.id} gives units to ${region}, which REGIONS does not have.`,
      );
    }
    const at = keys.stock(drop.id, region);
    const rows = drop.skus.map(({ sku, allocation }) => ({ sku, units: allocation[region] ?? 0 }));
    await stockAllocate(shard.scripts, { stock: at.stock }, { allocationId: 'first' }, rows);
    await termsPublish(shard.scripts, { terms: at.terms }, { revision: drop.revision }, [
      ...timesOf(drop),
      { field: 'perShopperLimit', value: String(drop.perShopperLimit) },
    ]);
  }

  return {
    async publish(drop) {
      if (!definitionOf.Check(drop)) {
        const problem = definitionOf.Errors(drop)[0];
        throw new DropgateError('INVALID', `Not a drop: ${problem?.instancePath ?? ''} ${problem?.message ?? ''}`);
      }
      const regions = new Set(drop.skus.flatMap(({ allocation }) => Object.keys(allocation)));
      for (const region of regions) await publishStock(drop, region);
      const reply = await termsPublish(
        shards.home.scripts,
        { terms: keys.line(drop.id).terms },
        { revision: drop.revision },
        [
          ...timesOf(drop),
          { field: 'perSecond', value: String(drop.admission.perSecond) },
          { field: 'maxActive', value: String(drop.admission.maxActive) },
          { field: 'passMs', value: String(drop.passSeconds * 1_000) },
          { field: 'definition', value: JSON.stringify(drop) },
        ],
      );
      await shards.home.redis.sadd(keys.drops, drop.id);
      return reply;
    },

    async find(dropId) {
      const text = await shards.home.redis.hget(keys.line(dropId).terms, 'definition');
      if (text === null) return undefined;
      const value: unknown = JSON.parse(text);
      if (!definitionOf.Check(value)) throw new DropgateError('INTERNAL', `The published drop ${dropId} is not one.`);
      return value;
    },

    ids: () => shards.home.redis.smembers(keys.drops),
  };
}

function timesOf(drop: DropDefinition): { field: string; value: string }[] {
  return [
    { field: 'state', value: drop.state },
    { field: 'lobbyOpensAt', value: String(drop.lobbyOpensAt) },
    { field: 'startsAt', value: String(drop.startsAt) },
    { field: 'endsAt', value: String(drop.endsAt) },
  ];
}
