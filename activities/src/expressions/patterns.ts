/** RE2 patterns before they run; a door of its own, because re2js is more than a browser should load. */
import { RE2JS } from 're2js';

/** What is wrong with an RE2 pattern, in a sentence; null: nothing. */
export function patternFault(pattern: string): string | null {
  try {
    RE2JS.compile(pattern);
    return null;
  } catch (error) {
    const words = error instanceof Error ? error.message : 'it cannot be read';
    return `This is no RE2 pattern (no look-around, no back-references): ${words}.`;
  }
}
