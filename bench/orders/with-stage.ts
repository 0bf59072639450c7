/** A stage for as long as a run takes. */
import type { BenchContext } from '../scenario.ts';
import type { OrderServers } from './servers.ts';
import { type OrderStage, openOrderStage, type Side } from './stage.ts';

export async function withStage<T>(
  context: BenchContext,
  servers: OrderServers,
  { side, partitions }: { readonly side: Side; readonly partitions: number },
  use: (stage: OrderStage) => Promise<T>,
): Promise<T> {
  context.signal.throwIfAborted();
  const stage = await openOrderStage({ folder: context.folder, servers, side, partitions });
  try {
    return await use(stage);
  } finally {
    await stage.close();
  }
}
