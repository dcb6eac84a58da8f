/** A RunStore in memory, for the unit tests of activities. */
import { UserError } from '@hub/kit/errors';

import type { Json, PendingRow } from '@hub/dag/planner';
import type {
  BeginAttempt,
  BegunAttempt,
  ChunkRows,
  EndAttempt,
  FinishedRun,
  ItemsOver,
  IterationValue,
  PureRow,
  RunFacts,
  RunStore,
  StoredValue,
  Warning,
  WholeAttempt,
} from '../ports.ts';

interface AttemptRow {
  attempt: number;
  status: 'running' | 'completed' | 'failed' | 'cancelled' | 'lost' | 'skipped';
  end: EndAttempt | PureRow | null;
}

export class MemoryRuns implements RunStore {
  readonly attempts = new Map<string, AttemptRow[]>();
  readonly items = new Map<string, string>();
  readonly saved = new Map<string, string | null>();
  readonly pending: PendingRow[] = [];
  /** What loops were warned of. */
  readonly warned: (Warning & { path: string })[] = [];
  /** Paths whose attempt came in one. */
  readonly whole: string[] = [];
  finished: FinishedRun | null = null;
  gone = false;
  /** What an earlier run has for any step that asks. */
  same: Awaited<ReturnType<RunStore['sameStep']>> = null;
  paused = false;
  cancelledForMs: number | null = null;
  reads: string[][] = [];
  readonly #facts: RunFacts;
  readonly #definition: Json;

