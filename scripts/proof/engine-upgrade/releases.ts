/** Later releases of the engine, as the proofs of upgrades make them. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { plantedDoor } from '../../../workflows/runtime/test/replay.ts';
import { frozenEngine, registry } from '../../release/freeze-engine.ts';

/** Writes engine 1 as it is, and engine 2 as release 2 has it, with the registries that releases 2 and 3 come with. */
export async function freeze(folder: string): Promise<(release: 2 | 3) => string> {
  writeFileSync(join(folder, 'engine-1.js'), await frozenEngine());
  writeFileSync(join(folder, 'engine-2.js'), await frozenEngine(plantedDoor('release-2')));
  const file = (release: number): string => join(folder, `registry-${release}.ts`);
  writeFileSync(file(2), registry([1]));
  writeFileSync(file(3), registry([1, 2]));
  return file;
}
