/** Reading an answer: decompressed by us, so that wire bytes and plain bytes can be compared; capped in size. */
import { Transform, pipeline } from 'node:stream';
import type { Readable } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate, createZstdDecompress } from 'node:zlib';

import { TransientError, UserError, errorCode } from '../errors.ts';
import { translateFault } from './faults.ts';

export interface BodyLimits {
  /** Largest body, decompressed, in bytes. */
  maxBodyBytes: number;
  /** Largest ratio of decompressed to wire bytes, once over `ratioFromBytes`. */
  maxRatio: number;
}

/** Small bodies may compress better than the ratio without being a bomb. */
const ratioFromBytes = 65_536;
const maxCodings = 2;

const decoders: Record<string, () => Transform> = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
  zstd: createZstdDecompress,
};

/**
 * The plain bytes of a raw answer.
 * @throws UserError `http.body-too-large`, `http.decompression-ratio`, `http.unknown-encoding`; TransientError `http.connection-lost`, `http.truncated`.
 */
export async function* readBody(
  raw: Readable,
  encoding: string | undefined,
  url: URL,
  limits: BodyLimits,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array, void, undefined> {
  const codings = (encoding ?? '')
    .split(',')
    .map((part) => part.trim().toLowerCase())
    .filter((part) => part !== '' && part !== 'identity');
  const stages = codings.length > maxCodings ? null : codings.reverse().map((coding) => decoders[coding]?.());
  if (stages === null || stages.includes(undefined)) {
    raw.destroy();
    throw new UserError('http.unknown-encoding', `The answer is encoded as "${codings.join(', ').slice(0, 100)}", which cannot be read.`);
  }
  let wireBytes = 0;
  let plainBytes = 0;
  const counter = new Transform({
    transform(chunk: Uint8Array, _encoding, done) {
      wireBytes += chunk.length;
      done(null, chunk);
    },
  });
  const last = stages.length === 0 ? raw : (stages.at(-1) as Transform);
  if (stages.length > 0) pipeline([raw, counter, ...(stages as Transform[])], () => undefined);
  try {
    for await (const chunk of last as AsyncIterable<Uint8Array>) {
      plainBytes += chunk.length;
      if (plainBytes > limits.maxBodyBytes) {
        throw new UserError('http.body-too-large', `The answer is larger than ${Math.floor(limits.maxBodyBytes / 1_048_576)} MB.`, {
          remedy: 'Ask for less at once (paging, a filter, fewer fields).',
        });
      }
      if (stages.length > 0 && plainBytes > ratioFromBytes && plainBytes > wireBytes * limits.maxRatio) {
        throw new UserError('http.decompression-ratio', `The answer unpacks to more than ${limits.maxRatio} times its size and was cut off.`);
      }
      yield chunk;
    }
  } catch (error) {
    // HEAD, 204 and 304 announce an encoding of a body that is not there.
    if (wireBytes === 0 && errorCode(error) === 'Z_BUF_ERROR') return;
    throw bodyFault(error, url, signal);
  } finally {
    raw.destroy();
    last.destroy();
  }
}

function bodyFault(error: unknown, url: URL, signal: AbortSignal): unknown {
  if (signal.aborted) return signal.reason;
  const code = errorCode(error) ?? '';
  if (code === 'Z_BUF_ERROR' || code === 'ERR_STREAM_PREMATURE_CLOSE' || code === 'ZSTD_error_srcSize_wrong')
    return new TransientError('http.truncated', 'The answer ends before its end.', { cause: error });
  if (/^(Z_|ERR_BROTLI|ERR__ERROR|ERR_PADDING|ZSTD_|ERR_ZLIB)/.test(code))
    return new UserError('http.bad-encoding', 'The answer is not what its Content-Encoding says.', { cause: error });
  return translateFault(error, url, true);
}
