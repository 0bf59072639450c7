import { expect, it } from 'vitest';
import { INTERVALS } from '../contracts/limits.ts';
import { createLogger } from '../platform/logging/logger.ts';
import { createFailedCalls } from './failed-calls.ts';

function setup() {
  const clock = { nowMs: 1_000, now: () => clock.nowMs };
  const lines: unknown[] = [];
  const destination = { write: (line: string) => void lines.push(JSON.parse(line)) };
  let counted = 0;
  const calls = createFailedCalls({
    log: createLogger({ name: 'test', level: 'warn', destination }),
    clock,
    count: () => {
      counted += 1;
    },
  });
  return { clock, lines, calls, counted: () => counted };
}

it('counts every failed call and tells of them now and then, with how many it were', () => {
  const { clock, lines, calls, counted } = setup();
  const lost = new Error('there is no connection to it now');
  calls.failed(lost, 3, 'eu');
  expect(lines).toMatchObject([{ level: 'warn', shard: 'eu', calls: 1, rows: 3, err: { message: lost.message } }]);
  for (let at = 0; at < 100; at += 1) calls.failed(lost, 2, 'eu');
  expect([lines.length, counted()]).toEqual([1, 101]);
  clock.nowMs += INTERVALS.repeatedWarningMs;
  calls.failed(lost, 1, 'eu');
  expect(lines[1]).toMatchObject({ calls: 101, rows: 201 });
  calls.failed(lost, 1, 'eu');
  expect([lines.length, counted()]).toEqual([2, 103]);
});

it('does not keep quiet about a region because another one is gone as well', () => {
  const { lines, calls } = setup();
  for (const shard of ['eu', 'asia', 'eu', 'asia']) calls.failed(new Error('gone'), 1, shard);
  expect(lines).toMatchObject([{ shard: 'eu' }, { shard: 'asia' }]);
});
