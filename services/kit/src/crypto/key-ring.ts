/** The keyset of a process, changeable while it runs. */
import { readFileSync, statSync } from 'node:fs';

import { UserError } from '../errors.ts';
import { type Keyset, parseKeyset } from './envelope.ts';

export interface KeyRing {
  /** As it is now; ask anew for each use. */
  current(): Keyset;
}

const lookEveryMs = 1_000;
const filePrefix = 'file:';

/**
 * A ring of `text`: the keys themselves, or `file:/path` of a file that holds them. The file is looked at anew at most once a second, so that a rotation
 * needs no restart; a file that cannot be used leaves the keys as they were.
 * @throws UserError `crypto.bad-keyset` where the first read fails.
 */
export function createKeyRing(text: string, onFault: (error: unknown) => void = () => undefined): KeyRing {
  if (!text.startsWith(filePrefix)) {
    const fixed = parseKeyset(text);
    return { current: () => fixed };
  }
  const path = text.slice(filePrefix.length);
  let seen = stamp(path);
  let keyset = readKeys(path);
  let lookedAt = performance.now();
  return {
    current() {
      if (performance.now() - lookedAt < lookEveryMs) return keyset;
      lookedAt = performance.now();
      try {
        const now = stamp(path);
        if (now !== seen) {
          keyset = readKeys(path);
          seen = now;
        }
      } catch (error) {
        onFault(error);
      }
      return keyset;
    },
  };
}

function stamp(path: string): string {
  try {
    const { mtimeMs, size, ino } = statSync(path);
    return `${mtimeMs} ${size} ${ino}`;
  } catch (cause) {
    throw new UserError('crypto.bad-keyset', 'The file of the keys cannot be read.', {
      cause,
      remedy: 'Check the path after file: in HUB_CREDENTIAL_KEYS or HUB_CODEC_KEYS, and its rights.',
    });
  }
}

function readKeys(path: string): Keyset {
  return parseKeyset(
    readFileSync(path, 'utf8')
      .split(/[\s,]+/)
      .filter((line) => line !== '')
      .join(','),
  );
}
