import { useSyncExternalStore } from 'react';

/** False on the server and at hydration, then true: for what sets inline styles, which our CSP lets scripts do but not markup. */
export function useInBrowser(): boolean {
  return useSyncExternalStore(
    () => () => undefined,
    () => true,
    () => false,
  );
}
