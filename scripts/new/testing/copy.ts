/** A copy of the repository that generators may write into: its own files, the real third-party packages, its own workspace packages. */
import { existsSync, lstatSync, readdirSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { type PlantedTree, plantTree, root } from '../../house/planted.ts';
import { packages, read, tracked } from '../../house/tree.ts';

/** Call `remove` afterwards. */
export function copyRepository(name: string): PlantedTree {
  const tree = plantTree(name);
  tree.copy(...tracked.filter((file) => lstatSync(join(root, file)).isFile()));
  const homes = new Map(packages.map((folder) => [(JSON.parse(read(`${folder}/package.json`)) as { name: string }).name, folder]));
  for (const folder of ['', ...packages]) linkPackages(tree, folder, homes);
  return tree;
}

/** node_modules of one package: what is ours leads into the copy, all else to where the real one leads. */
function linkPackages(tree: PlantedTree, folder: string, homes: ReadonlyMap<string, string>): void {
  const real = join(root, folder, 'node_modules');
  if (!existsSync(real)) return;
  for (const entry of readdirSync(real)) {
    if (entry === '.bin' && folder === '') tree.link(join(real, entry), join(folder, 'node_modules', entry));
    if (entry.startsWith('.')) continue;
    const names = entry.startsWith('@') ? readdirSync(join(real, entry)).map((one) => `${entry}/${one}`) : [entry];
    for (const name of names) {
      const home = homes.get(name);
      tree.link(home === undefined ? realpathSync(join(real, name)) : join(tree.dir, home), join(folder, 'node_modules', name));
    }
  }
}
