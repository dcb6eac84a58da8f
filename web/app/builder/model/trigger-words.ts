/** What starts a run, in few words. */
import { triggerKinds } from '@hub/dag';
import { wordsOfId } from '../../run/definition.ts';

export function triggerWords(type: string): string {
  return triggerKinds.get(type)?.label ?? wordsOfId(type);
}
