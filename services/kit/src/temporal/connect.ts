import { Client, Connection } from '@temporalio/client';

import { TransientError } from '../errors.ts';
import type { TemporalCodec } from './codec.ts';

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
  codec?: TemporalCodec;
}): Promise<TemporalConnection> {
  try {
    const connection = await Connection.connect({ address: options.address, connectTimeout: options.timeoutMs ?? 10_000 });
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
