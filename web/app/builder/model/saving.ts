/**
 * Saves the draft by itself, a moment after each change: one request at a time, with the revision it was made on. What is not saved stands in the browser's
 * own store too, so that no navigation, crash or lost network loses it. Knows nothing of React or HTTP; tests bring their own clock and server.
 */
import type { Definition } from '@hub/dag';
import { printOf } from './print.ts';

export type SaveState =
  | { kind: 'saved'; at: number | null }
  | { kind: 'dirty' }
  | { kind: 'saving' }
  /** Nothing answered; tried again by itself. */
  | { kind: 'offline' }
  /** Somebody else saved in between, or oneself on another page (`own`). */
  | { kind: 'conflict'; by: string | null; own: boolean; at: string | null }
  /** The server does not take it as it is. */
  | { kind: 'refused'; why: string };

export type SaveAnswer =
  | { kind: 'saved'; revision: number }
  | { kind: 'stale'; revision: number; by: string | null; own: boolean; at: string | null }
  | { kind: 'offline' }
  | { kind: 'refused'; why: string };

/** What is kept in the browser of a draft that is not saved. */
export interface Backup {
  revision: number;
  definition: Definition;
  /** Prints of what the server may hold without anybody else having changed it: what this was made on, and all that was sent since and may have arrived. */
  mine: readonly string[];
}

/** What is sent: the draft, the revision it was made on, and what may stand there as one's own. */
export interface Sent {
  definition: Definition;
  revision: number;
  mine: readonly string[];
  /** The page goes: the request must outlive it. */
  last: boolean;
}

export interface SavingOptions {
  revision: number;
  saved: Definition;
  /** `mine` of an earlier visit whose draft goes on here. */
  earlier?: readonly string[] | undefined;
  send: (sent: Sent) => Promise<SaveAnswer>;
  keep: (backup: Backup | null) => void;
  /** The server has this, as this revision. */
  onSaved?: (definition: Definition, revision: number) => void;
  onState: (state: SaveState) => void;
  /** ms after the last change. */
  waitMs?: number;
}

export interface Saving {
  /** The draft changed. */
  changed: (definition: Definition) => void;
  /** Saves now; true once everything is saved, false where it could not be. */
  flush: () => Promise<boolean>;
  /** The last chance, as the page goes: sends without waiting. What comes of it counts, where the page lives on. */
  leave: () => void;
  /** The network is back, or a person asks for another try. */
  retry: () => void;
  /** After a conflict, theirs was taken: `saved` is what the server has now. */
  reset: (saved: Definition, revision: number) => void;
  /** After a conflict, mine wins: the next save is made on their revision. */
  force: () => Promise<boolean>;
  revision: () => number;
  /** Sends, keeps and tells nothing any more: another one goes on with the draft. */
  stop: () => void;
}

/** So many of one's own drafts are remembered while nobody knows whether they arrived. */
const mostMine = 20;
const retryMs = [2_000, 5_000, 15_000, 30_000];
const mostWaitMs = 10_000;

export function createSaving(options: SavingOptions): Saving {
  return new Saver(options);
}

class Saver implements Saving {
  private readonly options: SavingOptions;
  private readonly waitMs: number;
  private at: number;
  /** What the server has. */
  private saved: Definition;
  private now: Definition;
  private state: SaveState['kind'] = 'saved';
  /** Revision of the other one's save, in a conflict. */
  private theirs: number | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private waitingSince = 0;
  private tries = 0;
  private flying: Promise<boolean> | null = null;
  private mine: readonly string[];
  private stopped = false;

  constructor(options: SavingOptions) {
    this.options = options;
    this.waitMs = options.waitMs ?? 800;
    this.at = options.revision;
    this.saved = options.saved;
    this.now = options.saved;
    this.mine = options.earlier ?? [printOf(options.saved)];
  }

