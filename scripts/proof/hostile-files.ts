/**
 * S9: 150 hostile files and more are uploaded to a whole API, and read, converted and validated as steps do it. Each ends with rows or with a clear error; nothing crashes, no 5xx,
 * no prototype is changed; what is exported as CSV holds nothing that a spreadsheet would run.
 */
import { createHash } from 'node:crypto';
import { formFile, type TestApi } from '@hub/api/testing';
import { actionFor, parseParams } from '@hub/activities/actions';
import { errorCode, isHubError } from '@hub/kit/errors';
import { type HostileFile, hostileFiles } from './hostile-files/files.ts';
import type { Measured } from './lib/proof.ts';
import { withTestApi } from './lib/test-api.ts';

const limitMs = 30_000;
const least = 150;

type Files = Parameters<ReturnType<typeof actionFor>['run']>[0]['files'];

export async function run(log: (line: string) => void): Promise<Measured[]> {
  const wrong: string[] = [];
  let ended = 0;
  let cells = 0;
  for (const file of hostileFiles) {
    const before = performance.now();
    const { faults, exported } = await readEveryWay(file);
    cells += exported;
    if (faults.length === 0) ended += 1;
    wrong.push(...faults.map((fault) => `${file.name}: ${fault}`));
    const ms = performance.now() - before;
    if (ms > 3_000) log(`${file.name} took ${(ms / 1_000).toFixed(1)} s`);
  }
  log(`${ended} of ${hostileFiles.length} read`);
  const uploads = await withTestApi({ uploadLimitBytes: 50_000_000 }, (api) => upload(api, wrong));
  for (const line of wrong.slice(0, 40)) log(line);
  const polluted = ({} as Record<string, unknown>)['polluted'] !== undefined;
  return [
    {
      figure: `${ended} of ${hostileFiles.length} files end with rows or a clear error in 5 ways to read them; a prototype was ${polluted ? '' : 'not '}changed`,
      want: `all of ${least} and more, not changed`,
      ok: ended === hostileFiles.length && hostileFiles.length >= least && !polluted,
    },
    {
      figure: `${uploads.clear} of ${hostileFiles.length} uploads taken or refused clearly, ${uploads.broken} of 5xx`,
      want: 'all, 0',
      ok: uploads.clear === hostileFiles.length && uploads.broken === 0,
    },
    { figure: `${cells} exported cells that a spreadsheet would run`, want: '0', ok: cells === 0 },
  ];
}

const ways: { connector: string; action: string; params: (file: { $file: string }) => object }[] = [
  { connector: 'file', action: 'read-rows', params: (file) => ({ file }) },
  { connector: 'file', action: 'convert-file', params: (file) => ({ file, to: 'text' }) },
  { connector: 'file', action: 'convert-file', params: (file) => ({ file, to: 'csv' }) },
  { connector: 'data', action: 'validate-rows', params: (file) => ({ source: file, schema: { type: 'object' }, into: 'csv' }) },
  { connector: 'data', action: 'aggregate-rows', params: (file) => ({ source: file, groupBy: ['a'], measures: [{ name: 'n', op: 'count' }] }) },
];

async function readEveryWay(file: HostileFile): Promise<{ faults: string[]; exported: number }> {
  const faults: string[] = [];
  let exported = 0;
  for (const { connector, action, params } of ways) {
    const store = fileStore(file);
    const { spec, run: runAction } = actionFor(connector, action);
    const signal = AbortSignal.timeout(limitMs);
    const call = async (name: string, given: object) =>
      actionFor(name.split('.')[0] ?? '', name.split('.')[1] ?? '').run({
        ...context(store.files, signal),
        params: parseParams(actionFor(name.split('.')[0] ?? '', name.split('.')[1] ?? '').spec, given),
      });
    try {
      const { output } = await runAction({ ...context(store.files, signal), params: parseParams(spec, params({ $file: 'given' })) });
      const { rows } = output as { rows?: unknown[] };
      if (Array.isArray(rows) && rows.length > 0 && rows.length < 5_000) await call('file.write-file', { name: 'out', format: 'csv', content: rows });
    } catch (error) {
      if (signal.aborted) faults.push(`${action}: over ${limitMs / 1_000} s`);
      else if (!isHubError(error) || error.kind === 'bug') faults.push(`${action}: ${errorCode(error) ?? ''} ${String(error).slice(0, 200)}`);
    }
    for (const content of store.csv()) exported += runnable(content);
  }
  return { faults, exported };
}

/** Cells at the beginning of a row or behind a delimiter that begin as a formula does. Numbers may be negative. */
function runnable(csv: string): number {
  return [...csv.slice(0, 2_000_000).matchAll(/(?:^|[,\n])"?([=+@\t\r]|-(?!\d+(?:\.\d+)?(?:[eE][+-]?\d+)?(?:"|,|\r?\n|$)))/g)].filter(
    ([whole]) => !/[\r\t]$/.test(whole) || whole.includes('"'),
  ).length;
}

function context(files: Files, signal: AbortSignal) {
  return {
    credential: null,
    http: null as never,
    files,
    signal,
    idempotencyKey: 'proof',
    team: 'proof',
    run: 'proof',
    log: () => undefined,
    warn: () => undefined,
  };
}

/** A store of one file; keeps what is written as CSV. */
function fileStore({ name, content }: HostileFile): { files: Files; csv: () => string[] } {
  const written: string[] = [];
  const handle = { $file: 'given', name, mime: 'application/octet-stream', bytes: content.length, sha256: '' };
  async function* stream(): AsyncGenerator<Uint8Array, void, undefined> {
    for (let at = 0; at < content.length; at += 65_536) yield content.subarray(at, at + 65_536);
  }
  const files: Files = {
    open: async () => ({ handle, stream }),
    create: async (_team, { name: as, mime }, bytes) => {
      const chunks: Uint8Array[] = [];
      for await (const chunk of bytes) chunks.push(chunk);
      const whole = Buffer.concat(chunks);
      if (mime.includes('csv')) written.push(whole.toString('utf8'));
      return { $file: `written-${written.length}`, name: as, mime, bytes: whole.length, sha256: createHash('sha256').update(whole).digest('hex') };
    },
  };
  return { files, csv: () => written };
}

async function upload(api: TestApi, wrong: string[]): Promise<{ clear: number; broken: number }> {
  const team = await api.makeTeam();
  let [clear, broken] = [0, 0];
  for (const { name, content } of hostileFiles) {
    const answer = await api.ask('/api/v1/files', { method: 'POST', key: team.keys.runner, ...formFile(content, { name }) });
    const { code, $file } = answer.json() as { code?: string; $file?: string };
    if (answer.statusCode >= 500) broken += 1;
    if (answer.statusCode === 201 ? typeof $file === 'string' : answer.statusCode < 500 && typeof code === 'string') clear += 1;
    else wrong.push(`${name}: upload answered ${answer.statusCode} ${answer.body.slice(0, 200)}`);
    if (answer.statusCode !== 201) continue;
    const back = await api.ask(`/api/v1/files/${$file}`, { key: team.keys.runner });
    if (back.headers['x-content-type-options'] !== 'nosniff' || !String(back.headers['content-disposition']).startsWith('attachment'))
      wrong.push(`${name}: given back as ${String(back.headers['content-disposition'])}`);
  }
  return { clear, broken };
}
