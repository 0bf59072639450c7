/** Which arm of an experiment somebody is in: said by a hash, so that every process says the same and nothing is kept. */
import { createHash } from 'node:crypto';
import type { HybridWeights } from '../recommendations/hybrid.ts';

export interface Arm {
  readonly name: string;
  /** In percent of all shoppers. What the arms leave is in no arm and is not counted. */
  readonly share: number;
  /** What this arm does otherwise; null where it does as the store does. */
  readonly weights: HybridWeights | null;
}

export interface Experiment {
  readonly name: string;
  /** The first is the control. */
  readonly arms: readonly Arm[];
}

const HASH_BYTES = 6;
const HASHES = 2 ** (8 * HASH_BYTES);
const WHOLE = 100;

export function armOf({ name, arms }: Experiment, shopperId: string): Arm | undefined {
  const hash = createHash('sha256').update(`${name}:${shopperId}`).digest().readUIntBE(0, HASH_BYTES);
  let place = (hash / HASHES) * WHOLE;
  for (const arm of arms) {
    if (place < arm.share) return arm;
    place -= arm.share;
  }
  return undefined;
}

/** As it stands in an event: the experiment and the arm. */
export const armLabel = (experiment: string, arm: string): string => `${experiment}:${arm}`;

/** In no experiment. */
export const NO_ARM = 'none';

export function readArmLabel(label: string): { readonly experiment: string; readonly arm: string } | undefined {
  const [experiment, arm, ...more] = label.split(':');
  return experiment === undefined || arm === undefined || more.length > 0 ? undefined : { experiment, arm };
}

/** An arm as it was written down; undefined for what is none. */
export function readArms(written: unknown): readonly Arm[] | undefined {
  if (!Array.isArray(written)) return undefined;
  const arms = written.flatMap((value: unknown) => readArm(value) ?? []);
  return arms.length === written.length && arms.length > 0 ? arms : undefined;
}

function readArm(value: unknown): Arm | undefined {
  if (typeof value !== 'object' || value === null || !('name' in value) || !('share' in value)) return undefined;
  const { name, share } = value;
  if (typeof name !== 'string' || typeof share !== 'number') return undefined;
  const given: unknown = 'weights' in value ? value.weights : null;
  if (given === null) return { name, share, weights: null };
  const weights = readWeights(given);
  return weights === undefined ? undefined : { name, share, weights };
}

function readWeights(value: unknown): HybridWeights | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const of = (part: keyof HybridWeights): number | undefined => {
    const weight: unknown = Reflect.get(value, part);
    return typeof weight === 'number' && weight >= 0 ? weight : undefined;
  };
  const [collaborative, content, trending, session] = [
    of('collaborative'),
    of('content'),
    of('trending'),
    of('session'),
  ];
  if (collaborative === undefined || content === undefined || trending === undefined || session === undefined) {
    return undefined;
  }
  return { collaborative, content, trending, session };
}

/** As `40,30,20,10`: collaborative, content, trending, session. */
export function weightsOf(text: string): HybridWeights {
  const [collaborative = 0, content = 0, trending = 0, session = 0] = text.split(',').map(Number);
  return { collaborative, content, trending, session };
}
