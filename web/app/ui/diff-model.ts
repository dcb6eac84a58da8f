/** Differences of two texts or JSON values, line by line. Pure. */
import { diffLines } from 'diff';
import type { Json } from './json-path.ts';

export interface DiffLine {
  kind: 'same' | 'gone' | 'new';
  text: string;
  /** Line numbers, from 1; null where the line is not on that side. */
  before: number | null;
  after: number | null;
}
/** Unchanged lines folded away. */
export interface DiffFold {
  kind: 'fold';
  lines: DiffLine[];
}

/** All lines of both, in order. */
export function diffTexts(before: string, after: string): DiffLine[] {
  let at = 0;
  let then = 0;
  return diffLines(before, after).flatMap((part): DiffLine[] =>
    part.value
      .replace(/\n$/, '')
      .split('\n')
      .map((text) => {
        const kind = part.added ? 'new' : part.removed ? 'gone' : 'same';
        return { kind, text, before: kind === 'new' ? null : ++at, after: kind === 'gone' ? null : ++then };
      }),
  );
}

/** JSON with sorted keys, so that only what changed in meaning shows. */
export function jsonText(value: Json | undefined): string {
  const sorted = (of: Json): Json =>
    of === null || typeof of !== 'object'
      ? of
      : Array.isArray(of)
        ? of.map(sorted)
        : Object.fromEntries(
            Object.keys(of)
              .toSorted()
              .map((key) => [key, sorted(of[key] ?? null)]),
          );
  return value === undefined ? '' : JSON.stringify(sorted(value), null, 2);
}

/** The same with long unchanged stretches folded, `around` lines kept beside a change. */
export function folded(lines: readonly DiffLine[], around = 3): (DiffLine | DiffFold)[] {
  const near = lines.map((_, index) => lines.slice(Math.max(0, index - around), index + around + 1).some(({ kind }) => kind !== 'same'));
  const out: (DiffLine | DiffFold)[] = [];
  for (const [index, line] of lines.entries()) {
    const last = out.at(-1);
    if (near[index]) out.push(line);
    else if (last?.kind === 'fold') last.lines.push(line);
    else out.push({ kind: 'fold', lines: [line] });
  }
  return out.flatMap((each) => (each.kind === 'fold' && each.lines.length < 3 ? each.lines : [each]));
}
