import { type Department, leaf } from './leaf.ts';

export const BEAUTY: Department = {
  slug: 'seed-beauty',
  name: 'Beauty and health',
  leaves: [
    leaf(
      'seed-skincare',
      'Skincare',
      'face cream, serum, sunscreen, cleanser, lip balm',
      'aloe, shea, jojoba, vitamin c',
      'dry skin, sensitive skin, summer',
      [6, 110],
    ),
    leaf(
      'seed-hair',
      'Hair care',
      'shampoo, conditioner, hair dryer, hairbrush, hair mask',
      'argan, keratin, ceramic, bamboo',
      'curls, fine hair, travel',
      [5, 260],
    ),
    leaf(
      'seed-fragrance',
      'Fragrance',
      'perfume, candle, diffuser, incense, room spray',
      'cedar, lavender, bergamot, vanilla',
      'evenings, gifts, bathrooms',
      [9, 190],
    ),
    leaf(
      'seed-wellness',
      'Wellness',
      'massage gun, heating pad, humidifier, electric toothbrush, scale',
      'silicone, ceramic, glass, cotton',
      'recovery, sleep, winter',
      [12, 340],
    ),
  ],
};
