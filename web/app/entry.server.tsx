/**
 * Renders pages whole: parts whose scripts come late (banners, ledger, drawer) stand in the first answer, so nothing moves when they wake up.
 * No loader defers data, so nothing is waited for but their import, once per process.
 */
import { PassThrough } from 'node:stream';
import { createReadableStreamFromReadable } from '@react-router/node';
import { renderToPipeableStream } from 'react-dom/server';
import { type EntryContext, type RouterContextProvider, ServerRouter } from 'react-router';
import { nonceContext } from './api/context.ts';

export const streamTimeout = 5_000;

export default function handleRequest(
  request: Request,
  status: number,
  headers: Headers,
  entry: EntryContext,
  context: RouterContextProvider,
): Promise<Response> | Response {
  headers.set('content-type', 'text/html; charset=utf-8');
  if (request.method.toUpperCase() === 'HEAD') return new Response(null, { status, headers });
  const nonce = context.get(nonceContext);
  return new Promise((resolve, reject) => {
    let sent = false;
    let answer = status;
    const { pipe, abort } = renderToPipeableStream(<ServerRouter context={entry} url={request.url} nonce={nonce} />, {
      nonce,
      // However large a part is, it stands in its place: else React sends it behind the page and moves it in by script.
      progressiveChunkSize: Number.POSITIVE_INFINITY,
      onAllReady() {
        sent = true;
        const body = new PassThrough();
        pipe(body);
        resolve(new Response(createReadableStreamFromReadable(body), { headers, status: answer }));
      },
      onShellError: reject,
      onError(error: unknown) {
        answer = 500;
        if (sent) console.error(error);
      },
    });
    // Unresolved data is given up a second after the router gave up on it.
    setTimeout(abort, streamTimeout + 1000).unref();
  });
}

/** Faults that reach the page are the API's, already told; the rest is ours and belongs in the log. */
export function handleError(error: unknown, { request }: { request: Request }): void {
  if (request.signal.aborted) return;
  console.error(error);
}
