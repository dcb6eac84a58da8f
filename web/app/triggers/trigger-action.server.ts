/** What the pages of triggers change: pause, resume, backfill, a new address, a request sent again. */
import type { Backfill } from '@hub/contract';
import { act, type RouteArgs, text } from '../api/hub.server.ts';

type Told =
  | { done: string; undo: { intent: string; trigger: string } }
  | { backfill: Backfill; confirmed: boolean }
  | { made: string }
  | { replayed: string | null };

export async function triggerAction(args: RouteArgs, workflowId: string) {
  return act<Told>(args, async ({ client }, form) => {
    const params = { id: workflowId, triggerId: text(form, 'trigger') };
    switch (text(form, 'intent')) {
      case 'pause':
        await client.pauseTrigger({ params });
        return { done: 'Trigger paused', undo: { intent: 'resume', trigger: params.triggerId } };
      case 'resume':
        await client.resumeTrigger({ params });
        return { done: 'Trigger fires again', undo: { intent: 'pause', trigger: params.triggerId } };
      case 'backfill': {
        const confirm = text(form, 'confirm');
        const window = { from: text(form, 'from'), to: text(form, 'to') };
        const backfill = await client.backfillTrigger({ params, body: { ...window, ...(confirm ? { confirm: Number(confirm) } : {}) } });
        return { backfill, confirmed: confirm !== '' };
      }
      case 'rotate':
        return { made: (await client.rotateTriggerToken({ params })).url };
      default:
        return { replayed: (await client.replayDelivery({ params: { ...params, deliveryId: text(form, 'delivery') } })).id };
    }
  });
}
export type TriggerAnswer = Awaited<ReturnType<typeof triggerAction>>;
