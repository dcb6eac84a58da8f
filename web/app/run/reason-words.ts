/** Why a run waits, in words. Apart from the model of a run, so that lists load no more than these. */
export function reasonWords(reason: string | null): string | null {
  const words: Record<string, string> = {
    approval: 'for an approval',
    signal: 'for a signal',
    timer: 'for a timer',
    child: 'for a run that it started',
    budget: 'for money in the budget',
    incident: 'for a connector that is down',
    pause: 'because it was paused',
    'unknown-outcome': 'for a decision on a step',
  };
  return reason ? (words[reason] ?? reason) : null;
}
