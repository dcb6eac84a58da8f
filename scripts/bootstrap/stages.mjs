// What a person sees while things start: every stage with its name and its seconds; or the same as JSON lines for a script.
import { performance } from 'node:perf_hooks';

/**
 * @typedef {{ write: (text: string) => unknown, isTTY?: boolean, columns?: number }} Output
 * @typedef {{ note: (text: string) => void }} StageHandle
 */

/**
 * Seconds as a person reads them.
 * @param {number} ms
 */
export function seconds(ms) {
  return ms < 59_950 ? `${(ms / 1000).toFixed(1)} s` : `${Math.floor(ms / 60_000)} min ${Math.round((ms % 60_000) / 1000)} s`;
}

/**
 * Whether to colour: a terminal, and the person did not say no (NO_COLOR, TERM=dumb).
 * @param {Output} output
 * @param {NodeJS.ProcessEnv} env
 */
export function wantsColour(output, env = process.env) {
  return Boolean(output.isTTY) && !env.NO_COLOR && env.TERM !== 'dumb';
}

/** Prints stages; several may run at once. */
export class Stages {
  /** @type {Map<string, { since: number, note: string, saidAt: number }>} */
  #open = new Map();
  /** @type {NodeJS.Timeout | undefined} */
  #timer;
  #lineShown = false;

  /**
   * @param {{ output?: Output, json?: boolean, colour?: boolean, now?: () => number, tickMs?: number }} [options]
   */
  constructor({ output = process.stdout, json = false, colour = wantsColour(output), now = () => performance.now(), tickMs = 1000 } = {}) {
    this.output = output;
    this.json = json;
    this.colour = colour && !json;
    this.now = now;
    this.tickMs = tickMs;
    this.startedAt = now();
  }

  /**
   * Runs one stage and says how long it took.
   * @template T
   * @param {string} name
   * @param {(stage: StageHandle) => Promise<T> | T} work may tell what it is doing, and at the end what came of it, with `note`
   * @returns {Promise<T>}
   */
  async run(name, work) {
    const stage = { since: this.now(), note: '', saidAt: this.now() };
    this.#open.set(name, stage);
    this.#emit({ event: 'stage', name, state: 'started' });
    this.#watch();
    try {
      const result = await work({ note: (text) => this.#note(name, text) });
      this.#close(name, 'done');
      return result;
    } catch (error) {
      this.#close(name, 'failed');
      throw error;
    }
  }

  /**
   * A line for people. In JSON mode it is an event of its own.
   * @param {string} text
   * @param {Record<string, unknown>} [fields] only for JSON
   */
  say(text, fields = {}) {
    if (this.json) this.#emit({ event: 'message', text, ...fields });
    else this.#print(text);
  }

  /**
   * An event that only scripts get.
   * @param {Record<string, unknown>} event
   */
  event(event) {
    this.#emit(event);
  }

  /** Ends the live line; call before the program goes on to other output. */
  end() {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#wipe();
  }

  /** @param {string} text */
  dim(text) {
    return this.colour && text ? `\u001b[2m${text}\u001b[22m` : text;
  }

  /** @param {string} text */
  bold(text) {
    return this.colour ? `\u001b[1m${text}\u001b[22m` : text;
  }

  /** @param {string} text @param {'green' | 'red' | 'yellow'} tone */
  tint(text, tone) {
    const code = { green: 32, red: 31, yellow: 33 }[tone];
    return this.colour ? `\u001b[${code}m${text}\u001b[39m` : text;
  }

  /** @param {string} name @param {string} text */
  #note(name, text) {
    const stage = this.#open.get(name);
    if (stage) stage.note = text;
  }

  /** @param {string} name @param {'done' | 'failed'} state */
  #close(name, state) {
    const stage = this.#open.get(name);
    if (!stage) return;
    this.#open.delete(name);
    if (this.#open.size === 0) this.end();
    const tookMs = this.now() - stage.since;
    this.#emit({ event: 'stage', name, state, seconds: Number((tookMs / 1000).toFixed(2)), ...(stage.note ? { note: stage.note } : {}) });
    const mark = state === 'done' ? this.tint('✓', 'green') : this.tint('✗', 'red');
    if (!this.json) this.#print(`${mark} ${name.padEnd(18)} ${seconds(tookMs).padStart(8)}  ${this.dim(stage.note)}`.trimEnd());
  }

  #watch() {
    if (this.json || this.#timer) return;
    this.#timer = setInterval(() => this.#tick(), this.tickMs);
    this.#timer.unref();
  }

  #tick() {
    if (this.output.isTTY) return this.#showLine();
    // Without a terminal a long stage says every 30 s that it lives.
    for (const [name, stage] of this.#open) {
      if (this.now() - stage.saidAt < 30_000) continue;
      stage.saidAt = this.now();
      this.#print(`  ${name} ... ${seconds(this.now() - stage.since)}${stage.note ? `  ${stage.note}` : ''}`);
    }
  }

  #showLine() {
    const parts = [...this.#open].map(
      ([name, stage]) => `${name} ${Math.floor((this.now() - stage.since) / 1000)} s${stage.note ? ` (${stage.note})` : ''}`,
    );
    const text = `  ${parts.join(' · ')}`.slice(0, (this.output.columns ?? 100) - 1);
    this.#wipe();
    this.output.write(this.dim(text));
    this.#lineShown = true;
  }

  #wipe() {
    if (this.#lineShown) this.output.write('\r\u001b[2K');
    this.#lineShown = false;
  }

  /** @param {string} text */
  #print(text) {
    this.#wipe();
    this.output.write(`${text}\n`);
  }

  /** @param {Record<string, unknown>} event */
  #emit(event) {
    if (this.json) this.output.write(`${JSON.stringify({ at: new Date().toISOString(), ...event })}\n`);
  }
}
