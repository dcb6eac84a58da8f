import { expect, it } from 'vitest';

import { contextFor, memoryFiles } from '../../../testing/context.ts';
import { runSplitRows } from './run.ts';
import { splitRowsSpec } from './spec.ts';

const source = Array.from({ length: 2_500 }, (_, id) => ({ id, kind: id % 2 === 0 ? 'even' : 'odd' }));

it('gives parts of so many rows, the last with the rest', async () => {
  const { output } = await runSplitRows(contextFor(splitRowsSpec, { source, size: 1_200 }));
  const { parts } = output as unknown as { parts: { key: string; count: number; rows: { id: number }[] }[] };
  expect(parts.map(({ key, count }) => [key, count])).toEqual([
    ['1', 1_200],
    ['2', 1_200],
    ['3', 100],
  ]);
  expect(parts.flatMap(({ rows }) => rows.map(({ id }) => id))).toEqual(source.map(({ id }) => id));
});

it('gives a file per value of a field', async () => {
  const files = memoryFiles();
  const { output } = await runSplitRows(contextFor(splitRowsSpec, { source, by: 'field', field: 'kind', give: 'jsonl' }, { files }));
  expect(output).toMatchObject({
    count: 2,
    parts: [
      { key: 'even', count: 1_250, file: { name: 'even.jsonl' } },
      { key: 'odd', count: 1_250 },
    ],
  });
});
