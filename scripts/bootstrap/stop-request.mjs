// Every way a person can say "stop": Ctrl-C, kill, a closed terminal, npm gone. All lead to one orderly stop; saying it twice hurries it.
import { describe, isAlive, startTimeOf } from './process-table.mjs';

/**
 * @typedef {{ readonly reason: string | undefined, requested: Promise<string>, check: () => void, ask: (reason: string) => void }} StopRequest
 */

/** Thrown where work finds that it should not go on. */
export class Stopped extends Error {}

const hurryAfterMs = 1500;

/**
 * @param {{ onFirst: () => void, onAgain: () => void }} options called at the first word (end running tools) and at one repeated later (cut graces short)
 * @returns {StopRequest}
 */
export function listenForStop({ onFirst, onAgain }) {
  /** @type {string | undefined} */
  let reason;
  let askedAt = 0;
  /** @type {(reason: string) => void} */
  let tell = () => undefined;
  /** @type {Promise<string>} */
  const requested = new Promise((done) => (tell = done));
  /** @param {string} why */
  const ask = (why) => {
    if (reason === undefined) {
      reason = why;
      askedAt = Date.now();
      onFirst();
      tell(why);
      // One Ctrl-C reaches us several times: from the terminal, from npm, from our outer process.
    } else if (Date.now() - askedAt > hurryAfterMs) onAgain();
  };
  process.on('SIGINT', () => ask('Ctrl-C'));
  process.on('SIGTERM', () => ask('SIGTERM'));
  process.on('SIGHUP', () => ask('closed terminal'));
  process.on('disconnect', () => ask('the starting process is gone'));
  watchParent(() => ask('npm is gone'));
  // A closed terminal or pipe must not turn the next line we print into a crash.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  return {
    get reason() {
      return reason;
    },
    requested,
    ask,
    check() {
      if (reason !== undefined) throw new Stopped(reason);
    },
  };
}

/**
 * npm killed hard cannot pass anything on: look whether it lives. Only where npm runs us, since a shell may rightly end before its background job.
 * @param {() => void} onLost
 */
export function watchParent(onLost) {
  if (!process.env.npm_lifecycle_event || process.env.HUB_LAUNCHER_OUTER) return;
  const npm = npmProcess();
  const startedAt = npm === undefined ? undefined : startTimeOf(npm);
  if (npm === undefined || startedAt === undefined) return;
  const timer = setInterval(() => {
    if (isAlive({ pid: npm, startedAt })) return;
    clearInterval(timer);
    onLost();
  }, 2000);
  timer.unref();
}

/** npm is our parent, or the parent of the shell it started us through. */
function npmProcess() {
  const parent = describe(process.ppid);
  if (!parent) return undefined;
  return /(^|\/)-?(sh|dash|bash|zsh|ash|busybox)$/.test(parent.command) ? parent.parent : process.ppid;
}
