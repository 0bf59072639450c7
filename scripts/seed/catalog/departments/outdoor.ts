import { type Department, leaf } from './leaf.ts';

export const OUTDOOR: Department = {
  slug: 'seed-outdoor',
  name: 'Sport and outdoor',
  leaves: [
    leaf(
      'seed-camping',
      'Camping',
      'tent, sleeping bag, camping stove, hammock, headlamp, cooler',
      'nylon, aluminium, down, polyester',
      'families, festivals, alpine tours',
      [14, 780],
    ),
    leaf(
      'seed-cycling',
      'Cycling',
      'bicycle, bike helmet, bike lock, saddle, bike pump, pannier',
      'aluminium, carbon, steel, leather',
      'commuting, gravel, racing',
      [12, 3400],
    ),
    leaf(
      'seed-fitness',
      'Fitness',
      'yoga mat, dumbbell, kettlebell, jump rope, resistance band, rowing machine',
      'rubber, cork, cast iron, steel',
      'home, studios, beginners',
      [8, 950],
    ),
    leaf(
      'seed-water',
      'Water sports',
      'wetsuit, surfboard, kayak, paddle, snorkel, swimming goggles',
      'neoprene, fibreglass, silicone, carbon',
      'waves, lakes, pools',
      [12, 1500],
    ),
    leaf(
      'seed-winter',
      'Winter sports',
      'skis, snowboard, ski goggles, sledge, ski poles',
      'carbon, wood, aluminium, polycarbonate',
      'powder, pistes, children',
      [25, 1100],
    ),
  ],
};
