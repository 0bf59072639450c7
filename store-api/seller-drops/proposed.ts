/** Forms that leave it to the past how their units are divided: `allocation: "proposed"` with `units`. */
import { LIMITS } from '../../contracts/limits.ts';
import type { Database, DatabaseClient } from '../../platform/connections/postgres.ts';
import { Refusal } from '../plugins/problems.ts';
import type { StoreServices } from '../services.ts';
import type { AllocationForm, DropChangeForm } from './forms.ts';
import { allocationOf, proposeItems, type WantedUnits } from './propose.ts';

type ItemForm = NonNullable<DropChangeForm['skus']>[number];
export type PlainItem = Omit<ItemForm, 'allocation' | 'units'> & { readonly allocation: Record<string, number> };

/** With every allocation said in figures. */
export type PlainForm = Omit<DropChangeForm, 'allocation' | 'units' | 'skus'> & {
  readonly allocation?: Record<string, number> | undefined;
  readonly skus?: PlainItem[] | undefined;
};

export async function withProposals(
  services: Pick<StoreServices, 'regions' | 'clock'>,
  database: Database | DatabaseClient,
  { allocation, units, skus, ...form }: DropChangeForm,
  /** Of a draft that has one item already, when the form names none. */
  of: { readonly merchantId: string; readonly sku?: string | undefined },
): Promise<PlainForm> {
  const own = { sku: form.sku ?? of.sku ?? '', allocation, units };
  const wanted = [own, ...(skus ?? [])].flatMap(wantedOf);
  const proposed = wanted.length === 0 ? [] : await proposeItems(services, database, of.merchantId, wanted);
  // The form may name an item twice, each time with other units: that is said of it later.
  const next = proposed[Symbol.iterator]();
  const filled = (given: AllocationForm) => {
    const proposal = given === 'proposed' ? next.next().value : undefined;
    return proposal === undefined || given !== 'proposed' ? plain(given) : allocationOf(proposal);
  };
  const ownFilled = allocation === undefined ? {} : { allocation: filled(allocation) };
  const items = skus?.map(({ allocation: given, units: _units, ...item }) => ({ ...item, allocation: filled(given) }));
  return { ...form, ...ownFilled, ...(items === undefined ? {} : { skus: items }) };
}

function plain(given: AllocationForm): Record<string, number> {
  return given === 'proposed' ? {} : given;
}

interface Wish {
  readonly sku: string;
  readonly allocation?: AllocationForm | undefined;
  readonly units?: number | undefined;
}

function wantedOf({ sku, allocation, units }: Wish): WantedUnits[] {
  if (allocation !== 'proposed') {
    if (units !== undefined)
      throw invalid('units: only with allocation "proposed"; otherwise each region has its own.');
    return [];
  }
  if (units === undefined) throw invalid('units: with allocation "proposed", say how many are to be divided.');
  if (units < 0 || units > LIMITS.unitsPerSku) throw invalid(`units: from 0 to ${LIMITS.unitsPerSku} can be divided.`);
  return [{ sku, units }];
}

const invalid = (detail: string) => new Refusal('INVALID', { detail });
