import { UserError } from '@hub/kit/errors';

import { fileLimits, forbiddenNames } from './limits.ts';

/**
 * Column names of a CSV file: trimmed; empty ones are numbered, doubles get a number, both with a warning.
 * @throws UserError `file.forbidden-column`, `file.too-many-columns`, `file.bad-header`.
 */
export function readHeader(cells: readonly string[], warn: (code: string, message: string) => void): string[] {
  checkWidth(cells.length);
  const taken = new Set<string>();
  return cells.map((cell, at) => {
    const wanted = cell.trim();
    if (forbiddenNames.has(wanted))
      throw new UserError('file.forbidden-column', `Column ${at + 1} is named "${wanted}", which is not allowed.`, {
        status: 422,
        remedy: 'Rename the column.',
      });
    if (wanted.length > fileLimits.maxHeaderChars) {
      throw new UserError('file.bad-header', `The name of column ${at + 1} is longer than ${fileLimits.maxHeaderChars} characters.`, {
        status: 422,
        remedy: 'Is the first row data? Then set header to false.',
      });
    }
    let name = wanted === '' ? `column_${at + 1}` : wanted;
    for (let count = 2; taken.has(name); count += 1) name = `${wanted === '' ? `column_${at + 1}` : wanted}_${count}`;
    taken.add(name);
    if (wanted === '') warn('file.unnamed-column', `Column ${at + 1} has no name and is called "${name}".`);
    else if (name !== wanted) warn('file.duplicate-column', `Column ${at + 1} is another "${wanted}" and is called "${name}".`);
    return name;
  });
}

/** @throws UserError `file.too-many-columns`. */
export function checkWidth(width: number): void {
  if (width > fileLimits.maxColumns) {
    throw new UserError('file.too-many-columns', `A row has ${width} columns; at most ${fileLimits.maxColumns} are read.`, {
      status: 422,
      remedy: 'Check the delimiter, or drop columns.',
    });
  }
}