  changed(definition: Definition): void {
    if (definition === this.now) return;
    this.now = definition;
    if (this.isSaved() && !this.flying) {
      clearTimeout(this.timer);
      this.keep(null);
      if (this.state !== 'conflict') this.tell({ kind: 'saved', at: null });
      return;
    }
    this.keepNow();
    if (this.state === 'conflict' || this.state === 'offline') return;
    if (this.state !== 'dirty') {
      this.waitingSince = Date.now();
      if (this.state !== 'saving') this.tell({ kind: 'dirty' });
    }
    // Somebody who never rests is saved every ten seconds all the same.
    this.later(Math.max(0, Math.min(this.waitMs, this.waitingSince + mostWaitMs - Date.now())));
  }

  async flush(): Promise<boolean> {
    while (!this.isSaved()) if (!(await this.save())) return false;
    return true;
  }

  leave(): void {
    clearTimeout(this.timer);
    if (!this.isSaved() && !this.flying && this.state !== 'conflict') this.flying = this.sendOnce(this.now, true);
  }

  retry(): void {
    if (this.state === 'offline' || this.state === 'refused' || this.state === 'dirty') void this.save();
  }

  reset(saved: Definition, revision: number): void {
    clearTimeout(this.timer);
    this.saved = saved;
    this.now = saved;
    this.at = revision;
    this.theirs = null;
    this.mine = [printOf(saved)];
    this.tries = 0;
    this.keep(null);
    this.tell({ kind: 'saved', at: null });
  }

  force(): Promise<boolean> {
    if (this.theirs !== null) this.at = this.theirs;
    this.theirs = null;
    this.tell({ kind: 'dirty' });
    return this.save();
  }

  revision(): number {
    return this.at;
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.timer);
  }

  private isSaved(): boolean {
    return this.now === this.saved;
  }

  private keep(backup: Backup | null): void {
    if (!this.stopped) this.options.keep(backup);
  }

  private keepNow(): void {
    this.keep({ revision: this.at, definition: this.now, mine: this.mine });
  }

  private tell(next: SaveState): void {
    this.state = next.kind;
    if (!this.stopped) this.options.onState(next);
  }

  private later(ms: number): void {
    clearTimeout(this.timer);
    if (!this.stopped) this.timer = setTimeout(() => void this.save(), ms);
  }

  private async save(): Promise<boolean> {
    clearTimeout(this.timer);
    if (this.flying) {
      const fine = await this.flying;
      return fine && !this.isSaved() ? this.save() : fine;
    }
    if (this.isSaved()) return true;
    if (this.state === 'conflict') return false;
    if (this.stopped) return false;
    this.flying = this.sendOnce(this.now, false);
    return this.flying;
  }

  private async sendOnce(sent: Definition, last: boolean): Promise<boolean> {
    this.tell({ kind: 'saving' });
    const print = printOf(sent);
    this.mine = [...this.mine.filter((each) => each !== print), print].slice(-mostMine);
    // Before it goes: a page that comes after this one must know what may have arrived.
    this.keepNow();
    const answer = await this.options
      .send({ definition: sent, revision: this.at, mine: this.mine, last })
      .catch((): SaveAnswer => ({ kind: 'offline' }));
    this.flying = null;
    if (answer.kind === 'saved') {
      this.taken(answer.revision, sent);
      return true;
    }
    if (answer.kind === 'stale') {
      this.theirs = answer.revision;
      this.tell({ kind: 'conflict', by: answer.by, own: answer.own, at: answer.at });
    } else if (answer.kind === 'offline') {
      this.tell({ kind: 'offline' });
      this.later(retryMs[Math.min(this.tries++, retryMs.length - 1)] ?? mostWaitMs);
    } else this.tell({ kind: 'refused', why: answer.why });
    return false;
  }

  private taken(revision: number, sent: Definition): void {
    this.at = revision;
    this.saved = sent;
    this.mine = [printOf(sent)];
    this.tries = 0;
    this.theirs = null;
    this.options.onSaved?.(sent, revision);
    if (this.isSaved()) {
      this.keep(null);
      this.tell({ kind: 'saved', at: Date.now() });
      return;
    }
    this.keepNow();
    this.tell({ kind: 'dirty' });
    this.later(this.waitMs);
  }
}
