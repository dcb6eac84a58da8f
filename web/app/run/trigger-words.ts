/** What started a run, after the word "started". */
export const triggerWords: Record<string, string> = {
  manual: 'by hand',
  api: 'over the API',
  schedule: 'on schedule',
  webhook: 'by webhook',
  form: 'by form',
  continuous: 'continuously',
  poll: 'by poll',
  event: 'by another run',
};

/** Of a run's `trigger`; '' where it says nothing. */
export function startedWords(trigger: unknown): string {
  const type = typeof trigger === 'object' && trigger !== null && 'type' in trigger ? String(trigger.type) : '';
  return Object.hasOwn(triggerWords, type) ? (triggerWords[type] ?? '') : type;
}
