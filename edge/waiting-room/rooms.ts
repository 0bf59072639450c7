/** The rooms that somebody of this edge is in. A drop nobody waits for costs nothing. */
import type { DropDefinition } from '../../contracts/drop.ts';
import { INTERVALS, LIMITS } from '../../contracts/limits.ts';
import type { Logger } from '../../platform/logging/logger.ts';
import { createRoom, type Room, type RoomOptions } from './room.ts';

export type Entrance = Room | 'DROP_NOT_FOUND' | 'BUSY';

export interface Rooms {
  /** Whoever got a room has to leave it. */
  enter(dropId: string): Promise<Entrance>;
  leave(dropId: string): void;
  /** For who asks now and then: the room stays for a while, without being left. */
  visit(dropId: string): Promise<Entrance>;
  /** Units came back to where there were none. */
  noteReturn(dropId: string, region: string, sku: string): void;
  tick(): Promise<void>;
}

interface Entry {
  readonly opening: Promise<Room | undefined>;
  room: Room | undefined;
  present: number;
  visitedUntilMs: number;
  ticking: boolean;
}

export interface RoomsOptions extends RoomOptions {
  readonly log: Logger;
  onClosed(dropId: string): void;
}

export function createRooms(options: RoomsOptions): Rooms {
  const { drops, log, clock } = options;
  const rooms = new Map<string, Entry>();
  /** It is tried ten times a second: what goes on failing is told now and then. */
  let quietUntilMs = 0;

  async function open(dropId: string): Promise<Room | undefined> {
    const drop: DropDefinition | undefined = await drops.find(dropId);
    return drop === undefined ? undefined : await createRoom(drop, options);
  }

  async function tickOne(dropId: string, entry: Entry): Promise<void> {
    // A tick that takes longer than its interval is not started twice.
    if (entry.ticking) return;
    entry.ticking = true;
    try {
      await entry.room?.tick();
    } catch (error) {
      if (performance.now() < quietUntilMs) return;
      quietUntilMs = performance.now() + INTERVALS.repeatedWarningMs;
      log.warn({ err: error, dropId }, 'the line could not be moved, trying again');
    } finally {
      entry.ticking = false;
    }
  }

  async function enter(dropId: string): Promise<Entrance> {
    const known = rooms.get(dropId);
    if (known === undefined && rooms.size >= LIMITS.dropCacheEntries) return 'BUSY';
    const entry = known ?? {
      ...{ opening: open(dropId), room: undefined },
      ...{ present: 0, visitedUntilMs: 0, ticking: false },
    };
    rooms.set(dropId, entry);
    entry.present += 1;
    try {
      entry.room = await entry.opening;
      if (entry.room === undefined) leave(dropId);
      return entry.room ?? 'DROP_NOT_FOUND';
    } catch (error) {
      leave(dropId);
      throw error;
    }
  }

  function leave(dropId: string): void {
    const entry = rooms.get(dropId);
    if (entry === undefined) return;
    entry.present -= 1;
    closeIfEmpty(dropId, entry);
  }

  function closeIfEmpty(dropId: string, entry: Entry): void {
    if (entry.present > 0 || clock.now() < entry.visitedUntilMs) return;
    rooms.delete(dropId);
    options.onClosed(dropId);
  }

  return {
    enter,
    leave,
    async visit(dropId) {
      const room = await enter(dropId);
      const entry = rooms.get(dropId);
      if (typeof room === 'string' || entry === undefined) return room;
      entry.visitedUntilMs = clock.now() + INTERVALS.pollPresenceMs;
      leave(dropId);
      return room;
    },
    noteReturn: (dropId, region, sku) => rooms.get(dropId)?.room?.noteReturn(sku, region),
    async tick() {
      for (const [dropId, entry] of rooms) if (entry.room !== undefined) closeIfEmpty(dropId, entry);
      await Promise.all([...rooms].map(([dropId, entry]) => tickOne(dropId, entry)));
    },
  };
}
