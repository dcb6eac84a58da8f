/** A file dropped anywhere on the list is imported; while one is held over the page it says so. */
import { useEffect, useEffectEvent, useState } from 'react';

const holdsFile = (event: DragEvent): boolean => Array.from(event.dataTransfer?.types ?? []).includes('Files');

export function DropFile({ onFile }: { onFile: (file: File) => void }) {
  const [over, setOver] = useState(false);
  const take = useEffectEvent(onFile);
  useEffect(() => {
    // Children fire leave and enter in turn: the depth says when the pointer left the page.
    let depth = 0;
    const enter = (event: DragEvent): void => {
      if (!holdsFile(event)) return;
      depth += 1;
      setOver(true);
    };
    const leave = (event: DragEvent): void => {
      if (!holdsFile(event)) return;
      depth = Math.max(0, depth - 1);
      if (depth === 0) setOver(false);
    };
    const hover = (event: DragEvent): void => {
      if (holdsFile(event)) event.preventDefault();
    };
    const drop = (event: DragEvent): void => {
      if (!holdsFile(event)) return;
      event.preventDefault();
      depth = 0;
      setOver(false);
      const file = event.dataTransfer?.files[0];
      if (file) take(file);
    };
    const handlers = { dragenter: enter, dragleave: leave, dragover: hover, drop } as const;
    for (const [name, handler] of Object.entries(handlers)) document.addEventListener(name as 'drop', handler);
    return () => {
      for (const [name, handler] of Object.entries(handlers)) document.removeEventListener(name as 'drop', handler);
    };
  }, []);
  if (!over) return null;
  return (
    <div className="pointer-events-none fixed inset-8 z-40 flex items-center justify-center rounded-panel border-2 border-dashed border-ink bg-[color-mix(in_srgb,var(--paper)_85%,transparent)]">
      <p className="text-18 font-semibold">Drop the file to import the workflow</p>
    </div>
  );
}
