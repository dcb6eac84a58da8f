/** Loaded by the Temporal SDK by its path (`failureConverterPath`): messages and stacks of failures travel as a payload, which the codec then seals. */
import { DefaultFailureConverter } from '@temporalio/common';

export const failureConverter = new DefaultFailureConverter({ encodeCommonAttributes: true });
