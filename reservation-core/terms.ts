/** The terms of a drop as the scripts read them: on each region's shard, and on its home shard. */
import type { DropDefinition } from '../contracts/drop.ts';

export interface Term {
  readonly field: string;
  readonly value: string;
}

export function regionTermsOf(drop: DropDefinition): Term[] {
  return [...timesOf(drop), { field: 'perShopperLimit', value: String(drop.perShopperLimit) }];
}

export function homeTermsOf(drop: DropDefinition): Term[] {
  return [
    ...timesOf(drop),
    { field: 'perSecond', value: String(drop.admission.perSecond) },
    { field: 'maxActive', value: String(drop.admission.maxActive) },
    { field: 'passMs', value: String(drop.passSeconds * 1_000) },
    { field: 'mode', value: drop.mode },
    { field: 'lanes', value: drop.lanes.map(({ name, weight }) => `${name}=${weight}`).join(',') },
    { field: 'definition', value: JSON.stringify(drop) },
  ];
}

function timesOf(drop: DropDefinition): Term[] {
  return [
    { field: 'state', value: drop.state },
    { field: 'lobbyOpensAt', value: String(drop.lobbyOpensAt) },
    { field: 'startsAt', value: String(drop.startsAt) },
    { field: 'endsAt', value: String(drop.endsAt) },
  ];
}
