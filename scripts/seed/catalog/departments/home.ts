import { CLOTH, type Department, leaf, METAL, WOOD } from './leaf.ts';

export const HOME: Department = {
  slug: 'seed-home',
  name: 'Home and living',
  leaves: [
    leaf(
      'seed-lighting',
      'Lighting',
      'desk lamp, floor lamp, pendant lamp, wall sconce, lantern',
      `${WOOD}, ${METAL}`,
      'reading, dining, hallways',
      [18, 420],
    ),
    leaf(
      'seed-furniture',
      'Furniture',
      'sofa, armchair, bookcase, coffee table, dining table, bed frame, stool',
      WOOD,
      'small rooms, families, studios',
      [60, 2400],
    ),
    leaf(
      'seed-textiles',
      'Textiles',
      'blanket, cushion, curtain, duvet cover, rug, towel',
      CLOTH,
      'bedrooms, bathrooms, guests',
      [10, 260],
    ),
    leaf(
      'seed-cookware',
      'Cookware',
      'frying pan, saucepan, casserole, wok, roasting tin',
      'cast iron, steel, copper, aluminium',
      'induction, gas, ovens',
      [18, 310],
    ),
    leaf(
      'seed-tableware',
      'Tableware',
      'mug, plate, bowl, teapot, carafe, glass',
      'stoneware, porcelain, glass, bamboo',
      'breakfast, picnics, parties',
      [6, 120],
    ),
    leaf(
      'seed-appliances',
      'Kitchen appliances',
      'kettle, toaster, blender, coffee grinder, espresso machine, air fryer',
      METAL,
      'families, small kitchens, offices',
      [24, 890],
    ),
    leaf(
      'seed-storage',
      'Storage',
      'basket, shelf, storage box, coat rack, drawer organiser',
      `${WOOD}, rattan, steel`,
      'hallways, wardrobes, desks',
      [8, 190],
    ),
  ],
};
