/** Error numbers of MySQL and MariaDB, and what the driver says of the connection, as our codes. */
import { TransientError, UserError, errorCode } from '@hub/kit/errors';

import { refusal, wrapped } from '../sdk/faults.ts';

const vendor = 'MySQL';
/** Refused before anything ran, or rolled back whole: repeating is safe. */
const didNothing = new Set([1040, 1203, 1205, 1213, 1226]);
const forbidden = new Set([1044, 1142, 1143, 1227, 1370, 1449]);
const notThere = new Set([1049, 1051, 1146]);
const lost = new Set(['PROTOCOL_CONNECTION_LOST', 'ECONNRESET', 'EPIPE', 'PROTOCOL_PACKETS_OUT_OF_ORDER']);

function statusOf(errno: number): number {
  if (errno === 1045 || errno === 1698) return 401;
  if (forbidden.has(errno)) return 403;
  if (notThere.has(errno)) return 404;
  if (errno === 1062 || errno === 1586) return 409;
  if (didNothing.has(errno)) return 503;
  return errno === 1053 || errno === 1927 ? 500 : 422;
}

/** Our error for what mysql2 throws. */
export function mysqlFault(error: unknown): unknown {
  const ours = wrapped(error);
  if (ours !== null) return ours;
  const code = errorCode(error) ?? '';
  const errno = typeof error === 'object' && error !== null && 'errno' in error ? Number(error.errno) : 0;
  const message = error instanceof Error ? error.message : '';
  const cause = error;
  if (errno === 1792)
    return new UserError('connector.refused', `${vendor}: ${message}`, {
      cause,
      status: 422,
      remedy: 'Switch "Only read" off to let the statement change something.',
    });
  if (errno === 1317 || errno === 3024 || errno === 1969)
    return new UserError('connector.refused', `${vendor} stopped the statement: it took too long.`, {
      cause,
      status: 422,
      remedy: 'Make it quicker: an index, a filter, a limit.',
    });
  if (code === 'ETIMEDOUT') return new TransientError('connector.unavailable', `${vendor} did not answer in time.`, { cause, didNothing: true });
  if (lost.has(code)) return new TransientError('connector.unavailable', `The connection to ${vendor} was lost.`, { cause });
  if (code === 'HANDSHAKE_NO_SSL_SUPPORT' || /^(ERR_TLS|ERR_SSL|CERT_|UNABLE_TO|DEPTH_ZERO|SELF_SIGNED|HANDSHAKE_SSL)/.test(code))
    return new UserError('connector.refused', `${vendor}: the connection cannot be encrypted as asked: ${message}`, {
      cause,
      status: 422,
      remedy: 'Give its certificate authority (ca) in the credential, or another tls mode.',
    });
  if (errno > 0) return refusal({ vendor, status: statusOf(errno), message, vendorCode: code, cause });
  return error;
}
