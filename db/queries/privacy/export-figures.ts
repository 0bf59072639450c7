import type { ExportPart } from './parts.ts';

export const FIGURES_PARTS: readonly ExportPart[] = [
  {
    name: 'segments',
    text: `
      select scope_id as "of", segments, orders, spent_minor as "spentMinor", first_at as "firstAt", last_at as "lastAt"
      from shopper_segments where user_id = $1 order by scope_id`,
  },
];
