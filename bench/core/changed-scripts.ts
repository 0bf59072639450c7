/** The product's connections, with what runs their scripts changed: how the bench breaks, slows or watches the claim. */
import type { ScriptRunner } from '../../reservation-core/script-runner.ts';
import type { Shard, Shards } from '../../reservation-core/shards.ts';

export function changeScripts(shards: Shards, change: (runner: ScriptRunner) => ScriptRunner): Shards {
  const changed = new Map<string, Shard>();
  for (const name of shards.regions) {
    const shard = shards.region(name);
    if (shard !== undefined) changed.set(name, { ...shard, scripts: change(shard.scripts) });
  }
  return { ...shards, region: (name) => changed.get(name) };
}
