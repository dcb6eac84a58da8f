/** A key as printed on the keyboard. `mod` is Cmd on Apple, Ctrl elsewhere. */
import { useSyncExternalStore } from 'react';

const isApple = (): boolean => /Mac|iPhone|iPad/.test(navigator.platform);

export function useApple(): boolean {
  return useSyncExternalStore(
    () => () => undefined,
    isApple,
    () => false,
  );
}

export function Kbd({ keys }: { keys: string }) {
  const apple = useApple();
  const shown = keys.split('+').map((key) => (key === 'mod' ? (apple ? '⌘' : 'Ctrl') : key));
  return (
    <span className="inline-flex gap-4">
      {shown.map((key) => (
        <kbd
          key={key}
          className="inline-flex min-w-[20px] justify-center rounded-control border border-line bg-sunk px-4 font-mono text-12 text-muted"
        >
          {key}
        </kbd>
      ))}
    </span>
  );
}
