import { type Department, leaf } from './leaf.ts';

export const CULTURE: Department = {
  slug: 'seed-culture',
  name: 'Books and office',
  leaves: [
    leaf(
      'seed-stationery',
      'Stationery',
      'notebook, fountain pen, planner, pencil case, sketchbook',
      'leather, recycled paper, brass, linen',
      'sketching, school, journaling',
      [4, 140],
    ),
    leaf(
      'seed-books',
      'Books',
      'cookbook, travel guide, novel, atlas, field guide',
      'paperback, hardcover, linen',
      'beginners, gifts, long trains',
      [8, 75],
    ),
    leaf(
      'seed-music',
      'Musical instruments',
      'guitar, ukulele, keyboard stand, violin, drum pad, harmonica',
      'spruce, maple, mahogany, brass',
      'beginners, stages, studios',
      [12, 1900],
    ),
  ],
};
