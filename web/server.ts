/** Door of the package for the API's server: pages as a request listener, built files as a directory. Must never hold state of its own. */
import { existsSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

export interface WebHandlerOptions {
  /** Absolute path of the built web app (`web/dist`). */
  dist: string;
  /** The API in process: loaders and actions call it with the visitor's cookie. */
  api: (request: Request) => Promise<Response>;
}

export interface WebHandler {
  /** Answers every page and every data request of a page. */
  listener: (req: IncomingMessage, res: ServerResponse) => void;
  /** Absolute: static files, `assets/` beneath it hashed and immutable. */
  assetsDir: string;
}

interface BuiltServer {
  createBuiltApp(options: { api: WebHandlerOptions['api'] }): Promise<WebHandler['listener']>;
}

/** Loads the built pages. Throws with the command to run where they have not been built. */
export async function createWebHandler(options: WebHandlerOptions): Promise<WebHandler> {
  const dist = resolve(options.dist);
  const entry = join(dist, 'server', 'index.js');
  if (!existsSync(entry)) throw new Error(`The web pages are not built: ${entry} is missing. Run: pnpm --filter @hub/web build`);
  const built = (await import(pathToFileURL(entry).href)) as BuiltServer;
  return { listener: await built.createBuiltApp({ api: options.api }), assetsDir: join(dist, 'client') };
}
