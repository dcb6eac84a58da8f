/** Tells runs in Temporal what was said to them: numbers and ids only. */
import type { Client } from '@temporalio/client';
import { WorkflowNotFoundError } from '@temporalio/client';

/** A message as the workflow takes it (`Message` of @hub/dag/planner). */
export interface RunMessage {
  n: number;
  kind: string;
}

/** True when Temporal has them for good; false where the run has no open workflow. */
export type SendMessages = (run: string, messages: readonly RunMessage[]) => Promise<boolean>;

export function createMessenger(client: Client): SendMessages {
  return async (run, messages) => {
    try {
      await client.workflow.getHandle(run).signal('messages', messages);
      return true;
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return false;
      throw error;
    }
  };
}
