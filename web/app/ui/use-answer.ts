import { useEffect, useEffectEvent } from 'react';

/** Calls `tell` once for each answer of a fetcher, when it has come to rest. */
export function useAnswer<T>(fetcher: { state: string; data: T | undefined }, tell: (answer: T) => void): void {
  const onAnswer = useEffectEvent(tell);
  const { state, data } = fetcher;
  useEffect(() => {
    if (state === 'idle' && data !== undefined) onAnswer(data);
  }, [state, data]);
}
