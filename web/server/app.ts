/** The server side as it is bundled into dist/server/index.js: contexts, security headers, React Router's handler. */
import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createRequestListener } from '@react-router/node';
import { RouterContextProvider, type ServerBuild } from 'react-router';
import { type ApiFetch, nonceContext, visitContext } from '../app/api/context.ts';

export interface AppOptions {
  api: ApiFetch;
  /** Development only: lets Vite's own client connect and inject styles. */
  relaxed?: boolean;
}

function contentSecurityPolicy(nonce: string, relaxed: boolean): string {
  const inline = relaxed ? " 'unsafe-inline'" : ` 'nonce-${nonce}'`;
  return [
    "default-src 'none'",
    relaxed ? `script-src 'self' 'unsafe-inline' 'unsafe-eval'` : `script-src 'self' 'nonce-${nonce}'`,
    `style-src 'self'${inline}`,
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "manifest-src 'self'",
  ].join('; ');
}

function setHeaders(res: ServerResponse, nonce: string, relaxed: boolean): void {
  res.setHeader('content-security-policy', contentSecurityPolicy(nonce, relaxed));
  res.setHeader('x-content-type-options', 'nosniff');
  res.setHeader('referrer-policy', 'same-origin');
  res.setHeader('cross-origin-opener-policy', 'same-origin');
  res.setHeader('permissions-policy', 'camera=(), microphone=(), geolocation=()');
  // Pages show a team's data: no shared cache, no disk copy after sign-out.
  res.setHeader('cache-control', 'no-store');
}

/** Makes the listener for pages and their data requests. `build` is React Router's server build, or a way to get the newest (development). */
export function createApp(build: ServerBuild | (() => Promise<ServerBuild>), options: AppOptions) {
  const relaxed = options.relaxed ?? false;
  return (req: IncomingMessage, res: ServerResponse): void => {
    const nonce = randomBytes(16).toString('base64');
    setHeaders(res, nonce, relaxed);
    const listener = createRequestListener({
      build,
      mode: relaxed ? 'development' : 'production',
      getLoadContext: () => {
        const context = new RouterContextProvider();
        context.set(visitContext, { api: options.api, clientIp: req.socket.remoteAddress ?? null });
        context.set(nonceContext, nonce);
        return context;
      },
    });
    listener(req, res);
  };
}

/** The production door: server.ts loads it from dist. */
export async function createBuiltApp(options: AppOptions) {
  const build = (await import('virtual:react-router/server-build')) as unknown as ServerBuild;
  return createApp(build, options);
}
