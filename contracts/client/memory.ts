/** What a shopper has to keep to find their place again: after a reload, in another tab, in another process. */
import { LIMITS } from '../limits.ts';

export interface Remembered {
  readonly nonce: string;
  readonly ticket?: string;
}

export interface ClientMemory {
  load(dropId: string): Remembered | undefined;
  save(dropId: string, remembered: Remembered): void;
}

/** For as long as the process lives. */
export function createMemory(): ClientMemory {
  const byDrop = new Map<string, Remembered>();
  return {
    load: (dropId) => byDrop.get(dropId),
    save: (dropId, remembered) => void byDrop.set(dropId, remembered),
  };
}

/** `localStorage`, or what is like it. */
export interface TextStorage {
  getItem(name: string): string | null;
  setItem(name: string, text: string): void;
}

/** Somebody else may have written there, or the storage may be full or forbidden: then it is as if nothing was kept. */
export function createStoredMemory(storage: TextStorage): ClientMemory {
  const nameOf = (dropId: string): string => `dropgate/line/${dropId}`;
  return {
    load(dropId) {
      try {
        return readRemembered(JSON.parse(storage.getItem(nameOf(dropId)) ?? 'null'));
      } catch {
        return undefined;
      }
    },
    save(dropId, remembered) {
      try {
        storage.setItem(nameOf(dropId), JSON.stringify(remembered));
      } catch {
        // The place is kept as long as the page is open.
      }
    },
  };
}

function readRemembered(value: unknown): Remembered | undefined {
  if (typeof value !== 'object' || value === null || !('nonce' in value)) return undefined;
  const { nonce } = value;
  if (typeof nonce !== 'string' || nonce.length === 0 || nonce.length > LIMITS.nonceChars) return undefined;
  const ticket = 'ticket' in value ? value.ticket : undefined;
  const usable = typeof ticket === 'string' && ticket.length > 0 && ticket.length <= LIMITS.ticketChars;
  return usable ? { nonce, ticket } : { nonce };
}

const NONCE_BYTES = 16;

/** Not randomUUID: browsers have that only on pages that came by HTTPS. */
export function randomHex(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
