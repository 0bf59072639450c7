import type { ExportPart } from './parts.ts';

export const EXPERIMENT_PARTS: readonly ExportPart[] = [
  {
    name: 'experiments',
    text: `
      select experiment, arm, shown, clicked, ordered from recommendation_exposures
      where shopper_id = $1 order by experiment`,
  },
  {
    name: 'recommendationClicks',
    text: `
      select c.experiment, c.arm, c.product_id as "productId", p.title, c.clicked_at as "clickedAt"
      from recommendation_clicks c left join products p on p.id = c.product_id
      where c.shopper_id = $1 order by c.clicked_at`,
  },
];
