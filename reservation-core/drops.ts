/** Publishes drops to the shards and reads them back. */
import { Compile } from 'typebox/compile';
import { DropDefinition, regionsOf } from '../contracts/drop.ts';
import { DropgateError } from '../contracts/errors.ts';
import { stockAllocate } from './generated/stock-allocate.ts';
import { type TermsPublishReply, termsPublish } from './generated/terms-publish.ts';
import type { Keys } from './keys.ts';
import { requireRegion, type Shards } from './shards.ts';
import { homeTermsOf, regionTermsOf } from './terms.ts';

const definitionOf = Compile(DropDefinition);

/** Regions that could not be told of a drop; publishing it again finishes it. */
export class RegionsUnreachable extends DropgateError {
  readonly regions: readonly string[];

  constructor(regions: readonly string[], message: string, cause: unknown) {
    super('UNAVAILABLE', message, { cause, retryable: true });
    this.name = 'RegionsUnreachable';
    this.regions = regions;
  }
}

export interface Drops {
  /**
   * Makes a drop known to the edges and gives its regions their units. Doing it again changes nothing, so a publisher
   * that crashed half-way does it again: stock first, the definition that lets shoppers in last.
   * A region that cannot be reached keeps nobody from pausing or ending a drop: the others and the home get the new terms,
   * then it fails with RegionsUnreachable, which names those that have the old ones. Doing it again finishes it.
   */
  publish(drop: DropDefinition): Promise<TermsPublishReply>;
  find(dropId: string): Promise<DropDefinition | undefined>;
  ids(): Promise<string[]>;
}

export function createDrops(options: { shards: Shards; keys: Keys }): Drops {
  const { shards, keys } = options;

  /**
   * A region of a drop that the home knows, without terms, has lost its data: giving it its units again would sell them
   * twice. It stays closed until it is rebuilt (reservation-core/rebuild), and the rebuild brings the newest terms.
   */
  async function isLost(known: DropDefinition | undefined, region: string): Promise<boolean> {
    if (known === undefined || !sellsIn(known, region)) return false;
    return (await shards.region(region)?.redis.exists(keys.stock(known.id, region).terms)) === 0;
  }

  async function publishStock(drop: DropDefinition, region: string): Promise<void> {
    const shard = requireRegion(shards, region);
    const at = keys.stock(drop.id, region);
    const rows = drop.skus.map(({ sku, allocation }) => ({ sku, units: allocation[region] ?? 0 }));
    await stockAllocate(shard.scripts, { stock: at.stock }, { allocationId: 'first' }, rows);
    await termsPublish(shard.scripts, { terms: at.terms }, { revision: drop.revision }, regionTermsOf(drop));
  }

  /** Answers with the regions that it could not reach, and why. */
  async function publishToRegions(
    drop: DropDefinition,
    known: DropDefinition | undefined,
    regions: readonly string[],
  ): Promise<ReadonlyMap<string, unknown>> {
    const missing = new Map<string, unknown>();
    const publishOne = async (region: string): Promise<void> => {
      try {
        if (!(await isLost(known, region))) await publishStock(drop, region);
      } catch (error) {
        missing.set(region, error);
      }
    };
    await Promise.all(regions.map(publishOne));
    return missing;
  }

  async function find(dropId: string): Promise<DropDefinition | undefined> {
    const text = await shards.home.redis.hget(keys.line(dropId).terms, 'definition');
    if (text === null) return undefined;
    const value: unknown = JSON.parse(text);
    if (!definitionOf.Check(value)) throw new DropgateError('INTERNAL', `The published drop ${dropId} is not one.`);
    return value;
  }

  return {
    async publish(drop) {
      if (!definitionOf.Check(drop)) {
        const problem = definitionOf.Errors(drop)[0];
        throw new DropgateError('INVALID', `Not a drop: ${problem?.instancePath ?? ''} ${problem?.message ?? ''}`);
      }
      const regions = regionsOf(drop);
      const unknown = regions.find((region) => shards.region(region) === undefined);
      if (unknown !== undefined) {
        throw new DropgateError(
          'UNKNOWN_REGION',
          `Drop ${drop.id} gives units to ${unknown}, which REGIONS does not have.`,
        );
      }
      const known = await find(drop.id);
      const missing = await publishToRegions(drop, known, regions);
      // Once the home knows a region, one without terms counts as lost: it has to have its units before.
      const without = [...missing.keys()].filter((region) => !sellsIn(known, region));
      if (without.length > 0) throw unreachable(drop, missing, 'Nobody is let in before they have their units');
      const reply = await termsPublish(
        shards.home.scripts,
        { terms: keys.line(drop.id).terms },
        { revision: drop.revision },
        homeTermsOf(drop),
      );
      await shards.home.redis.sadd(keys.drops, drop.id);
      if (missing.size > 0) throw unreachable(drop, missing, 'All others have the new terms');
      return reply;
    },

    find,
    ids: () => shards.home.redis.smembers(keys.drops),
  };
}

function sellsIn(drop: DropDefinition | undefined, region: string): boolean {
  return drop?.skus.some(({ allocation }) => allocation[region] !== undefined) === true;
}

function unreachable({ id }: DropDefinition, missing: ReadonlyMap<string, unknown>, meanwhile: string): DropgateError {
  const [[, cause] = []] = missing;
  const regions = [...missing.keys()];
  const message = `Drop ${id} could not be published in ${regions.join(', ')}. ${meanwhile}; publish it again to finish it.`;
  return new RegionsUnreachable(regions, message, cause);
}
