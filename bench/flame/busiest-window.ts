/** The busiest stretch of a profile: what a run was measured in, without its start, its warm-up and its end. */
import { originOf, sampleTimes, type ThreadProfile } from './profile.ts';
import { type TimeWindow, waits } from './stacks.ts';

const SLOT_US = 100_000;
/** A profile of more slots than this is looked at as a whole: more than an hour. */
const MOST_SLOTS = 36_000;

/** Undefined where the profile is no longer than that. */
export function busiestWindow(threads: readonly ThreadProfile[], seconds: number): TimeWindow | undefined {
  const width = Math.max(1, Math.round((seconds * 1e6) / SLOT_US));
  const busy = busySlots(threads);
  if (busy.length <= width || busy.length > MOST_SLOTS) return undefined;
  let sum = busy.slice(0, width).reduce((total, us) => total + us, 0);
  let best = { at: 0, sum };
  for (let at = 1; at + width <= busy.length; at += 1) {
    sum += (busy[at + width - 1] ?? 0) - (busy[at - 1] ?? 0);
    if (sum > best.sum) best = { at, sum };
  }
  return { fromUs: best.at * SLOT_US, toUs: (best.at + width) * SLOT_US };
}

/** How long all threads together were at work in each slot. */
function busySlots(threads: readonly ThreadProfile[]): number[] {
  const busy: number[] = [];
  const originUs = originOf(threads);
  for (const { profile } of threads) {
    const idle = new Set(profile.nodes.filter(({ callFrame }) => waits(callFrame)).map(({ id }) => id));
    for (const [at, { atUs, us }] of sampleTimes(profile, originUs).entries()) {
      const slot = Math.floor(atUs / SLOT_US);
      if (slot > MOST_SLOTS) return busy;
      while (busy.length <= slot) busy.push(0);
      if (!idle.has(profile.samples[at] ?? 0)) busy[slot] = (busy[slot] ?? 0) + us;
    }
  }
  return busy;
}
