/** SQLSTATE, and what the driver says of the connection, as our codes. */
import { TransientError, UserError, errorCode } from '@hub/kit/errors';

import { refusal, wrapped } from '../sdk/faults.ts';

const vendor = 'PostgreSQL';
/** Refused before anything ran, or rolled back whole: repeating is safe. */
const didNothing = new Set(['53300', '57P03', '40001', '40P01', '55P03']);

function statusOf(code: string): number {
  if (code === '28P01' || code === '28000') return 401;
  if (code === '42501') return 403;
  if (code === '42P01' || code === '3F000' || code === '3D000') return 404;
  if (code === '23505') return 409;
  if (didNothing.has(code)) return 503;
  if (/^(08|53|57P|58|XX)/.test(code)) return 500;
  return 422;
}

/** Our error for what postgres.js throws. */
export function postgresFault(error: unknown): unknown {
  const ours = wrapped(error);
  if (ours !== null) return ours;
  const code = errorCode(error) ?? '';
  const message = error instanceof Error ? error.message : '';
  const cause = error;
  if (code === '57014')
    return new UserError('connector.refused', `${vendor} stopped the statement: it took too long.`, {
      cause,
      status: 422,
      remedy: 'Make it quicker: an index, a filter, a limit.',
    });
  if (code === '25006')
    return new UserError('connector.refused', `${vendor}: ${message}`, {
      cause,
      status: 422,
      remedy: 'Switch "Only read" off to let the statement change something.',
    });
  if (/^[0-9A-Z]{5}$/.test(code)) return refusal({ vendor, status: statusOf(code), message, vendorCode: code, cause });
  if (code === 'CONNECT_TIMEOUT')
    return new TransientError('connector.unavailable', `${vendor} did not answer in time.`, { cause, didNothing: true });
  if (code.startsWith('CONNECTION_') || code === 'ECONNRESET' || code === 'EPIPE')
    return new TransientError('connector.unavailable', `The connection to ${vendor} was lost.`, { cause });
  if (/^(ERR_TLS|ERR_SSL|CERT_|UNABLE_TO|DEPTH_ZERO|SELF_SIGNED)/.test(code))
    return new UserError('connector.refused', `${vendor}'s certificate cannot be trusted: ${message}`, {
      cause,
      status: 422,
      remedy: 'Give its certificate authority (ca) in the credential, or choose tls "require" where the network is trusted.',
    });
  return error;
}
