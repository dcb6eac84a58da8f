import { Client, Connection } from '@temporalio/client';
import type { DataConverter } from '@temporalio/common';

import { TransientError } from '../errors.ts';

export interface TemporalConnection {
  client: Client;
  connection: Connection;
  close(): Promise<void>;
}

/**
 * Connects once; gRPC reconnects by itself afterwards.
 * @throws TransientError `temporal.unreachable` when nothing answers at `address` within `timeoutMs` (10 s).
 */
export async function connectTemporal(options: {
  address: string;
  namespace: string;
  timeoutMs?: number;
  dataConverter?: DataConverter;
}): Promise<TemporalConnection> {
  try {
    const connection = await Connection.connect({ address: options.address, connectTimeout: options.timeoutMs ?? 10_000 });
    const client = new Client({
      connection,
      namespace: options.namespace,
      ...(options.dataConverter === undefined ? {} : { dataConverter: options.dataConverter }),
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
