import type { StoredCategory } from '../../db/queries/categories.ts';

export interface CategoryNode {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
  readonly position: number;
  /** Products that are sold, in it and in all below it. */
  readonly products: number;
  readonly children: CategoryNode[];
}

/** From rows in the order in which siblings are shown. The database lets no circle be. */
export function treeOf(categories: readonly StoredCategory[]): CategoryNode[] {
  const children = Map.groupBy(categories, ({ parentId }) => parentId);
  const below = (parentId: string | null): CategoryNode[] =>
    (children.get(parentId) ?? []).map(({ id, slug, name, position, products }) => {
      const nodes = below(id);
      const total = nodes.reduce((sum, node) => sum + node.products, products);
      return { id, slug, name, position, products: total, children: nodes };
    });
  return below(null);
}
