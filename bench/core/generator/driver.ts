import type { Depth } from './depth.ts';
import type { OpenLoop } from './open-loop.ts';
import type { Tally } from './tally.ts';

export interface DriverUnderWay {
  /** Claims until told to stop, each shopper after their last answer, and then until everything that was asked is answered. */
  run(goesOn: () => boolean): Promise<void>;
  /** The same at a steady rate, whatever is answered. */
  runOpen(loop: OpenLoop, goesOn: () => boolean): Promise<void>;
  close(): Promise<void>;
}

/** What a driver tells while it claims. */
export interface Told {
  readonly tally: Tally;
  readonly depth: Depth;
}
