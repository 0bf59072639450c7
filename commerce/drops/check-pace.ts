/** Who may buy how much, how fast, and whether all of it can be sold in the time that there is. */
import { LIMITS } from '../../contracts/limits.ts';
import { duration } from './check-times.ts';
import { activeAtPace } from './fill-in.ts';
import type { Findings, Problem, ProblemCode, Warning } from './finding.ts';
import { type DropPlan, unitsOf } from './plan.ts';

const LANE_NAME = /^[a-z][a-z0-9-]{0,31}$/;
const MOST_WEIGHT = 1_000;

export function checkPace(plan: DropPlan): Findings {
  const ranges = rangeProblems(plan);
  const problems = [...ranges, ...(ranges.length === 0 ? timeProblems(plan) : []), ...laneProblems(plan)];
  return { problems, warnings: [...paceWarnings(plan), ...laneWarnings(plan)] };
}

function rangeProblems({ perShopperLimit, holdSeconds, passSeconds, admission }: DropPlan): Problem[] {
  return [
    ...range('perShopperLimit', 'LIMIT_OUT_OF_RANGE', perShopperLimit, LIMITS.unitsPerShopper, 'units a shopper'),
    ...range('holdSeconds', 'HOLD_OUT_OF_RANGE', holdSeconds, LIMITS.holdSeconds, 'seconds to pay'),
    ...range('passSeconds', 'PASS_OUT_OF_RANGE', passSeconds, LIMITS.passSeconds, 'seconds to choose'),
    ...range(
      'admission.perSecond',
      'ADMISSION_OUT_OF_RANGE',
      admission.perSecond,
      LIMITS.admissionsPerSecond,
      'shoppers a second',
    ),
    ...range(
      'admission.maxActive',
      'ADMISSION_OUT_OF_RANGE',
      admission.maxActive,
      LIMITS.activePasses,
      'shoppers at once',
    ),
  ];
}

function range(field: string, code: ProblemCode, given: number, most: number, what: string): Problem[] {
  if (given >= 1 && given <= most) return [];
  return [{ field, code, message: `${given} ${what} are asked for; from 1 to ${most} are allowed.` }];
}

/** The most that the caps let through: so many shoppers, each with all they may have. */
export function mostUnits({ admission, startsAt, endsAt, perShopperLimit }: DropPlan): number {
  return Math.floor((admission.perSecond * (endsAt - startsAt)) / 1_000) * perShopperLimit;
}

function timeProblems(plan: DropPlan): Problem[] {
  const units = plan.skus.reduce((sum, item) => sum + Math.max(0, unitsOf(item)), 0);
  const most = mostUnits(plan);
  if (plan.endsAt <= plan.startsAt || most >= units) return [];
  const { admission, perShopperLimit, startsAt, endsAt } = plan;
  const caps = `${admission.perSecond} shoppers a second, ${perShopperLimit} units each, ${duration(endsAt - startsAt)}`;
  const message = `At the most ${most} of ${units} units can be sold: ${caps}.`;
  return [{ field: 'admission.perSecond', code: 'CANNOT_SELL_IN_TIME', message }];
}

function paceWarnings({ admission, passSeconds, holdSeconds, startsAt, endsAt }: DropPlan): Warning[] {
  const warnings: Warning[] = [];
  const needed = activeAtPace(admission.perSecond, passSeconds);
  if (admission.maxActive < needed) {
    const slowest = Math.round((admission.maxActive / Math.max(1, passSeconds)) * 10) / 10;
    const message =
      `${admission.perSecond} shoppers a second with ${passSeconds} seconds each are up to ${needed} at once; with ` +
      `${admission.maxActive} at once the line may slow down to ${slowest} a second.`;
    warnings.push({ field: 'admission.maxActive', code: 'ACTIVE_BELOW_PACE', message });
  }
  if (endsAt > startsAt && holdSeconds * 1_000 > endsAt - startsAt) {
    const message = `Shoppers have ${holdSeconds} seconds to pay, the drop lasts ${duration(endsAt - startsAt)}: what is not paid comes back after its end.`;
    warnings.push({ field: 'holdSeconds', code: 'HOLD_LONGER_THAN_DROP', message });
  }
  return warnings;
}

function laneProblems({ lanes }: DropPlan): Problem[] {
  const problem = (field: string, message: string): Problem => ({ field, code: 'LANES_INVALID', message });
  if (lanes.length < 1 || lanes.length > LIMITS.lanesPerDrop) {
    return [problem('lanes', `${lanes.length} lanes are given; from 1 to ${LIMITS.lanesPerDrop} are allowed.`)];
  }
  return lanes.flatMap(({ name, weight, tier }, index) => {
    const field = `lanes[${index}]`;
    const first = lanes.findIndex((other) => other.name === name);
    return [
      ...(LANE_NAME.test(name) ? [] : [problem(`${field}.name`, `"${name}" is no name: a-z, 0-9 and -, 32 at most.`)]),
      ...(LANE_NAME.test(tier) ? [] : [problem(`${field}.tier`, `"${tier}" is no tier: a-z, 0-9 and -, 32 at most.`)]),
      ...(first < index ? [problem(`${field}.name`, `"${name}" is the name of lanes[${first}] as well.`)] : []),
      ...(weight >= 1 && weight <= MOST_WEIGHT
        ? []
        : [problem(`${field}.weight`, `A weight of ${weight}; from 1 to ${MOST_WEIGHT} are allowed.`)]),
    ];
  });
}

function laneWarnings({ lanes }: DropPlan): Warning[] {
  return lanes.flatMap(({ name, tier }, index) => {
    const first = lanes.findIndex((other) => other.tier === tier);
    if (first === index) return [];
    const message = `Shoppers of the tier "${tier}" go to the lane "${lanes[first]?.name}"; nobody comes to "${name}".`;
    return [{ field: `lanes[${index}].tier`, code: 'LANES_SAME_TIER', message }];
  });
}
