/** Makes the disk of a run slower: Redis and PostgreSQL wait before each flush of their logs. Kafka flushes in its own time. */
import type { OrderStage } from './stage.ts';

export async function slowDisk({ redis, servers }: OrderStage, us: number): Promise<{ restore(): Promise<void> }> {
  if (us === 0) return { restore: async () => undefined };
  await redis.admin.call('DEBUG', 'AOF-FLUSH-SLEEP', us);
  // commit_siblings 0: also where nobody else is about to commit.
  await servers.admin.query(`alter system set commit_delay = ${us}`);
  await servers.admin.query('alter system set commit_siblings = 0');
  await servers.admin.query('select pg_reload_conf()');
  return {
    async restore() {
      await servers.admin.query('alter system reset commit_delay');
      await servers.admin.query('alter system reset commit_siblings');
      await servers.admin.query('select pg_reload_conf()');
    },
  };
}
