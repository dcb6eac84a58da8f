/**
 * The pool of locked-down child processes in which everything users write is evaluated (05, rule 1). A job that runs too long, or that
 * takes its child down with it, costs that child and nothing else.
 */
import { Tinypool } from 'tinypool';

import { BugError, TransientError, UserError } from '@hub/kit/errors';

import { limits } from '../names.ts';
import type { AnswerOf, DataWire, Envelope, Job } from './jobs.ts';
import { childFlags } from './permissions.ts';
import { spentMs } from './spent.ts';

export interface PoolOptions {
  /** Child processes for expressions, and again as many for code once there is some. */
  size?: number;
  /** Jobs that may wait for a child; more are refused with TransientError `expression.pool-full`. */
  maxQueue?: number;
}

export interface RunOptions {
  /** Of the work itself, without the child's start: processor time of an expression, wall time of code. */
  timeoutMs?: number;
  /** Wall time of an expression at most, where its child has to wait for the processor. */
  mostMs?: number;
  /** Gives up waiting; a job that runs is killed. */
  signal?: AbortSignal | undefined;
}

export interface ExpressionPool {
  /**
   * Throws what the job threw, or UserError `expression.timeout` | `expression.memory` | `expression.too-large`,
   * TransientError `expression.pool-full` | `step.timeout` (code).
   */
  run: <J extends Job>(job: J, options?: RunOptions) => Promise<AnswerOf<J>>;
  /** Resolves when every child is up. */
  ready: () => Promise<void>;
  close: () => Promise<void>;
}

const bootMs = 20_000;
/** The kill comes this long after the limit, so that the engine's own guard can say it better. */
const graceMs = 150;

/** Code has children of its own: it may take seconds where an expression takes a millisecond, and nobody's condition should wait behind it. */
export function createExpressionPool({ size = 2, maxQueue = 1_000 }: PoolOptions = {}): ExpressionPool {
  const expressions = new ChildPool(size, maxQueue, 'child.ts');
  let code: ChildPool | null = null;
  let closed = false;
  return {
    run: async (job, options) => {
      // A closed pool says so itself.
      if (job.kind !== 'code' || closed) return await expressions.run(job, options);
      code ??= new ChildPool(size, maxQueue, 'code-child.ts');
      return await code.run(job, options);
    },
    ready: async () => await expressions.ready(),
    async close() {
      closed = true;
      await Promise.all([expressions.close(), code?.close()]);
    },
  };
}

class ChildPool implements ExpressionPool {
  readonly #size: number;
  readonly #maxQueue: number;
  readonly #file: string;
  #pool: Tinypool;
  #free: number;
  #waiting: (() => void)[] = [];
  #closed = false;

  constructor(size: number, maxQueue: number, file: string) {
    this.#size = size;
    this.#maxQueue = maxQueue;
    this.#free = size;
    this.#file = file;
    this.#pool = startChildren(size, file);
  }

  async run<J extends Job>(job: J, options: RunOptions = {}): Promise<AnswerOf<J>> {
    refuseLarge(job);
    await this.#enter(options.signal);
    try {
      const envelope = await this.#insist(job, options);
      if (!envelope.ok) throw rebuilt(envelope.error);
      return envelope.answer as AnswerOf<J>;
    } finally {
      this.#leave();
    }
  }

