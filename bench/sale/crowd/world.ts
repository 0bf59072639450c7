/** What all shoppers of one generator share. */
import type { Account } from './account.ts';
import type { Behaviour } from './behaviour.ts';
import type { Heads } from './heads.ts';
import type { CrowdPlan, DropPlan } from './notes.ts';
import type { Tally } from './tally.ts';

export interface World {
  readonly plan: CrowdPlan & DropPlan;
  readonly tally: Tally;
  readonly heads: Heads;
  random(): number;
  nextKey(account: Account): string;
  /** Epoch milliseconds, infinity while the drop goes on. */
  readonly endedAtMs: number;
  /** Another socket of somebody who is here. */
  enter(account: Account, behave: Behaviour): void;
  /** Somebody was told just now that the drop has ended. */
  toldEnded(): void;
  opened(): void;
  closed(): void;
  cutAndBack(): void;
}
