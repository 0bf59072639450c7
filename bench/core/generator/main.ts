/** One generator process: waits for its load, makes it, tells what it was answered. */
import { setTimeout as delay } from 'node:timers/promises';
import type { FromGenerator, Load, ToGenerator } from '../load.ts';
import { driveBare } from './drive-bare.ts';
import { driveOurs } from './drive-ours.ts';
import { createTally } from './tally.ts';

// Ctrl-C reaches the whole group of processes; the bench ends its generators itself, and its end is theirs.
process.on('SIGINT', () => undefined);
process.on('disconnect', () => process.exit(0));

const inbox = messages();
try {
  const first = await inbox.next();
  if (first.t !== 'load') throw new Error('The load comes first.');
  await generate(first.load);
} catch (error) {
  tell({ t: 'failed', reason: error instanceof Error ? (error.stack ?? error.message) : String(error) });
}

async function generate(load: Load): Promise<void> {
  const tally = createTally();
  const driver = await (load.driver === 'ours' ? driveOurs(load, tally) : driveBare(load, tally));
  tell({ t: 'ready' });
  await inbox.next();
  let over = false;
  const most = load.mostClaims ?? Number.POSITIVE_INFINITY;
  const running = driver.run(() => !over && tally.answered < most);
  const early = running.then(() => undefined);
  await Promise.race([delay(load.warmUpMs), early]);
  tally.startMeasuring();
  await Promise.race([delay(load.measureMs), early]);
  tally.stopMeasuring();
  over = true;
  await running;
  await driver.close();
  tell({ t: 'done', result: tally.result() });
}

function tell(message: FromGenerator): void {
  process.send?.(message);
}

function messages(): { next(): Promise<ToGenerator> } {
  const waiting: ToGenerator[] = [];
  let wake: (() => void) | undefined;
  process.on('message', (message: ToGenerator) => {
    waiting.push(message);
    wake?.();
  });
  return {
    async next() {
      for (;;) {
        const message = waiting.shift();
        if (message !== undefined) return message;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
  };
}
