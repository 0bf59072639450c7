/** All that the report of a sale is made from. */
import type { BenchContext } from '../scenario.ts';
import type { Round } from './round.ts';
import type { SaleSize } from './size.ts';

export interface SaleGiven {
  readonly context: Pick<BenchContext, 'quick' | 'doctored'>;
  readonly size: SaleSize;
  /** Counts for nothing but its books. */
  readonly warmUp: Pick<Round, 'audit'>;
  readonly rounds: readonly Round[];
  readonly fsyncMs: number;
  readonly versions: { readonly redis: string; readonly postgres: string };
}
