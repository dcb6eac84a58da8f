import { Client, Connection, type ConnectionOptions, defaultGrpcRetryOptions, makeGrpcRetryInterceptor } from '@temporalio/client';

import { TransientError } from '../errors.ts';
import type { TemporalCodec } from './codec.ts';

export interface TemporalConnection {
  client: Client;
  connection: Connection;
  close(): Promise<void>;
}

type Interceptor = NonNullable<ConnectionOptions['interceptors']>[number];

/** What a call may take, its repeats included: a server that takes calls and answers none must not hold up a sweep for ever. */
const usualCallMs = 15_000;
/** These are held open by the server until something happens. */
const longCallMs = 75_000;
const longCalls = /\/(GetWorkflowExecutionHistory|PollWorkflowExecutionUpdate|UpdateWorkflowExecution|QueryWorkflow)$/;

/** Gives every call that has no deadline of its own (`withDeadline`) the usual one. Nothing else is intercepted, so the call goes on as it is. */
function bounded(callMs: number): Interceptor {
  return (options, nextCall) => {
    const limitMs = longCalls.test(options.method_definition.path) ? longCallMs : callMs;
    return nextCall({ ...options, deadline: options.deadline ?? Date.now() + limitMs }) as ReturnType<Interceptor>;
  };
}

/**
 * Connects once; gRPC reconnects by itself afterwards. Calls are repeated as the SDK has it, and end after `callMs` (15 s).
 * @throws TransientError `temporal.unreachable` when nothing answers at `address` within `timeoutMs` (10 s).
 */
export async function connectTemporal(options: {
  address: string;
  namespace: string;
  timeoutMs?: number;
  callMs?: number;
  codec?: TemporalCodec;
}): Promise<TemporalConnection> {
  try {
    const connection = await Connection.connect({
      address: options.address,
      connectTimeout: options.timeoutMs ?? 10_000,
      interceptors: [bounded(options.callMs ?? usualCallMs), makeGrpcRetryInterceptor(defaultGrpcRetryOptions())],
    });
    const client = new Client({
      connection,
      namespace: options.namespace,
      ...(options.codec === undefined ? {} : { dataConverter: options.codec.converter }),
    });
    return { client, connection, close: () => connection.close() };
  } catch (cause) {
    throw new TransientError('temporal.unreachable', `No Temporal server answers at ${options.address}.`, {
      cause,
      didNothing: true,
      remedy: 'Start the stack with `npm start`, or check TEMPORAL_ADDRESS.',
    });
  }
}
