/** Where the time went, as tables: the functions that took most of it themselves, and the rooms. */
import type { Place } from './rooms.ts';
import type { Frame } from './stacks.ts';

export interface Spent {
  readonly name: string;
  readonly where: string;
  readonly room: string;
  readonly selfMs: number;
  /** Of the time in which anything was at work. */
  readonly percent: number;
}

export interface RoomSpent {
  readonly room: string;
  readonly kind: string;
  readonly selfMs: number;
  readonly percent: number;
}

type PlaceOf = (frame: Frame) => Place;

const US_PER_MS = 1_000;
const PERCENT = 100;

export function topFunctions(all: Frame, placeOf: PlaceOf, count: number): Spent[] {
  const spent = new Map<string, { name: string; place: Place; line: number; us: number }>();
  eachFrame(all, (frame) => {
    if (frame.selfUs === 0) return;
    const place = placeOf(frame);
    const key = `${frame.name}\n${frame.url}\n${frame.line}`;
    const before = spent.get(key);
    if (before === undefined) spent.set(key, { name: frame.name, place, line: frame.line, us: frame.selfUs });
    else before.us += frame.selfUs;
  });
  return [...spent.values()]
    .sort((a, b) => b.us - a.us)
    .slice(0, count)
    .map(({ name, place, line, us }) => ({
      name,
      where: place.file === '' ? '' : `${place.file}:${line}`,
      room: place.room,
      selfMs: us / US_PER_MS,
      percent: (PERCENT * us) / Math.max(1, all.totalUs),
    }));
}

export function byRoom(all: Frame, placeOf: PlaceOf): RoomSpent[] {
  const spent = new Map<string, { kind: string; us: number }>();
  eachFrame(all, (frame) => {
    if (frame.selfUs === 0) return;
    const { room, kind } = placeOf(frame);
    const before = spent.get(room);
    if (before === undefined) spent.set(room, { kind, us: frame.selfUs });
    else before.us += frame.selfUs;
  });
  return [...spent]
    .sort(([, a], [, b]) => b.us - a.us)
    .map(([room, { kind, us }]) => ({
      room,
      kind,
      selfMs: us / US_PER_MS,
      percent: (PERCENT * us) / Math.max(1, all.totalUs),
    }));
}

function eachFrame(frame: Frame, look: (frame: Frame) => void): void {
  look(frame);
  for (const child of frame.children.values()) eachFrame(child, look);
}
