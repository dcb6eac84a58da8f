/** What every group of routes is registered with. */
import type { RunNotifier } from '@hub/db';
import type { Inbox } from '@hub/db/write';
import type { Auth } from '../auth/auth.ts';
import type { LiveFeed } from '../live/feed.ts';
import type { ApiDeps } from '../settings.ts';
import type { Audit } from './audit.ts';
import type { Vault, OAuthClient } from '@hub/kit/vault';
import type { Notify } from './notify.ts';

export interface RouteContext {
  deps: ApiDeps;
  auth: Auth;
  feed: LiveFeed;
  /** Tells every watcher, here and in other processes, that a run changed; call it after commit. */
  notifier: RunNotifier;
  /** Tells Temporal what was said to a run, after commit; never throws, the sweep repairs. */
  inbox: Inbox;
  audit: Audit;
  /** Opens credentials and keeps their tokens fresh. */
  vault: Vault;
  oauth: OAuthClient;
  notify: Notify;
}
