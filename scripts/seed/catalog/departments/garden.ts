import { type Department, leaf } from './leaf.ts';

export const GARDEN: Department = {
  slug: 'seed-garden',
  name: 'Garden and tools',
  leaves: [
    leaf(
      'seed-gardening',
      'Gardening',
      'watering can, pruning shears, planter, garden hose, spade, wheelbarrow',
      'steel, terracotta, rubber, zinc',
      'balconies, roses, vegetables',
      [9, 240],
    ),
    leaf(
      'seed-tools',
      'Tools',
      'cordless drill, screwdriver, hammer, saw, toolbox, wrench',
      'steel, chrome, titanium, fibreglass',
      'workshops, beginners, renovation',
      [8, 460],
    ),
    leaf(
      'seed-barbecue',
      'Barbecue',
      'charcoal grill, gas grill, smoker, grill tongs, fire pit',
      'steel, cast iron, aluminium',
      'terraces, festivals, families',
      [14, 1200],
    ),
  ],
};
