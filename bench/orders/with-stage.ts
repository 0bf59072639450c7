/** A stage for as long as a run takes. */
import type { BenchContext } from '../scenario.ts';
import type { OrderServers } from './servers.ts';
import { type OrderStage, openOrderStage, type StageOptions } from './stage.ts';

export async function withStage<T>(
  context: BenchContext,
  servers: OrderServers,
  { side, partitions, regions }: Pick<StageOptions, 'side' | 'partitions' | 'regions'>,
  use: (stage: OrderStage) => Promise<T>,
): Promise<T> {
  context.signal.throwIfAborted();
  const stage = await openOrderStage({ folder: context.folder, servers, side, partitions, regions });
  try {
    return await use(stage);
  } finally {
    await stage.close();
  }
}
