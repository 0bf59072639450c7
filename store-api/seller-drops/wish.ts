/** From what was sent to what is wished for. */
import type { DropPlan, DropWish, WishedItem } from '../../commerce/drops/plan.ts';
import { Refusal } from '../plugins/problems.ts';
import type { PlainForm } from './proposed.ts';

export function wishOf(form: PlainForm, startsAt: number): DropWish {
  return { ...settingsOf(form), items: itemsOf(form), startsAt };
}

/** A draft as it is, but for what was sent. */
export function changedWish(plan: DropPlan, form: PlainForm): DropWish {
  const before: DropWish = { ...plan, items: plan.skus };
  const given = Object.entries(settingsOf(form)).filter(([, value]) => value !== undefined);
  const items = form.sku === undefined && form.skus === undefined ? sameItems(plan, form) : itemsOf(form);
  const admission = { ...plan.admission, ...form.admission };
  return { ...before, ...Object.fromEntries(given), admission, items, startsAt: form.startsAt ?? plan.startsAt };
}

function settingsOf(form: PlainForm): Omit<DropWish, 'items' | 'startsAt'> {
  const { title, currency, mode, lobbyOpensAt, endsAt, perShopperLimit, holdSeconds, passSeconds, admission } = form;
  const { lanes, challenge } = form;
  return {
    ...{ title, currency, mode, lobbyOpensAt, endsAt, perShopperLimit, holdSeconds, passSeconds, admission },
    ...{ lanes, challenge },
  };
}

function itemsOf({ sku, skus, price, allocation }: PlainForm): WishedItem[] {
  if (sku !== undefined && skus !== undefined) throw invalid('sku and skus: one of the two is expected, not both.');
  if (skus !== undefined) {
    if (price !== undefined || allocation !== undefined) {
      throw invalid('price and allocation: with skus, each of them has its own.');
    }
    return skus;
  }
  if (sku === undefined) throw invalid('sku or skus: what the drop sells is not said.');
  return [{ sku, price, allocation: allocation ?? {} }];
}

function sameItems({ skus }: DropPlan, { price, allocation }: PlainForm): readonly WishedItem[] {
  if (price === undefined && allocation === undefined) return skus;
  if (skus.length !== 1) throw invalid('price and allocation: the drop has several items, send skus.');
  return skus.map((item) => ({
    ...item,
    ...(price === undefined ? {} : { price }),
    ...(allocation === undefined ? {} : { allocation }),
  }));
}

const invalid = (detail: string) => new Refusal('INVALID', { detail });
