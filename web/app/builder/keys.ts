/** The builder's keys. They act while the canvas, or nothing, has the focus: never while somebody types or a dialog is open. */
import { useEffect } from 'react';
import { showToast } from '../ui/toast.tsx';
import { typingIn } from '../ui/keys.ts';
import type { Actions } from './actions.ts';
import { startId } from './model/graph.ts';
import { type BuilderStore, boxesNow, onlySelected } from './model/store.ts';
import { walk, type Way } from './model/walk.ts';

const arrows: Record<string, Way> = { ArrowLeft: 'left', ArrowRight: 'right', ArrowUp: 'up', ArrowDown: 'down' };
const nudge = 16;

interface KeyOptions {
  store: BuilderStore;
  actions: Actions;
  /** The canvas element. */
  canvas: () => HTMLElement | null;
  focusInspector: () => void;
}

/** True where keys belong to something else: a field, a dialog, a menu, a button in the inspector. */
function elsewhere(event: KeyboardEvent, canvas: HTMLElement | null): boolean {
  const target = event.target as HTMLElement | null;
  if (!target || target === document.body) return false;
  if (
    target.closest(
      'input, textarea, select, [contenteditable="true"], .cm-editor, [role="dialog"], [role="menu"], [role="listbox"], [data-inspector]',
    )
  )
    return true;
  return canvas !== null && !canvas.contains(target) && target.closest('button, a, [tabindex]') !== null && !target.closest('main');
}

function arrow({ store, actions }: KeyOptions, way: Way, shift: boolean): void {
  const state = store.getState();
  const boxes = boxesNow(state);
  const only = onlySelected(state);
  if (!shift) {
    const next = walk(state.definition, boxes, only, way);
    if (next !== null) actions.show(next);
    return;
  }
  const [dx, dy] = [way === 'left' ? -nudge : way === 'right' ? nudge : 0, way === 'up' ? -nudge : way === 'down' ? nudge : 0];
  const positions = Object.fromEntries(
    [...state.selected].flatMap((id) => {
      const box = boxes.get(id);
      return box && id !== startId ? [[id, { x: box.x + dx, y: box.y + dy }]] : [];
    }),
  );
  if (Object.keys(positions).length > 0) state.edit({ op: 'move-nodes', positions }, { merge: `nudge ${[...state.selected].join(' ')}` });
}

/** Keys with Ctrl or Cmd; true where one was meant. */
function withMod(options: KeyOptions, event: KeyboardEvent): boolean {
  const { store, actions } = options;
  const key = event.key.toLowerCase();
  if (key === 'z') {
    if (event.shiftKey) actions.redo();
    else actions.undo();
  } else if (key === 'y') actions.redo();
  else if (key === 's') actions.save();
  else if (key === 'd') actions.duplicate();
  else if (key === 'g') actions.group();
  else if (key === 'enter') actions.test({});
  else if (key === 'a') {
    const { definition, select } = store.getState();
    select(definition.nodes.map(({ id }) => id));
  } else return false;
  return true;
}

/** Single keys; true where one was meant. */
function single(options: KeyOptions, event: KeyboardEvent): boolean {
  const { store, actions, focusInspector, canvas } = options;
  const state = store.getState();
  const only = onlySelected(state);
  const way = arrows[event.key];
  if (way) {
    arrow(options, way, event.shiftKey);
    return true;
  }
  if (event.key === 'Escape') {
    if (state.picking || state.dialog) state.set({ picking: null, dialog: null });
    else state.select([]);
    return true;
  }
  if (event.key === 'Enter' && only !== null) {
    focusInspector();
    return true;
  }
  if (event.key === '1') actions.fit();
  else if (event.key === '/') state.set({ dialog: { kind: 'find' }, picking: null });
  else if ((event.key === '[' || event.key === ']') && only !== null) {
    const tabs = ['input', 'parameters', 'output', 'behaviour'] as const;
    const at = tabs.indexOf(state.tab) + (event.key === ']' ? 1 : -1);
    state.set({ tab: tabs[(at + tabs.length) % tabs.length] ?? 'parameters' });
  } else if (state.readOnly) return false;
  else if (event.key === 'S' && event.shiftKey) actions.addNote();
  else if (event.key === 'F2') actions.startRenaming();
  else if (event.key === 'Delete' || event.key === 'Backspace') actions.removeSelected();
  else if (event.key === 'n' || event.key === 'N' || (event.key === 'Tab' && !event.shiftKey && event.target === canvas())) actions.pick();
  else if (event.key === 'd') actions.duplicate();
  else if (event.key === 'x') actions.toggleDisabled();
  else if (event.key === 't') void actions.tidy();
  else if (event.key === 'l') actions.connect();
  else return false;
  return true;
}

export function useBuilderKeys(options: KeyOptions): void {
  const { store, actions, canvas, focusInspector } = options;
  useEffect(() => {
    const all = { store, actions, canvas, focusInspector };
    const onKey = (event: KeyboardEvent): void => {
      if (event.defaultPrevented) return;
      const mod = event.metaKey || event.ctrlKey;
      const key = event.key.toLowerCase();
      // Saving and testing work from everywhere, also out of a field.
      if (mod && !event.altKey && (key === 's' || key === 'enter')) {
        event.preventDefault();
        withMod(all, event);
        return;
      }
      // A button over the canvas (to mend, tools, what is chosen) is pressed by its own Enter.
      if (event.key === 'Enter' && (event.target as HTMLElement | null)?.closest('button, a, summary, [role="button"]')) return;
      if (elsewhere(event, canvas()) || (!mod && typingIn(event))) return;
      if (mod ? !event.altKey && withMod(all, event) : single(all, event)) event.preventDefault();
    };
    const onCopy = (event: ClipboardEvent, text: string | null): void => {
      if (text === null) return;
      event.preventDefault();
      event.clipboardData?.setData('text/plain', text);
    };
    const busy = (event: Event): boolean => elsewhere(event as KeyboardEvent, canvas()) || (document.getSelection()?.toString() ?? '') !== '';
    const copy = (event: ClipboardEvent): void => {
      if (busy(event)) return;
      const text = actions.copy();
      onCopy(event, text);
      if (text !== null) showToast({ text: 'Copied as JSON', more: 'Credentials are left out.' });
    };
    const cut = (event: ClipboardEvent): void => {
      if (!busy(event) && !store.getState().readOnly) onCopy(event, actions.cut());
    };
    const paste = (event: ClipboardEvent): void => {
      if (elsewhere(event as unknown as KeyboardEvent, canvas()) || store.getState().readOnly) return;
      const text = event.clipboardData?.getData('text/plain') ?? '';
      if (text.trim() === '') return;
      event.preventDefault();
      actions.pasteText(text);
    };
    // Before the shell's own search: on this page / finds a step.
    const onSlash = (event: KeyboardEvent): void => {
      if (event.key === '/') onKey(event);
    };
    document.addEventListener('keydown', onSlash, true);
    document.addEventListener('keydown', onKey);
    document.addEventListener('copy', copy);
    document.addEventListener('cut', cut);
    document.addEventListener('paste', paste);
    return () => {
      document.removeEventListener('keydown', onSlash, true);
      document.removeEventListener('keydown', onKey);
      document.removeEventListener('copy', copy);
      document.removeEventListener('cut', cut);
      document.removeEventListener('paste', paste);
    };
  }, [store, actions, canvas, focusInspector]);
}
