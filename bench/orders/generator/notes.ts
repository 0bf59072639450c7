/** What a generator of claims is asked to do and what it tells: plain data, since it crosses processes. */
import type { Told } from '../../core/load.ts';
import type { Sale } from '../regions.ts';

export interface ClaimsAtRate {
  readonly t: 'claim';
  readonly redisUrl: string;
  readonly sales: readonly Sale[];
  /** Claims a second, once the ramp is over. */
  readonly perSecond: number;
  readonly warmUpMs: number;
  readonly measureMs: number;
}

export interface ClaimsMade {
  readonly t: 'made';
  readonly told: Told;
  /** Between these two, by the times that the claims were due, it counts. Epoch milliseconds. */
  readonly fromMs: number;
  readonly toMs: number;
  /** The latest that a claim was begun after it was due. */
  readonly latestMs: number;
  /** Epoch milliseconds of the first claim of the warm-up. */
  readonly startMs: number;
}

export type GeneratorReport = { readonly t: 'ready' } | ClaimsMade;
