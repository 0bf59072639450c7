import { expect, it } from 'vitest';
import { createHomeClock } from './home-clock.ts';

it('tells the time of the home shard, whatever the own clock says', async () => {
  const own = { nowMs: 5_000_000, now: () => own.nowMs };
  let homeMs = 1_800_000_000_250;
  const delaysMs = [40, 6, 300];
  const home = {
    async time(): Promise<[number, number]> {
      // Half of the way there, half of the way back.
      const delayMs = delaysMs.shift() ?? 0;
      own.nowMs += delayMs;
      homeMs += delayMs;
      const asked = homeMs - delayMs / 2;
      return [Math.floor(asked / 1_000), (asked % 1_000) * 1_000];
    },
  };
  const clock = await createHomeClock(home, own);
  expect(clock.now()).toBe(homeMs);
  own.nowMs += 1_000;
  expect(clock.now()).toBe(homeMs + 1_000);
  homeMs += 61_000;
  await clock.adjust();
  expect(clock.now()).toBe(homeMs);
});
