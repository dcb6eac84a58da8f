import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

import { errorCodes } from '../catalogue.ts';

const folder = new URL('..', import.meta.url).pathname;
const sources = globSync('{expressions,platform,steps,values}/**/*.ts', { cwd: folder }).filter(
  (path) => !/\.test\.ts$|hostile|error-codes/.test(path),
);
const codes = new Set(
  sources.flatMap((path) =>
    [
      ...readFileSync(`${folder}/${path}`, 'utf8').matchAll(
        /'((?:expression|code|step|value|definition|credential|run|prompt)\.(?!js')[a-z][a-z-]*)'/g,
      ),
    ].map((found) => found[1] ?? ''),
  ),
);

describe('the catalogue of error codes', () => {
  it.each([...codes].sort())('%s has help and an example', (code) => {
    expect(errorCodes[code]?.help.length).toBeGreaterThan(10);
    expect(errorCodes[code]?.example.length).toBeGreaterThan(2);
  });

  it('finds the codes in the sources', () => {
    expect(codes.size).toBeGreaterThan(25);
  });
});
