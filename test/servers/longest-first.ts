import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** So that none of them is the last to end, with a core idle beside it. The others come in the order of Vitest itself. */
const LONGEST = [
  'test/faults/orders/orders.test.ts',
  'test/faults/store-payments/killed.test.ts',
  'test/model/stock.test.ts',
  'bench/orders/orders.test.ts',
  'bench/main.test.ts',
  'test/integration/notices/notices.test.ts',
  'platform/connections/kafka-faults.test.ts',
];

/** First what runs alone, then what shares processes: a shared one ends where the next file may not share it. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const rankOf = ({ project, moduleId }: TestSpecification): number => {
      if (!project.config.isolate) return LONGEST.length + 1;
      const at = LONGEST.findIndex((path) => moduleId.endsWith(`/${path}`));
      return at === -1 ? LONGEST.length : at;
    };
    return sorted.toSorted((a, b) => rankOf(a) - rankOf(b));
  }
}
