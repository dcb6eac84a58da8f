/** Engines of earlier releases by version, for runs that began under them. Written by `node scripts/release/freeze-engine.ts`. */
import type { EngineClass } from '../src/types.ts';

export const frozenEngines: Readonly<Record<number, EngineClass>> = {};