  constructor(definition: Json, facts: Partial<RunFacts> = {}) {
    this.#definition = definition;
    this.#facts = {
      team: 't',
      run: 'r',
      rootRun: 'r',
      workflowId: 'w',
      workflowName: 'Flow',
      version: 1,
      versionId: 'v',
      inputText: '{}',
      trigger: { type: 'manual' },
      vars: {},
      startedAt: '2026-11-22T10:00:00.000Z',
      pinned: {},
      generations: [],
      sameAs: [],
      underWay: false,
      continues: false,
      ...facts,
    };
  }

  async facts(): Promise<RunFacts> {
    if (this.gone) throw new UserError('run.gone', 'There is no such run');
    return await Promise.resolve(this.#facts);
  }

  async definition(): Promise<Json> {
    return await Promise.resolve(this.#definition);
  }

  async outputs(_team: string, _run: string, paths: string[]): Promise<Map<string, StoredValue>> {
    this.reads.push(paths);
    const found = new Map<string, StoredValue>();
    for (const path of paths) {
      const row = this.attempts.get(path)?.findLast(({ status }) => status === 'completed');
      if (row !== undefined) found.set(path, { path, outputText: row.end?.outputText ?? null });
    }
    return await Promise.resolve(found);
  }

  async sameStep(): ReturnType<RunStore['sameStep']> {
    return await Promise.resolve(this.same);
  }

  async loopPages(): Promise<number[]> {
    return await Promise.resolve([0]);
  }

  async loopPage(_team: string, _run: string, path: string, _page: number): Promise<string> {
    return await Promise.resolve(this.items.get(path) ?? '[]');
  }

  async begin({ path }: BeginAttempt): Promise<BegunAttempt> {
    const rows = this.attempts.get(path) ?? [];
    const done = rows.findLast((row) => row.status === 'completed');
    if (done !== undefined) return { attempt: done.attempt, failed: 0, lost: 0, gone: this.gone, done: { port: done.end?.port ?? null } };
    for (const row of rows) if (row.status === 'running') row.status = 'lost';
    const attempt = rows.length + 1;
    this.attempts.set(path, [...rows, { attempt, status: 'running', end: null }]);
    const count = (status: string): number => rows.filter((row) => row.status === status).length;
    return await Promise.resolve({ attempt, failed: count('failed'), lost: count('lost'), gone: this.gone });
  }

  async end(end: EndAttempt): Promise<void> {
    const row = this.attempts.get(end.path)?.findLast(({ attempt }) => attempt === end.attempt || end.attempt === 0);
    if (row === undefined) throw new Error(`No attempt ${end.attempt} at ${end.path}`);
    row.status = end.status;
    row.end = end;
    await Promise.resolve();
  }

  async writeWholes(wholes: WholeAttempt[]): Promise<BegunAttempt[]> {
    return await Promise.all(wholes.map(async (whole) => await this.writeWhole(whole)));
  }

  async itemsOver(
    _team: string,
    _run: string,
    { loopPath, step, from, to }: { loopPath: string; step: string | null; from: number; to: number },
  ): Promise<ItemsOver> {
    const over: ItemsOver = { rows: new Set(), results: new Set() };
    for (let index = from; index < to; index += 1) {
      const scope = `${loopPath}[${index}]`;
      if (this.attempts.get(step === null ? scope : `${scope}.${step}`)?.some(({ status }) => status === 'completed')) over.rows.add(index);
      if (this.saved.has(scope)) over.results.add(index);
    }
    return await Promise.resolve(over);
  }

  async isPaused(): Promise<boolean> {
    return await Promise.resolve(this.paused);
  }

  async cancelAge(): Promise<number | null> {
    return await Promise.resolve(this.cancelledForMs);
  }

  async writeWhole(whole: WholeAttempt): Promise<BegunAttempt> {
    const begun = await this.begin(whole);
    if (begun.done === undefined && !begun.gone) await this.end({ ...whole, attempt: begun.attempt });
    this.whole.push(whole.path);
    this.pending.push(...whole.rows);
    return begun;
  }

  async writePure(_team: string, _run: string, rows: PureRow[], pending: PendingRow[]): Promise<boolean> {
    for (const row of rows) this.attempts.set(row.path, [{ attempt: row.attempt, status: row.status, end: row }]);
    this.pending.push(...pending);
    return await Promise.resolve(!this.gone);
  }

  async writeChunk(team: string, run: string, { loopPath, pending, rows, recovered, results }: ChunkRows): Promise<boolean> {
    for (const { index, valueText } of results) this.saved.set(`${loopPath}[${index}]`, valueText);
    return await this.writePure(team, run, rows, [...pending, ...recovered]);
  }

  async openLoop(row: BeginAttempt & { itemsText: string; count: number }): Promise<BegunAttempt> {
    this.items.set(row.path, row.itemsText);
    return await this.begin(row);
  }

  async saveIteration(_team: string, _run: string, path: string, valueText: string): Promise<void> {
    this.saved.set(path, valueText);
    await Promise.resolve();
  }

  async warnLoop(_team: string, _run: string, path: string, warnings: Warning[]): Promise<void> {
    await Promise.resolve(void this.warned.push(...warnings.map((warning) => ({ path, ...warning }))));
  }

  async loopResults(_team: string, _run: string, of: Parameters<RunStore['loopResults']>[2]): Promise<IterationValue[]> {
    const found: IterationValue[] = [];
    for (let index = of.from; index < of.to; index += 1) {
      const scope = `${of.loopPath}[${index}]`;
      const kept = of.kept ? this.saved.get(scope) : undefined;
      const row = this.attempts.get(of.sink === null ? scope : `${scope}.${of.sink}`)?.findLast(({ status }) => status === 'completed');
      if (kept !== undefined) found.push({ index, dropped: kept === null, read: async () => await Promise.resolve(kept) });
      else if (of.rows && row !== undefined)
        found.push({ index, dropped: false, read: async () => await Promise.resolve(row.end?.outputText ?? null) });
    }
    return await Promise.resolve(found);
  }

  async endWithItems(end: Omit<EndAttempt, 'outputText'>, items: AsyncIterable<string>): Promise<string | null> {
    const texts: string[] = [];
    for await (const text of items) texts.push(text);
    const outputText = `[${texts.join(',')}]`;
    await this.end({ ...end, outputText });
    return outputText;
  }

  async writeRows(_team: string, _run: string, rows: PendingRow[]): Promise<void> {
    this.pending.push(...rows);
    await Promise.resolve();
  }

  async finish(end: FinishedRun): Promise<{ changed: boolean; start: { team: string; run: string }[] }> {
    this.finished = end;
    return await Promise.resolve({ changed: true, start: [] });
  }

  /** The last attempt at a path. */
  last(path: string): AttemptRow | undefined {
    return this.attempts.get(path)?.at(-1);
  }
}
