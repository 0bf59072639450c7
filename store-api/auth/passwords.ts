/**
 * Passwords: argon2id, a bounded number at once. The library works in the threads of libuv, of which there are four for
 * everything: two may hash, the rest waits in a bounded line, and beyond it the answer is BUSY.
 */
import { hash, verify } from '@node-rs/argon2';
import { LIMITS } from '../../contracts/limits.ts';
import { Refusal } from '../plugins/problems.ts';

export interface Passwords {
  hash(password: string): Promise<string>;
  /** Takes the same time when there is no hash to compare with. */
  matches(stored: string | null | undefined, password: string): Promise<boolean>;
}

/** What OWASP recommends for argon2id, and what the library does unless told otherwise. */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

export function createPasswords(): Passwords {
  const turn = createTurns();
  let nobodys: Promise<string> | undefined;
  return {
    hash: (password) => turn(() => hash(plain(password), COST)),
    async matches(stored, password) {
      nobodys ??= hash(crypto.randomUUID(), COST);
      const compared = stored ?? (await nobodys);
      const isRight = await turn(() => verify(compared, plain(password)));
      return isRight && typeof stored === 'string';
    },
  };
}

/** The same letters typed on another keyboard are the same password. */
function plain(password: string): string {
  return password.normalize('NFKC');
}

function createTurns(): <T>(work: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async (work) => {
    if (running >= LIMITS.passwordsAtOnce) {
      if (waiting.length >= LIMITS.passwordsWaiting) throw new Refusal('BUSY');
      // Who ends passes their turn on, so that nobody who comes meanwhile overtakes.
      await new Promise<void>((resolve) => waiting.push(resolve));
    } else {
      running += 1;
    }
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next === undefined) running -= 1;
      else next();
    }
  };
}
