/** What a generator of everyday shopping is asked to do and what it tells: plain data, since it crosses processes. */
import type { Buyer } from '../../store/generator/notes.ts';

export interface Shop {
  readonly t: 'shop';
  /** `mix` by autocannon, which carries most of it; `probe` by an open loop, whose latencies count. */
  readonly how: 'mix' | 'probe';
  readonly url: string;
  readonly seconds: number;
  readonly sessionsPerSecond: number;
  /** Each of them comes once, in turn. */
  readonly buyers: readonly Buyer[];
  readonly productIds: readonly string[];
  readonly queries: readonly string[];
  readonly seed: number;
}

export interface Shopped {
  readonly t: 'shopped';
  /** New shoppers. */
  readonly sessions: number;
  readonly requests: number;
  /** Answered 503: the store says that it is too much. */
  readonly busy: number;
  readonly failed: number;
  readonly failure: string | null;
  readonly orders: number;
  /** Answers that did without something since the store was under pressure, by what (x-shed). */
  readonly shed: Readonly<Record<string, number>>;
  /** hdr histogram of microseconds, compressed: of all requests, and by what was asked. */
  readonly latencies: string;
  readonly byStep: Readonly<Record<string, string>>;
  /** By second since the beginning, in ms: the largest of those seconds' latencies, and how many were asked. */
  readonly worstBySecond: readonly number[];
}
