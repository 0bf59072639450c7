import { type Department, leaf, PLASTIC } from './leaf.ts';

export const ELECTRONICS: Department = {
  slug: 'seed-electronics',
  name: 'Electronics',
  leaves: [
    leaf(
      'seed-audio',
      'Audio',
      'headphones, earbuds, soundbar, bluetooth speaker, turntable',
      PLASTIC,
      'travel, studios, parties',
      [22, 990],
    ),
    leaf(
      'seed-phones',
      'Phones',
      'smartphone, phone case, charger, screen protector, power bank',
      PLASTIC,
      'travel, outdoors, gaming',
      [9, 1300],
    ),
    leaf(
      'seed-computers',
      'Computers',
      'laptop, keyboard, mouse, monitor, docking station, webcam',
      PLASTIC,
      'coding, gaming, offices',
      [19, 2900],
    ),
    leaf(
      'seed-cameras',
      'Cameras',
      'camera, tripod, lens, camera bag, action camera',
      'aluminium, carbon, magnesium',
      'travel, portraits, video',
      [25, 3200],
    ),
    leaf(
      'seed-gaming',
      'Gaming',
      'controller, gaming chair, headset, console, joystick',
      PLASTIC,
      'racing, shooters, couches',
      [25, 620],
    ),
    leaf(
      'seed-wearables',
      'Wearables',
      'smartwatch, fitness tracker, heart rate monitor, smart ring',
      'titanium, silicone, steel',
      'running, swimming, sleep',
      [29, 700],
    ),
  ],
};
