import type { Behaviour } from './behaviour.ts';
import { forging } from './kinds/forging.ts';
import { leaving } from './kinds/leaving.ts';
import { patient } from './kinds/patient.ts';
import { reclicking } from './kinds/reclicking.ts';
import { reconnecting } from './kinds/reconnecting.ts';
import { replaying } from './kinds/replaying.ts';
import type { KindName } from './kinds.ts';

export const BEHAVIOURS: Readonly<Record<KindName, Behaviour>> = {
  ...{ patient, leaving, reconnecting },
  ...{ reclicking, replaying, forging },
};
