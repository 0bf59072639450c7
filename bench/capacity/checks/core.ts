/** Redis: its disk, the size of a batch, several of them on one machine, and what is there already. */
import { LIMITS } from '../../../contracts/limits.ts';
import { CLOUD_FSYNC_MS } from '../../machine/fsync-time.ts';
import type { Reports } from '../reports.ts';
import type { Seeker } from '../seek.ts';
import { batchTimes } from '../unit-costs.ts';
import { type CheckSpec, takenForTheSame } from './check.ts';

const US_PER_SECOND = 1_000_000;

const atBatch = (seeker: Seeker, batch: number) => ({
  batch,
  perSecond: seeker.seek('core', 'claims/s', `curves.batch[batch=${batch}].claims/s`).value,
});

function batchOf(batch: number): CheckSpec {
  return {
    point: `core: claims/s with batches of ${batch}`,
    madeFrom: `batches of 1 and of ${LIMITS.claimBatch}: a claim takes so much, a call so much`,
    unit: 'claims/s',
    predict(seeker) {
      const { usPerClaim, usPerCall } = batchTimes(atBatch(seeker, 1), atBatch(seeker, LIMITS.claimBatch));
      return {
        predicted: US_PER_SECOND / (usPerClaim + usPerCall / batch),
        measured: atBatch(seeker, batch).perSecond,
      };
    },
  };
}

const slowDisk: CheckSpec = {
  point: `core: claims/s where an fsync takes ${CLOUD_FSYNC_MS} ms`,
  madeFrom: 'this disk: the share of the time that Redis waits for it grows as an fsync does',
  unit: 'claims/s',
  predict(seeker) {
    const here = US_PER_SECOND / seeker.seek('core', 'claims/s', 'metrics.claimsPerSecond').value;
    const waits = here * seeker.seek('core', 'of the time', 'metrics.redisWaitsForDisk').value;
    const times = CLOUD_FSYNC_MS / seeker.seek('core', 'ms', 'metrics.fsyncMs').value;
    return {
      predicted: US_PER_SECOND / (here - waits + waits * times),
      measured: seeker.seek('core', 'claims/s', 'metrics.claimsPerSecondAt2MsFsync').value,
    };
  },
};

const twoShards = (reports: Reports): CheckSpec => {
  const cores = reports.core?.machine.cores ?? 1;
  return {
    point: 'core: claims/s with two regions, each a Redis of its own',
    madeFrom: `one region: CPU of Redis and generator for a claim, and ${cores} cores for both`,
    unit: 'claims/s',
    predict(seeker) {
      const one = seeker.seek('core', 'claims/s', 'metrics.claimsPerSecond').value;
      const used = (['redis', 'generator'] as const)
        .map((name) => seeker.seek('core', 'cores', `metrics.${name}Cpu`).value)
        .reduce((sum, value) => sum + value, 0);
      const paths = ['curves.shards[shards=2].claims/s', 'curves.regions[regions=2].claims/s'];
      return {
        predicted: Math.min(2 * one, (one * cores) / used),
        measured: seeker.seek('core', 'claims/s', ...paths).value,
      };
    },
  };
};

const fullRedis = takenForTheSame({
  point: 'core: CPU of Redis for a claim, with the most claims there already',
  madeFrom: 'a Redis that was empty: what is there does not make a claim dearer',
  ...{ unit: 'µs', source: 'core', from: ['metrics.redisUsPerClaim'] },
  at: ['curves.shoppers[last].Redis us/claim', 'curves.depth[last].Redis us/claim'],
});

export function coreChecks(reports: Reports): CheckSpec[] {
  return [batchOf(16), batchOf(2 * LIMITS.claimBatch), slowDisk, twoShards(reports), fullRedis];
}
