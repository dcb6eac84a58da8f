/** What every group of routes is registered with. */
import type { RunNotifier } from '@hub/db';
import type { Auth } from '../auth/auth.ts';
import type { LiveFeed } from '../live/feed.ts';
import type { ApiDeps } from '../settings.ts';
import type { Audit } from './audit.ts';
import type { Notify } from './notify.ts';

export interface RouteContext {
  deps: ApiDeps;
  auth: Auth;
  feed: LiveFeed;
  /** Tells every watcher, here and in other processes, that a run changed; call it after commit. */
  notifier: RunNotifier;
  audit: Audit;
  notify: Notify;
}
