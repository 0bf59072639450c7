/** The rooms that somebody of this edge is in. A drop nobody waits for costs nothing. */

import type { DropDefinition } from '../../contracts/drop.ts';
import { LIMITS } from '../../contracts/limits.ts';
import type { Logger } from '../../platform/logging/logger.ts';
import { createRoom, type Room, type RoomOptions } from './room.ts';

export interface Rooms {
  /** Whoever got a room has to leave it. */
  enter(dropId: string): Promise<Room | 'DROP_NOT_FOUND' | 'BUSY'>;
  leave(dropId: string): void;
  tick(): Promise<void>;
}

interface Entry {
  readonly room: Promise<Room | undefined>;
  present: number;
  ticking: boolean;
}

export function createRooms(options: RoomOptions & { readonly log: Logger }): Rooms {
  const { drops, log } = options;
  const rooms = new Map<string, Entry>();

  async function open(dropId: string): Promise<Room | undefined> {
    const drop: DropDefinition | undefined = await drops.find(dropId);
    return drop === undefined ? undefined : await createRoom(drop, options);
  }

  async function tickOne(dropId: string, entry: Entry): Promise<void> {
    // A tick that takes longer than its interval is not started twice.
    if (entry.ticking) return;
    entry.ticking = true;
    try {
      await (await entry.room)?.tick();
    } catch (error) {
      log.warn({ err: error, dropId }, 'the line could not be moved, trying again');
    } finally {
      entry.ticking = false;
    }
  }

  return {
    async enter(dropId) {
      const known = rooms.get(dropId);
      if (known === undefined && rooms.size >= LIMITS.dropCacheEntries) return 'BUSY';
      const entry = known ?? { room: open(dropId), present: 0, ticking: false };
      rooms.set(dropId, entry);
      entry.present += 1;
      try {
        const room = await entry.room;
        if (room === undefined) leave(dropId);
        return room ?? 'DROP_NOT_FOUND';
      } catch (error) {
        leave(dropId);
        throw error;
      }
    },
    leave,
    async tick() {
      await Promise.all([...rooms].map(([dropId, entry]) => tickOne(dropId, entry)));
    },
  };

  function leave(dropId: string): void {
    const entry = rooms.get(dropId);
    if (entry === undefined) return;
    entry.present -= 1;
    if (entry.present <= 0) rooms.delete(dropId);
  }
}
