import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readArray, writeArray } from './arrays.ts';

it('any list of texts and nulls comes back as it was', () => {
  fc.assert(
    fc.property(fc.array(fc.option(fc.oneof(fc.string(), fc.constantFrom('NULL', '', '{', '"', '\\', 'a,b', '{}'))), { maxLength: 8 }), (list) => {
      expect(readArray(writeArray(list), String)).toEqual(list);
    }),
  );
});

it('reads what the server writes without quotes', () => {
  expect(readArray('{a,NULL,"x y",0198}', String)).toEqual(['a', null, 'x y', '0198']);
  expect(readArray('{1,2}', Number)).toEqual([1, 2]);
  expect(readArray('{}', String)).toEqual([]);
});
