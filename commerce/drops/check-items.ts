/** What is sold: whose it is, at which price, in which regions, and whether the shelves have it. */
import { LIMITS } from '../../contracts/limits.ts';
import { at } from './check-times.ts';
import { NO_PRICE } from './fill-in.ts';
import type { Findings, Problem, ProblemCode, Warning } from './finding.ts';
import { type DropFacts, type DropPlan, type OfferedVariant, unitsOf } from './plan.ts';

type Item = DropPlan['skus'][number];

export function checkItems(plan: DropPlan, facts: DropFacts): Findings {
  const problems: Problem[] = [...countProblems(plan), ...currencyProblems(plan)];
  const warnings: Warning[] = [];
  plan.skus.forEach((item, index) => {
    const field = `skus[${index}]`;
    const variant = facts.variants.find(({ sku }) => sku === item.sku);
    problems.push(
      ...ownProblems(plan, item, index, variant),
      ...priceProblems(item, field, plan.currency),
      ...regionProblems(item, field, facts),
      ...stockProblems(item, field, facts),
      ...overlapProblems(plan, item, field, facts),
    );
    warnings.push(...priceWarnings(item, field, plan.currency, variant), ...regionWarnings(item, field));
  });
  return { problems, warnings };
}

function countProblems({ skus, title }: DropPlan): Problem[] {
  if (skus.length === 0) return [problem('skus', 'NO_ITEMS', 'The drop sells nothing: name one sku or more.')];
  const problems: Problem[] = [];
  if (skus.length > LIMITS.skusPerDrop) {
    const message = `${skus.length} items are named, at most ${LIMITS.skusPerDrop} are allowed.`;
    problems.push(problem('skus', 'TOO_MANY_ITEMS', message));
  }
  if (title === '') problems.push(problem('title', 'NO_ITEMS', 'The drop has no title, and no item to take it from.'));
  return problems;
}

function currencyProblems({ currency, skus }: DropPlan): Problem[] {
  // Of an item that is not known the currency is not either, which is said of the item.
  if (currency !== '' || skus.length === 0) return [];
  return [problem('currency', 'CURRENCY_UNKNOWN', 'No currency is given, and the first item has none to take.')];
}

function ownProblems(plan: DropPlan, { sku }: Item, index: number, variant: OfferedVariant | undefined): Problem[] {
  const field = `skus[${index}].sku`;
  const problems: Problem[] = [];
  const first = plan.skus.findIndex((other) => other.sku === sku);
  if (first < index) problems.push(problem(field, 'SKU_TWICE', `${sku} stands in skus[${first}] already.`));
  if (variant === undefined) {
    // Somebody else's is answered like none.
    problems.push(problem(field, 'UNKNOWN_SKU', `There is no ${sku} among the products of this merchant.`));
    return problems;
  }
  if (!variant.isSold) {
    problems.push(problem(field, 'SKU_NOT_SOLD', `${sku} is archived, or its product is not active.`));
  }
  if (plan.currency !== '' && variant.currency !== plan.currency) {
    const message = `${sku} is priced in ${variant.currency}, the drop in ${plan.currency}.`;
    problems.push(problem('currency', 'CURRENCY_DIFFERS', message));
  }
  return problems;
}

function priceProblems({ sku, price }: Item, field: string, currency: string): Problem[] {
  if (price === NO_PRICE) {
    return [
      problem(`${field}.price`, 'PRICE_MISSING', `${sku} has no price in ${currency || 'any currency'} to take.`),
    ];
  }
  if (price >= 0 && price <= LIMITS.priceMinor) return [];
  const message = `${price} minor units are asked; from 0 to ${LIMITS.priceMinor} are allowed.`;
  return [problem(`${field}.price`, 'PRICE_OUT_OF_RANGE', message)];
}

function priceWarnings(
  { sku, price }: Item,
  field: string,
  currency: string,
  variant: OfferedVariant | undefined,
): Warning[] {
  if (price === 0)
    return [{ field: `${field}.price`, code: 'PRICE_ZERO', message: `${sku} is given away for nothing.` }];
  if (variant === undefined || variant.currency !== currency || price <= variant.price) return [];
  const message = `The drop asks ${price} for ${sku}, the shop ${variant.price} (minor units of ${currency}).`;
  return [{ field: `${field}.price`, code: 'PRICE_ABOVE_LIST', message }];
}

function regionProblems({ allocation }: Item, field: string, { regions }: DropFacts): Problem[] {
  const problems: Problem[] = [];
  for (const [region, units] of Object.entries(allocation)) {
    const place = `${field}.allocation.${region}`;
    if (!regions.includes(region)) {
      const message = `There is no region ${region}; there are ${regions.join(', ')}.`;
      problems.push(problem(place, 'UNKNOWN_REGION', message));
    }
    if (units < 0 || units > LIMITS.unitsPerSku) {
      const message = `${units} units are given to ${region}; from 0 to ${LIMITS.unitsPerSku} are allowed.`;
      problems.push(problem(place, 'TOO_MANY_UNITS', message));
    }
  }
  return problems;
}

function regionWarnings({ sku, allocation }: Item, field: string): Warning[] {
  if (unitsOf({ allocation }) <= 0) return [];
  return Object.entries(allocation).flatMap(([region, units]) => {
    const message = `${region} begins without units of ${sku}; it gets some when they are moved there.`;
    return units === 0 ? [{ field: `${field}.allocation.${region}`, code: 'REGION_WITHOUT_UNITS', message }] : [];
  });
}

function stockProblems(item: Item, field: string, { shelves, variants }: DropFacts): Problem[] {
  const asked = unitsOf(item);
  if (asked <= 0) {
    const message = `No units of ${item.sku} are given to any region.`;
    return [problem(`${field}.allocation`, 'NO_UNITS', message)];
  }
  // What is not theirs is said once; there is nothing to say of its shelves.
  if (!variants.some(({ sku }) => sku === item.sku)) return [];
  const own = shelves.filter(({ sku, available }) => sku === item.sku && available > 0);
  const available = own.reduce((sum, shelf) => sum + shelf.available, 0);
  if (asked <= available) return [];
  const where = own.map((shelf) => `${shelf.available} in ${shelf.warehouse}`).join(', ');
  const there = available === 0 ? 'none are free on any shelf' : `${available} are free (${where})`;
  const message = `${asked} units of ${item.sku} are given, ${there}: ${asked - available} are missing.`;
  return [problem(`${field}.allocation`, 'NOT_ENOUGH_STOCK', message)];
}

function overlapProblems(plan: DropPlan, { sku }: Item, field: string, { otherDrops }: DropFacts): Problem[] {
  const overlapping = otherDrops.filter((other) => {
    return other.sku === sku && other.lobbyOpensAt < plan.endsAt && plan.lobbyOpensAt < other.endsAt;
  });
  return overlapping.map(({ dropId, title, lobbyOpensAt, endsAt }) => {
    const when = `from ${at(lobbyOpensAt)} to ${at(endsAt)}`;
    return problem(`${field}.sku`, 'OVERLAPS', `${sku} is in the drop "${title}" (${dropId}) ${when}.`);
  });
}

const problem = (field: string, code: ProblemCode, message: string): Problem => ({ field, code, message });
