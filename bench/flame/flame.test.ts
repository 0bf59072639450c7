import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readArguments } from './arguments.ts';
import { busiestWindow } from './busiest-window.ts';
import { makeFlame } from './flame.ts';
import { layOut } from './layout.ts';
import { type CpuProfile, parseProfile } from './profile.ts';
import { profileScenario } from './profile-scenario.ts';
import { createPlaces } from './rooms.ts';
import { foldThreads, newFrame, withoutIdle } from './stacks.ts';
import { byRoom, topFunctions } from './top.ts';

const ROOT = join(import.meta.dirname, '../..');
const at = (path: string): string => `file://${ROOT}/${path}`;
const MS = 1_000;

/** main calls claim, claim calls itself once more; garbage is collected; the rest is idle. */
function sampleProfile(samples: readonly number[]): CpuProfile {
  const call = (functionName: string, url = '', lineNumber = -1) => ({ functionName, url, lineNumber });
  return {
    nodes: [
      { id: 1, callFrame: call('(root)'), children: [2, 5, 6] },
      { id: 2, callFrame: call('main', at('edge/main.ts'), 9), children: [3] },
      { id: 3, callFrame: call('claim', at('reservation-core/claims.ts'), 19), children: [4] },
      { id: 4, callFrame: call('claim', at('reservation-core/claims.ts'), 19) },
      { id: 5, callFrame: call('(garbage collector)') },
      { id: 6, callFrame: call('(idle)') },
    ],
    startTime: 0,
    endTime: samples.length * MS,
    samples: [...samples],
    timeDeltas: samples.map((_, look) => (look === 0 ? 0 : MS)),
  };
}

const oneThread = (samples: readonly number[]) => [{ thread: 'main', profile: sampleProfile(samples) }];

describe('folding', () => {
  test('each look counts until the next one, for its call and all its callers', () => {
    const all = foldThreads(oneThread([2, 3, 3, 4, 5, 6]));
    const { busy, idleUs } = withoutIdle(all);
    expect([all.totalUs, busy.totalUs, idleUs]).toEqual([6 * MS, 5 * MS, MS]);
    const [main] = [...busy.children.values()];
    expect(main).toMatchObject({ name: 'main', line: 10, selfUs: MS, totalUs: 4 * MS });
    const places = createPlaces(ROOT);
    const [top] = topFunctions(busy, places, 1);
    // Both depths of the recursion are one function.
    expect(top).toMatchObject({ name: 'claim', where: 'reservation-core/claims.ts:20', selfMs: 3, percent: 60 });
    expect(byRoom(busy, places).map(({ room, selfMs }) => [room, selfMs])).toEqual([
      ['reservation-core', 3],
      ['edge', 1],
      ['garbage collector', 1],
    ]);
  });

  test('several threads stand side by side, and a thread that only waited is not drawn', () => {
    const threads = [...oneThread([2, 2]), { thread: '1', profile: sampleProfile([6, 6, 6]) }];
    const { busy, idleUs } = withoutIdle(foldThreads(threads));
    expect([...busy.children.values()].map(({ name }) => name)).toEqual(['thread main']);
    expect([busy.totalUs, idleUs]).toEqual([2 * MS, 3 * MS]);
  });

  test('a thread that was started later is not taken for one that was there from the beginning', () => {
    const late = { ...sampleProfile([3, 3]), startTime: 400 * MS, endTime: 402 * MS };
    const threads = [...oneThread(Array<number>(600).fill(6)), { thread: '1', profile: late }];
    expect(busiestWindow(threads, 0.1)).toEqual({ fromUs: 400 * MS, toUs: 500 * MS });
    expect(withoutIdle(foldThreads(threads, { fromUs: 0, toUs: 100 * MS })).busy.totalUs).toBe(0);
  });

  test('what goes round in circles ends', () => {
    const profile = sampleProfile([4]);
    const circle = {
      ...profile,
      nodes: profile.nodes.map((node) => (node.id === 4 ? { ...node, children: [2] } : node)),
    };
    expect(foldThreads([{ thread: 'main', profile: circle }]).totalUs).toBe(MS);
  });

  test('the busiest stretch leaves out start and end', () => {
    const looks = [...Array<number>(300).fill(6), ...Array<number>(200).fill(3), ...Array<number>(300).fill(6)];
    expect(busiestWindow(oneThread(looks), 0.2)).toEqual({ fromUs: 300 * MS, toUs: 500 * MS });
    expect(busiestWindow(oneThread(looks), 60)).toBeUndefined();
    const { busy } = withoutIdle(foldThreads(oneThread(looks), { fromUs: 300 * MS, toUs: 400 * MS }));
    expect(busy.totalUs).toBe(100 * MS);
  });
});

