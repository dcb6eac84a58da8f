/**
 * Module-level state that can change, in code that goes into the workflow sandbox (04, rule 8): it outlives a run in the worker's cache and is
 * shared between runs, so a replay would see another past than the first time did.
 */
import { withoutComments } from './codes.ts';
import type { SourceFile } from './tree.ts';

const declaration = /^(?:export )?(let|var|const)\s+([\w$]+)\s*(:[^=]*(?:=>[^=]*)*)?=\s*(.*)$/gm;
const collection = /^(new (Map|Set|WeakMap|WeakSet|Array)\b|\[)/;

/** `file: name` of every top-level `let` and `var`, and of every Map, Set or list that is neither `as const` nor typed as one nobody writes to. */
export function mutableState(files: SourceFile[]): string[] {
  return files.flatMap(({ file, text }) => {
    const source = withoutComments(text);
    return [...source.matchAll(declaration)]
      .filter((match) => {
        const [, word, , type = '', value = ''] = match;
        if (word !== 'const') return true;
        if (!collection.test(value) || /\b(Readonly|readonly)/.test(type)) return false;
        const rest = source.slice(match.index);
        const end = /;[ \t]*$/m.exec(rest);
        const statement = end === null ? rest : rest.slice(0, end.index);
        return !/\bas const\b/.test(statement);
      })
      .map(([, , name = '']) => `${file}: ${name}`);
  });
}
