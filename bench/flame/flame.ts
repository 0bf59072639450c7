/** From profiles to a page and the tables of a terminal. */
import { join } from 'node:path';
import { renderTable } from '../report/table.ts';
import { renderPage } from './page.ts';
import type { ThreadProfile } from './profile.ts';
import { createPlaces } from './rooms.ts';
import { foldThreads, type TimeWindow, withoutIdle } from './stacks.ts';
import { byRoom, topFunctions } from './top.ts';

export interface FlameOptions {
  readonly title: string;
  readonly facts: readonly string[];
  readonly threads: readonly ThreadProfile[];
  readonly window: TimeWindow | undefined;
  readonly top: number;
}

export interface Flame {
  readonly html: string;
  readonly text: string;
}

const placeOf = createPlaces(join(import.meta.dirname, '../..'));
const US_PER_MS = 1_000;
const US_PER_SECOND = 1_000_000;

export function makeFlame({ title, facts, threads, window, top }: FlameOptions): Flame {
  const { busy, idleUs } = withoutIdle(foldThreads(threads, window));
  const functions = topFunctions(busy, placeOf, top);
  const rooms = byRoom(busy, placeOf);
  const about = [...facts, spentIn(busy.totalUs, idleUs, threads.length, window)];
  return {
    html: renderPage({ title, facts: about, busy, functions, rooms, placeOf }),
    text: [
      [title, ...about].join('\n'),
      renderTable({
        title: 'By room, what its own code took',
        columns: ['room', 'ms', '%'],
        rows: rooms.map(({ room, selfMs, percent }) => [room, tenths(selfMs), tenths(percent)]),
      }),
      renderTable({
        title: 'Functions that took most themselves',
        columns: ['function', 'where', 'ms', '%'],
        rows: functions.map(({ name, where, room, selfMs, percent }) => [
          name,
          where === '' ? room : where,
          tenths(selfMs),
          tenths(percent),
        ]),
      }),
    ].join('\n\n'),
  };
}

function spentIn(busyUs: number, idleUs: number, threads: number, window: TimeWindow | undefined): string {
  const seconds = (us: number): string => (us / US_PER_SECOND).toFixed(1);
  const of = threads === 1 ? 'one thread' : `${threads} threads`;
  const stretch =
    window === undefined
      ? 'all of the profile'
      : `the busiest ${seconds(window.toUs - window.fromUs)} s, from ${seconds(window.fromUs)} s on`;
  return `${(busyUs / US_PER_MS).toFixed(0)} ms at work, ${(idleUs / US_PER_MS).toFixed(0)} ms idle, ${of}; ${stretch}.`;
}

function tenths(value: number): number {
  return Math.round(value * 10) / 10;
}
