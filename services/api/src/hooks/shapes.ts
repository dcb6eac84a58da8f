/** From rows to the contract. */
import type { Delivery, DeliveryDetail, TriggerAddress } from '@hub/contract';
import { webhookTrigger } from '@hub/dag';
import type { DeliveryDetailRead, DeliveryRead, TriggerAddressRead } from '@hub/db/read';

const shownBodyBytes = 65_536;

export function deliveryShape(row: DeliveryRead): Delivery {
  const { id, at, method, contentType, bytes, outcome, status, code, runId, ms, test, replayOf, replayable } = row;
  return { id, at, method, contentType, bytes, outcome, status, code, runId, ms, test, replayOf, replayable };
}

export function deliveryDetailShape(row: DeliveryDetailRead): DeliveryDetail {
  const small = row.inputText !== null && row.inputText.length <= shownBodyBytes;
  return { ...deliveryShape(row), headers: row.headers, query: row.query, body: small ? (JSON.parse(row.inputText ?? 'null') as unknown) : null };
}

/** `problem`: why a check cannot be made. */
export function addressShape(row: TriggerAddressRead, given: { url: string; workflowStatus: string; problem: string | null }): TriggerAddress {
  const parsed = webhookTrigger.safeParse(row.config);
  const isForm = row.type === 'form';
  return {
    triggerId: row.triggerId,
    type: isForm ? 'form' : 'webhook',
    url: isForm && row.formToken !== null ? `${given.url}/forms/${row.formToken}` : null,
    hint: row.hint,
    status: row.status === 'removed' ? 'removed' : row.status === 'active' && given.workflowStatus === 'active' ? 'active' : 'paused',
    verify: {
      scheme: !isForm && parsed.success ? (parsed.data.verify?.scheme ?? 'none') : 'none',
      ready: given.problem === null,
      problem: given.problem,
    },
    lastFiredAt: row.lastFiredAt,
  };
}