  async ready(): Promise<void> {
    await Promise.all(Array.from({ length: this.#size }, async () => await this.run({ kind: 'ping' })));
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const wake of this.#waiting.splice(0)) wake();
    await this.#pool.destroy();
  }

  /** A child may die of what its last job left behind, before it begins this one: then another child gets it. */
  async #insist(job: Job, options: RunOptions): Promise<Envelope> {
    for (let tries = 1; ; tries += 1) {
      try {
        return await this.#submit(job, options);
      } catch (error) {
        if (!(error instanceof NotBegunError) || tries === 3) throw error;
        if (tries === 2) this.#revive();
      }
    }
  }

  async #submit(job: Job, options: RunOptions): Promise<Envelope> {
    if (options.signal?.aborted === true) throw cancelled();
    const limitMs = options.timeoutMs ?? limits.expressionMs;
    const mostMs = job.kind === 'code' ? limitMs : Math.max(limitMs, options.mostMs ?? limits.expressionMostMs);
    const kill = new AbortController();
    let started = false;
    let timer = setTimeout(() => kill.abort('boot'), bootMs);
    const watch = (pid: number): void => {
      const [begunAt, before] = [performance.now(), spentMs(pid)];
      const look = (): void => {
        const spent = spentMs(pid);
        const leftMs = Math.min(before === null || spent === null ? 0 : limitMs - (spent - before), mostMs - (performance.now() - begunAt));
        if (leftMs > 0) timer = setTimeout(look, leftMs + graceMs);
        else kill.abort('limit');
      };
      timer = setTimeout(look, limitMs + graceMs);
    };
    const stop = (): void => kill.abort('cancelled');
    options.signal?.addEventListener('abort', stop, { once: true });
    const channel = {
      postMessage: (said: { pid?: unknown }): void => {
        // Once only: what runs in there must not give itself more time.
        if (started) return;
        started = true;
        clearTimeout(timer);
        watch(typeof said.pid === 'number' ? said.pid : 0);
      },
    };
    try {
      return (await this.#pool.run(job, { signal: kill.signal, channel })) as Envelope;
    } catch (error) {
      throw this.#failure(job, kill.signal, started, limitMs, error);
    } finally {
      clearTimeout(timer);
      options.signal?.removeEventListener('abort', stop);
    }
  }

  #failure(job: Job, kill: AbortSignal, started: boolean, limitMs: number, error: unknown): Error {
    if (this.#closed) return new TransientError('expression.pool-closed', 'The process is shutting down');
    if (kill.reason === 'cancelled') return cancelled();
    if (kill.reason === 'limit') {
      const said = `ran longer than ${limitMs / 1000} s and was stopped`;
      return job.kind === 'code'
        ? new TransientError('step.timeout', `The code ${said}`)
        : new UserError('expression.timeout', `The expression ${said}`);
    }
    if (!started) return new NotBegunError('expression.pool-down', 'The expression processes do not start', { cause: error });
    if (job.kind === 'code') return new TransientError('code.memory', 'The code used too much memory and was stopped', { cause: error });
    return new UserError('expression.memory', 'The expression used too much memory (256 MB) and was stopped', { cause: error });
  }

  /** Tinypool stops refilling after a child died while starting. */
  #revive(): void {
    if (this.#closed) return;
    const old = this.#pool;
    this.#pool = startChildren(this.#size, this.#file);
    void old.destroy().catch(() => undefined);
  }

  async #enter(signal: AbortSignal | undefined): Promise<void> {
    if (this.#closed) throw new TransientError('expression.pool-closed', 'The process is shutting down');
    if (this.#free > 0) {
      this.#free -= 1;
      return;
    }
    if (this.#waiting.length >= this.#maxQueue)
      throw new TransientError('expression.pool-full', 'Too many expressions are waiting', { retryAfterMs: 1_000, didNothing: true });
    await new Promise<void>((resolve, reject) => {
      const wake = (): void => {
        signal?.removeEventListener('abort', giveUp);
        resolve();
      };
      const giveUp = (): void => {
        this.#waiting = this.#waiting.filter((other) => other !== wake);
        reject(cancelled());
      };
      signal?.addEventListener('abort', giveUp, { once: true });
      this.#waiting.push(wake);
    });
    if (this.#closed) throw new TransientError('expression.pool-closed', 'The process is shutting down');
  }

  /** Hands the place to the next in line. */
  #leave(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#free += 1;
    else next();
  }
}

/** The child was gone before it began the job. */
class NotBegunError extends TransientError {}

function cancelled(): TransientError {
  return new TransientError('expression.cancelled', 'The evaluation was stopped');
}

function startChildren(size: number, file: string): Tinypool {
  const pool = new Tinypool({
    filename: new URL(file, import.meta.url).href,
    runtime: 'child_process',
    serialization: 'advanced',
    minThreads: size,
    maxThreads: size,
    maxQueue: size,
    env: {},
    execArgv: childFlags(),
    terminateTimeout: 5_000,
    // What a heavy job leaves behind should not weigh on the next one.
    maxMemoryLimitBeforeRecycle: 160 * 1024 * 1024,
  });
  // A child that dies while idle is replaced; without a listener its error would end this process.
  pool.on('error', () => undefined);
  return pool;
}

/** Throws UserError `expression.too-large` for a value of more than 32 MB. */
function refuseLarge(job: Job): void {
  if (!('data' in job)) return;
  const data: DataWire = job.data;
  for (const text of [...Object.values(data.values), ...Object.values(data.texts)]) {
    // A UTF-16 unit takes at most three bytes: most texts need not be measured.
    if (text.length * 3 > limits.valueBytes && Buffer.byteLength(text) > limits.valueBytes) {
      throw new UserError('expression.too-large', `A value of more than ${limits.valueBytes / 1024 / 1024} MB cannot be read by an expression`);
    }
  }
}

function rebuilt({ kind, code, message }: { kind: string; code: string; message: string }): Error {
  if (kind === 'user') return new UserError(code, message);
  return kind === 'transient' ? new TransientError(code, message) : new BugError(code, message);
}
