import type { Contender } from './contender.ts';
import { OURS, OURS_OVER_SOCKETS } from './ours.ts';
import { peer } from './peer.ts';

/** In the order in which they have their turns. */
export const CONTENDERS: readonly Contender[] = [
  peer({ name: 'tutorial', label: 'Redis counter, then an insert', folder: 'tutorial', redis: 'as it comes' }),
  peer({
    name: 'tutorialAlways',
    label: 'the same, appendfsync always',
    folder: 'tutorial',
    redis: 'appendfsync always',
  }),
  peer({ name: 'update', label: 'PostgreSQL, UPDATE', folder: 'update', redis: null }),
  peer({ name: 'skipLocked', label: 'PostgreSQL, SKIP LOCKED', folder: 'skip-locked', redis: null }),
  OURS,
  OURS_OVER_SOCKETS,
];
