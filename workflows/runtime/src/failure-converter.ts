/**
 * Bundled by its path (`failureConverterPath`): how failures leave the sandbox. Their messages and stacks travel as a payload, so that the codec seals them
 * too; only a run that was started with the codec off says so in its memo, and shows them as they are in the Temporal Web UI.
 */
import { DefaultFailureConverter, type FailureConverter } from '@temporalio/common';
import { workflowInfo } from '@temporalio/workflow';

const open = new DefaultFailureConverter();
const sealed = new DefaultFailureConverter({ encodeCommonAttributes: true });

export const failureConverter: FailureConverter = {
  errorToFailure: (error, payloads, context) =>
    (workflowInfo().memo?.['plainFailures'] === true ? open : sealed).errorToFailure(error, payloads, context),
  failureToError: (failure, payloads, context) => sealed.failureToError(failure, payloads, context),
};
