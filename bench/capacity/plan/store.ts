/** The shop around the drops, by the mix of its requests. */
import { type Loads, MIX } from '../loads.ts';
import { STORE_KINDS, type UnitCosts } from '../unit-costs.ts';
import { type PlanRow, rowOf } from './row.ts';

const US_PER_SECOND = 1_000_000;

export function planStore(loads: Loads, { store }: UnitCosts): PlanRow[] {
  const { storeRequestsPerSecond, utilisation, coresPerMachine } = loads;
  const coresFor = (of: 'storeUs' | 'postgresUs'): number => {
    // Checkout and order are two requests of the mix and one purchase of the report.
    const us = STORE_KINDS.map((kind) => (MIX[kind] * store[kind][of].value) / (kind === 'checkout' ? 2 : 1));
    return (storeRequestsPerSecond * us.reduce((sum, one) => sum + one, 0)) / US_PER_SECOND / utilisation;
  };
  const costsOf = (of: 'storeUs' | 'postgresUs') => STORE_KINDS.map((kind) => store[kind][of]);
  return [
    rowOf('store processes', [{ what: 'CPU', count: coresFor('storeUs') }], {
      perMachine: coresPerMachine,
      costs: costsOf('storeUs'),
    }),
    rowOf('PostgreSQL nodes of the store', [{ what: 'CPU', count: coresFor('postgresUs') / coresPerMachine }], {
      perMachine: 1,
      costs: costsOf('postgresUs'),
    }),
  ];
}
