/** The generated route answers on a real database: its own generated test, in a copy of the repository, on the servers of this one. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { root } from '../house/planted.ts';
import { copyRepository } from './testing/copy.ts';

it('a new route answers its own, and nobody else', () => {
  const copy = copyRepository('new-route');
  try {
    const made = spawnSync(process.execPath, [join(root, 'scripts/new/main.ts'), 'route', 'price-lists', '--root', copy.dir], { encoding: 'utf8' });
    expect(made.status, made.stderr).toBe(0);
    copy.put(
      'vitest.config.ts',
      "export default { test: { include: ['services/api/src/routes/price-lists.int.test.ts'], testTimeout: 300_000, hookTimeout: 300_000 } };\n",
    );
    const { code, output } = copy.run('vitest', ['run']);
    expect(output).toMatch(/Tests\S* .*2 passed/);
    expect(code, output).toBe(0);
  } finally {
    copy.remove();
  }
});
