/** Keyboard helpers: single letters must never fire while somebody types. */

/** True where a single-letter shortcut must stay quiet: a field has the focus, or a modifier is held. */
export function typingIn(event: KeyboardEvent): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return true;
  const target = event.target as HTMLElement | null;
  return Boolean(target?.closest('input:not([type="checkbox"]), textarea, select, [contenteditable], [role="dialog"] [role="listbox"]'));
}
