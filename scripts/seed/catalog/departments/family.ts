import { type Department, leaf } from './leaf.ts';

export const FAMILY: Department = {
  slug: 'seed-family',
  name: 'Toys and family',
  leaves: [
    leaf(
      'seed-toys',
      'Toys',
      'puzzle, building blocks, doll, toy train, plush bear, kite',
      'wood, cotton, felt, cardboard',
      'toddlers, birthdays, rainy days',
      [7, 160],
    ),
    leaf(
      'seed-games',
      'Board games',
      'board game, card game, dice set, chess set, domino',
      'wood, cardboard, resin',
      'families, parties, travel',
      [8, 130],
    ),
    leaf(
      'seed-baby',
      'Baby',
      'stroller, crib, baby carrier, high chair, pacifier',
      'cotton, beech, aluminium, silicone',
      'newborns, travel, twins',
      [6, 980],
    ),
    leaf(
      'seed-pets',
      'Pets',
      'dog bed, cat tree, leash, pet carrier, aquarium, bird feeder',
      'nylon, sisal, glass, cotton',
      'puppies, large dogs, flats',
      [7, 320],
    ),
  ],
};
