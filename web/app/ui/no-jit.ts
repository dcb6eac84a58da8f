/** Zod must not try whether it may compile code in a browser: our CSP refuses it, and reports the try. Before any schema is made; the server's zod is left as it is. */
const shared = globalThis as typeof globalThis & { __zod_globalConfig?: { jitless?: boolean } };
if (typeof document !== 'undefined') (shared.__zod_globalConfig ??= {}).jitless = true;
