import { describe, expect, it } from 'vitest';
import { createHeadWatch } from './generator/head-watch.ts';
import { measureMoves } from './head-moves.ts';

const frame = (head: number): string =>
  JSON.stringify({ t: 'head', state: 'live', lanes: { main: { head, waiting: 1 } } });

describe('the watch of the head', () => {
  it('reads a frame once and then knows its bytes', () => {
    let nowMs = 10;
    const watch = createHeadWatch(() => nowMs);
    const bytes = Buffer.from(`..${frame(5)}..`);
    const [from, to] = [2, bytes.length - 2];
    expect(watch.saw(1, bytes, from, to)).toBe(false);
    watch.note(1, JSON.parse(frame(5)), bytes.subarray(from, to));
    nowMs = 20;
    expect(watch.saw(2, bytes, from, to)).toBe(true);
    nowMs = 30;
    expect(watch.saw(2, bytes, from, to)).toBe(true);
    expect(watch.seen()).toEqual([{ head: 5, atMs: [10, 20] }]);
  });

  it('takes a later move for news of the earlier ones, and an older head for none', () => {
    let nowMs = 1;
    const watch = createHeadWatch(() => nowMs);
    const note = (socket: number, head: number): void =>
      watch.note(socket, JSON.parse(frame(head)), Buffer.from(frame(head)));
    note(1, 100);
    nowMs = 2;
    note(1, 200);
    nowMs = 3;
    note(2, 200);
    nowMs = 4;
    note(2, 100);
    expect(watch.seen()).toEqual([
      { head: 100, atMs: [1, 3] },
      { head: 200, atMs: [2, 3] },
    ]);
  });

  it('also reads a head without lanes, and nothing where there is none', () => {
    const watch = createHeadWatch(() => 1);
    watch.note(1, { t: 'head', head: 7 }, Buffer.from('a'));
    watch.note(1, { t: 'head' }, Buffer.from('b'));
    expect(watch.seen()).toEqual([{ head: 7, atMs: [1] }]);
  });
});

describe('the moves of the head', () => {
  it('count from the call until a socket learned of it, over all generators', () => {
    const seen = [
      [{ head: 100, atMs: [1_010, 1_020] }],
      [
        { head: 100, atMs: [1_500] },
        { head: 200, atMs: [2_001] },
      ],
    ];
    const moves = [
      { head: 100, atMs: 1_000 },
      { head: 200, atMs: 2_000 },
    ];
    const measured = measureMoves(moves, seen, () => 3);
    expect(measured).toMatchObject({ moves: 2, p50Ms: 10, p99Ms: 500, maxMs: 500, missed: 2, p99MsEach: [500, 1] });
  });
});
