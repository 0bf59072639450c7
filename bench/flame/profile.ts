/** A `.cpuprofile` as V8 writes it: a tree of calls, and which of them was at work at each look. */
import Type, { type Static } from 'typebox';
import { Compile } from 'typebox/compile';

const CallFrame = Type.Object({
  functionName: Type.String(),
  url: Type.String(),
  /** From 0; -1 where there is no source. */
  lineNumber: Type.Number(),
});
const Profile = Type.Object({
  nodes: Type.Array(
    Type.Object({ id: Type.Number(), callFrame: CallFrame, children: Type.Optional(Type.Array(Type.Number())) }),
  ),
  startTime: Type.Number(),
  endTime: Type.Number(),
  /** The node of each look. */
  samples: Type.Array(Type.Number()),
  /** Microseconds from the look before to each look. */
  timeDeltas: Type.Array(Type.Number()),
});
const shape = Compile(Profile);

export type CallFrame = Static<typeof CallFrame>;
export type CpuProfile = Static<typeof Profile>;

/** A thread of a process, as it was watched. */
export interface ThreadProfile {
  readonly thread: string;
  readonly profile: CpuProfile;
}

export type ParsedProfile =
  | { readonly ok: true; readonly profile: CpuProfile }
  | { readonly ok: false; readonly problem: string };

export function parseProfile(value: unknown): ParsedProfile {
  if (!shape.Check(value)) {
    const [first] = shape.Errors(value);
    return { ok: false, problem: `no .cpuprofile: ${first?.instancePath ?? ''} ${first?.message ?? ''}` };
  }
  if (value.samples.length !== value.timeDeltas.length) {
    return { ok: false, problem: 'no .cpuprofile: as many samples as timeDeltas are expected.' };
  }
  return { ok: true, profile: value };
}

/** When the first of them began: threads of a process share one clock, and some are started later than others. */
export function originOf(threads: readonly ThreadProfile[]): number {
  return threads.reduce((first, { profile }) => Math.min(first, profile.startTime), Number.POSITIVE_INFINITY);
}

/** A look counts until the next one: what it found was at work for that long. `atUs` is since `originUs`. */
export function sampleTimes(profile: CpuProfile, originUs: number): { atUs: number; us: number }[] {
  const { timeDeltas, startTime, endTime } = profile;
  const times: { atUs: number; us: number }[] = [];
  let sinceStartUs = 0;
  for (const [at, delta] of timeDeltas.entries()) {
    sinceStartUs += Math.max(0, delta);
    const next = timeDeltas[at + 1] ?? Math.max(0, endTime - startTime - sinceStartUs);
    times.push({ atUs: startTime - originUs + sinceStartUs, us: Math.max(0, next) });
  }
  return times;
}
