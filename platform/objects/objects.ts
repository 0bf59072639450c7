/**
 * Bytes by name: pictures and what else is too large for the database. In a folder of this machine, or in any store that
 * speaks S3; whoever uses it cannot tell which. What stands under a name is never changed, only written anew or removed.
 */
import type { Readable } from 'node:stream';
import { PlatformError } from '../errors.ts';

export interface ObjectFacts {
  readonly bytes: number;
}

export interface StoredObject extends ObjectFacts {
  /** To be read to its end, or destroyed. */
  readonly body: Readable;
}

export interface ObjectMeaning {
  readonly contentType: string;
}

export interface ObjectStore {
  /** Whole or not at all; the same name again replaces what was there. */
  put(key: string, bytes: Uint8Array, meaning: ObjectMeaning): Promise<void>;
  /** Undefined where there is nothing. */
  get(key: string): Promise<StoredObject | undefined>;
  head(key: string): Promise<ObjectFacts | undefined>;
  /** Also done where there was nothing. */
  remove(key: string): Promise<void>;
  /** Rejects when the store cannot be used. */
  check(): Promise<void>;
  /** Removes what a process that died has left half written, where the store does not do so by itself. */
  tidy(nowMs: number): Promise<void>;
}

/** Small letters, digits and a few signs, in parts that begin with none of the signs: no name leads out of a folder. */
const KEY = /^[a-z0-9][a-z0-9._-]*(\/[a-z0-9][a-z0-9._-]*)*$/;
const MOST_CHARS = 200;

/** A name that is none is a mistake of ours: names are made of ids, never of what a client sends. */
export function checkKey(key: string): string {
  if (key.length > MOST_CHARS || !KEY.test(key)) {
    throw new PlatformError('BAD_OBJECT_KEY', 'the name of an object has another form', { retryable: false });
  }
  return key;
}