test('whose code a frame is, and never where the project lies', () => {
  const placeOf = createPlaces(ROOT);
  const place = (url: string, name = 'f') => placeOf({ name, url });
  expect(place(at('node_modules/ioredis/built/Command.js'))).toEqual({
    ...{ room: 'ioredis', kind: 'package', file: 'ioredis/built/Command.js' },
  });
  expect(place(at('node_modules/a/node_modules/@b/c/d.js'))).toMatchObject({ room: '@b/c', file: '@b/c/d.js' });
  expect(place('node:net')).toMatchObject({ room: 'node' });
  expect(place('', '(program)')).toMatchObject({ room: 'native' });
  expect(place('file:///elsewhere/test/shop/edge/session/claim.ts').file).not.toContain('elsewhere');
  expect(place('file:///elsewhere/some.js')).toMatchObject({ room: 'others', file: 'some.js' });
  expect(place('file:///a/%zz/edge/x.ts').room).toBe('edge');
});

describe('the page', () => {
  test('is whole in itself, and shows names as text', () => {
    const profile = sampleProfile([2, 3]);
    const evil = '<script>alert(1)</script>"\'';
    const nodes = profile.nodes.map((node) => ({
      ...node,
      callFrame: { ...node.callFrame, functionName: node.callFrame.functionName.replace('claim', evil) },
    }));
    const { html, text } = makeFlame({
      ...{ title: 'a & b', facts: [], window: undefined, top: 5 },
      threads: [{ thread: 'main', profile: { ...profile, nodes } }],
    });
    expect(html).toContain('a &amp; b');
    expect(html).not.toContain('<script>alert');
    expect(html).not.toMatch(/(src|href)=/u);
    expect(html).not.toContain(ROOT);
    expect(text).toContain('edge/main.ts:10');
  });

  test('draws each frame below its caller and as wide as its time, and no more than can be seen', () => {
    const all = newFrame('all');
    all.totalUs = 100_000;
    for (let child = 0; child < 20_000; child += 1) {
      const frame = newFrame(`f${child}`);
      frame.totalUs = child === 0 ? 80_001 : 1;
      all.children.set(String(child), frame);
    }
    const { boxes, depth } = layOut(all);
    expect(boxes.map(({ frame, left, width, depth: row }) => [frame.name, left, width, row])).toEqual([
      ['all', 0, 1, 0],
      ['f0', 0, 0.80001, 1],
    ]);
    expect(depth).toBe(2);
  });
});

test('a file that is no profile is told from one', () => {
  expect(parseProfile(sampleProfile([2])).ok).toBe(true);
  expect(parseProfile({ ...sampleProfile([2]), timeDeltas: [] }).ok).toBe(false);
  expect(parseProfile({}).ok).toBe(false);
  expect(parseProfile(null).ok).toBe(false);
});

test('a scenario that starts nothing of what is wanted says what it started', async () => {
  const { taken, seen, outcome } = await profileScenario({
    ...{ parts: ['relay'], only: undefined, progress: () => undefined },
    work: async () => 'done',
  });
  expect({ taken, seen, outcome }).toEqual({ taken: [], seen: [], outcome: 'done' });
});

test('the command line', () => {
  expect(readArguments(['edge', '--part', 'edge,generator', '--part', 'x', '--only', 'sold out'])).toMatchObject({
    ...{ kind: 'scenario', scenario: 'edge', parts: ['edge', 'generator', 'x'], only: 'sold out', seconds: 5 },
  });
  expect(readArguments(['a/b.cpuprofile', '--html', 'c.html'])).toMatchObject({ kind: 'file', htmlFile: 'c.html' });
  expect(readArguments(['--help'])).toEqual({ kind: 'help' });
  for (const wrong of [[], ['a', 'b'], ['a', '--top', '0'], ['a', '--seconds', 'x'], ['a', '--html', 'b'], ['--no']]) {
    expect(readArguments(wrong), wrong.join(' ')).toMatchObject({ kind: 'wrong' });
  }
});
