/** Classes that every floating list shares: select, combobox, menu, completion. */
export const listClass =
  'float-in max-h-[320px] min-w-[var(--anchor-width)] max-w-[min(420px,calc(100vw-32px))] overflow-auto rounded-panel border border-line bg-paper p-4 shadow-float outline-none';
export const rowClass =
  'flex min-h-[28px] cursor-default items-center gap-8 rounded-control px-8 py-4 outline-none select-none data-highlighted:bg-hover aria-selected:font-medium data-disabled:opacity-50 max-wide:min-h-[40px]';
