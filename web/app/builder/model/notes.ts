/** Sticky notes of the canvas, kept in `ui.notes`. Pure. */
import type { Definition, Operation } from '@hub/dag';
import type { Place } from './size.ts';

export interface Note {
  id: string;
  x: number;
  y: number;
  w: number;
  h: number;
  text: string;
}

const notePrefix = 'note:';
export const noteNodeId = (id: string): string => notePrefix + id;
export const noteOfNodeId = (id: string): string | null => (id.startsWith(notePrefix) ? id.slice(notePrefix.length) : null);

const number = (value: unknown, otherwise: number): number => (typeof value === 'number' && Number.isFinite(value) ? value : otherwise);

/** Notes as far as they can be read. */
export function notesOf(definition: Definition): Note[] {
  const list = definition.ui?.['notes'];
  if (!Array.isArray(list)) return [];
  return list.flatMap((each, index): Note[] => {
    if (typeof each !== 'object' || each === null || Array.isArray(each)) return [];
    const { id, x, y, w, h, text } = each;
    return [
      {
        id: typeof id === 'string' && id !== '' ? id : `n${index}`,
        x: number(x, 0),
        y: number(y, 0),
        w: Math.max(120, number(w, 240)),
        h: Math.max(64, number(h, 120)),
        text: typeof text === 'string' ? text : '',
      },
    ];
  });
}

function withNotes(definition: Definition, notes: Note[]): Operation {
  return { op: 'set-ui', ui: { ...definition.ui, notes: notes.map((note) => ({ ...note })) } };
}

export function addNote(definition: Definition, at: Place, text = ''): { operation: Operation; id: string } {
  const notes = notesOf(definition);
  const taken = new Set(notes.map(({ id }) => id));
  let n = notes.length + 1;
  while (taken.has(`n${n}`)) n++;
  return {
    id: `n${n}`,
    operation: withNotes(definition, [...notes, { id: `n${n}`, x: Math.round(at.x), y: Math.round(at.y), w: 240, h: 120, text }]),
  };
}

export function changeNotes(definition: Definition, changes: Record<string, Partial<Note>>): Operation {
  return withNotes(
    definition,
    notesOf(definition).map((note) => ({ ...note, ...changes[note.id] })),
  );
}

export function removeNotes(definition: Definition, ids: ReadonlySet<string>): Operation {
  return withNotes(
    definition,
    notesOf(definition).filter(({ id }) => !ids.has(id)),
  );
}
