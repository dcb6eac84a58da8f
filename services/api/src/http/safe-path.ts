/** Where a redirect may lead. */

/** A path of this site: never another host's, whatever the text tries (`//x`, `/\x`). */
export function safePath(path: string | undefined): string {
  if (path === undefined || !/^\/(?![/\\])[\x20-\x7e]*$/.test(path)) return '/';
  const url = new URL(path, 'http://hub.invalid');
  return url.host === 'hub.invalid' ? url.pathname + url.search + url.hash : '/';
}
