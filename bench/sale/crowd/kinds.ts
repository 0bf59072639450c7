/** Who comes to a drop, and how many of each. What they do is in kinds/, by the same names. */

interface Kind {
  readonly share: number;
  readonly about: string;
}

export const KINDS = {
  patient: { share: 0.5, about: 'waits, claims one unit, pays' },
  leaving: { share: 0.12, about: 'leaves the line, or lets the pass run out' },
  reconnecting: { share: 0.12, about: 'is cut off and comes back with the ticket' },
  reclicking: { share: 0.12, about: 'asks again and again, with the same key and with new ones' },
  replaying: { share: 0.08, about: 'a bot: one account at several sockets, captured passes' },
  forging: { share: 0.06, about: 'a bot: made-up tokens, tickets and passes, claims out of turn' },
} as const satisfies Record<string, Kind>;

export type KindName = keyof typeof KINDS;
export const KIND_NAMES = Object.keys(KINDS).filter((name): name is KindName => Object.hasOwn(KINDS, name));

/** Which kind somebody is, given a number from 0 up to 1. */
export function kindOf(roll: number): KindName {
  let below = 0;
  for (const name of KIND_NAMES) {
    below += KINDS[name].share;
    if (roll < below) return name;
  }
  return 'patient';
}
