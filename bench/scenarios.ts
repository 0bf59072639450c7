import { core } from './core/scenario.ts';
import { edge } from './edge/scenario.ts';
import { limits } from './limits/scenario.ts';
import { line } from './line/scenario.ts';
import { orders } from './orders/scenario.ts';
import { peers } from './peers/scenario.ts';
import { sale } from './sale/scenario.ts';
import type { Scenario } from './scenario.ts';
import { stock } from './stock/scenario.ts';
import { store } from './store/scenario.ts';

/** In the order in which --help shows them. A new scenario is a folder and a line here. */
export const SCENARIOS: readonly Scenario[] = [limits, core, edge, line, orders, stock, store, sale, peers];
