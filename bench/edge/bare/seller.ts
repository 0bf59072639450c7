/** The bare sale behind the bare server: what came in one turn of the loop, in calls of the bare script. */
import { createHash } from 'node:crypto';
import { LIMITS } from '../../../contracts/limits.ts';
import { connectRedis } from '../../../platform/connections/redis.ts';
import { createLogger } from '../../../platform/logging/logger.ts';
import { BARE_SCRIPT } from '../../core/bare-script.ts';
import { createClaimSource, KEYS } from '../../core/sale-data.ts';

export interface BareAnswer {
  readonly won: boolean;
  readonly claimId: string;
  readonly holdUntilMs: number;
}

export interface BareSeller {
  sell(answered: (answer: BareAnswer) => void): void;
  close(): void;
}

interface Waiting {
  readonly claimId: string;
  readonly holdUntilMs: number;
  readonly row: readonly [string, string, string];
  readonly answered: (answer: BareAnswer) => void;
}

const SHA = createHash('sha1').update(BARE_SCRIPT.source).digest('hex');

export async function openBareSeller(at: { redisUrl: string; dropId: string; region: string }): Promise<BareSeller> {
  const redis = await connectRedis({
    url: at.redisUrl,
    name: 'bench',
    log: createLogger({ name: 'bench', level: 'silent' }),
  });
  await redis.script('LOAD', BARE_SCRIPT.source);
  const { stock, holds, outbox } = KEYS.stock(at.dropId, at.region);
  const nextClaim = createClaimSource();
  const waiting: Waiting[] = [];
  let inFlight = 0;
  let planned = false;

  async function call(batch: readonly Waiting[]): Promise<void> {
    const argv = batch.flatMap(({ row }) => row);
    const answers = await redis.evalsha(SHA, 3, stock, holds, outbox, ...argv);
    batch.forEach(({ claimId, holdUntilMs, answered }, index) => {
      answered({ won: Array.isArray(answers) && answers[index] === 1, claimId, holdUntilMs });
    });
  }

  function flush(): void {
    planned = false;
    while (waiting.length > 0 && inFlight < LIMITS.batchesInFlight) {
      inFlight += 1;
      void call(waiting.splice(0, LIMITS.claimBatch)).finally(() => {
        inFlight -= 1;
        flush();
      });
    }
  }

  return {
    sell(answered) {
      const { claimId, shopperId, holdUntilMs, event } = nextClaim();
      waiting.push({ claimId, holdUntilMs, row: [claimId, `${shopperId}|${holdUntilMs}`, event], answered });
      if (planned) return;
      planned = true;
      setImmediate(flush);
    },
    close: () => redis.disconnect(),
  };
}
