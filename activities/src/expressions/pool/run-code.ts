/**
 * User JavaScript: QuickJS compiled to WebAssembly, one fresh instance per call, no host function, JSON text in and out. The interrupt
 * ends ordinary loops with a clear error; what it cannot reach ends with the child.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { RELEASE_SYNC, newQuickJSWASMModuleFromVariant, newVariant } from 'quickjs-emscripten';
import type { QuickJSContext, QuickJSHandle, QuickJSRuntime, QuickJSWASMModule } from 'quickjs-emscripten';

import { TransientError, UserError } from '@hub/kit/errors';

import { cleanText } from '../../values/json.ts';
import { parseCode } from '../code-reads.ts';
import { textOf } from './data.ts';
import type { CodeJob, DataWire, ResolveAnswer } from './jobs.ts';
import { sized } from './envelope.ts';

const memoryBytes = 128 * 1024 * 1024;
/** Above 256 KB an overflow would surface in the host's stack. */
const stackBytes = 256 * 1024;
/** The interrupt comes this long before the pool's kill. */
const headStartMs = 300;

/** Runs before the user's code, so later changes to JSON or Number do not reach it. */
const prelude = `(() => {
  const { parse, stringify } = JSON, { isFinite } = Number;
  const strict = (key, value) => {
    if (typeof value === 'number' && !isFinite(value)) throw new TypeError('hub:not-json ' + value);
    if (typeof value === 'function' || typeof value === 'symbol') throw new TypeError('hub:not-json a ' + typeof value);
    return value;
  };
  return { read: (text) => parse(text), write: (value) => stringify(value === undefined ? null : value, strict) };
})()`;

/** The compiler's types for this are the browser's. */
declare const WebAssembly: { compile: (bytes: Uint8Array) => Promise<object> };

let compiled: object | null = null;

async function freshModule(): Promise<QuickJSWASMModule> {
  if (compiled === null) {
    const require = createRequire(createRequire(import.meta.url).resolve('quickjs-emscripten'));
    compiled = await WebAssembly.compile(readFileSync(require.resolve('@jitl/quickjs-wasmfile-release-sync/wasm')));
  }
  return await newQuickJSWASMModuleFromVariant(newVariant(RELEASE_SYNC, { wasmModule: compiled }));
}

/** Throws UserError `code.syntax` | `expression.not-json` | `expression.too-large`, TransientError `code.threw` | `code.memory` | `step.timeout` | `code.never-ends`. */
export async function runCode(job: CodeJob): Promise<ResolveAnswer> {
  const parsed = parseCode(job.source);
  if (!parsed.ok) throw new UserError(parsed.code, `${parsed.message} (at ${parsed.position})`);
  const quick = await freshModule();
  const deadline = Date.now() + Math.max(50, job.timeoutMs - headStartMs);
  const runtime = quick.newRuntime();
  runtime.setMemoryLimit(memoryBytes);
  runtime.setMaxStackSize(stackBytes);
  runtime.setInterruptHandler(() => Date.now() > deadline);
  // Neither is disposed: freeing walks the guest's heap, which is foreign; the instance is dropped as a whole.
  const text = new Guest(runtime.newContext(), runtime, deadline).run(job.source, contextText(job.data));
  const { text: clean, changed } = cleanText(text);
  const warnings = changed ? [{ code: 'value.cleaned', message: 'Characters that cannot be stored (U+0000, lone surrogates) were replaced' }] : [];
  return { valueText: sized(clean), warnings };
}

class Guest {
  readonly #vm: QuickJSContext;
  readonly #runtime: QuickJSRuntime;
  readonly #deadline: number;

  constructor(vm: QuickJSContext, runtime: QuickJSRuntime, deadline: number) {
    this.#vm = vm;
    this.#runtime = runtime;
    this.#deadline = deadline;
  }

  run(source: string, contextJson: string): string {
    const vm = this.#vm;
    const tools = this.#value(vm.evalCode(prelude, 'prelude.js'));
    const context = this.#value(vm.callFunction(vm.getProp(tools, 'read'), vm.undefined, vm.newString(contextJson)));
    const body = this.#value(vm.evalCode(`(async (ctx) => {${source}\n})`, 'code.js'));
    const promise = this.#value(vm.callFunction(body, vm.undefined, context));
    const result = this.#settled(promise);
    const written = this.#value(vm.callFunction(vm.getProp(tools, 'write'), vm.undefined, result));
    return vm.typeof(written) === 'string' ? vm.getString(written) : 'null';
  }

  #settled(promise: QuickJSHandle): QuickJSHandle {
    for (;;) {
      const state = this.#vm.getPromiseState(promise);
      if (state.type === 'fulfilled') return state.value;
      if (state.type === 'rejected') throw this.#failure(state.error);
      if (Date.now() > this.#deadline) throw timedOut();
      if (!this.#runtime.hasPendingJob()) throw new TransientError('code.never-ends', 'The code waits for something that never happens');
      const ran = this.#runtime.executePendingJobs(200);
      if (ran.error !== undefined) throw this.#failure(ran.error);
    }
  }

  #value(result: ReturnType<QuickJSContext['evalCode']>): QuickJSHandle {
    if (result.error !== undefined) throw this.#failure(result.error);
    return result.value;
  }

  #failure(handle: QuickJSHandle): Error {
    if (Date.now() > this.#deadline) return timedOut();
    const { name, message, line } = this.#describe(handle);
    if (message.startsWith('hub:not-json '))
      return new UserError('expression.not-json', `The result contains ${message.slice(13)}, which JSON cannot hold`);
    if (name === 'InternalError' && message === 'out of memory')
      return new TransientError('code.memory', `The code used more than ${memoryBytes / 1024 / 1024} MB`);
    return new TransientError('code.threw', `${name}: ${message}${line}`.slice(0, 500));
  }

  /** Reads strings only: a thrown object's own getters belong to the guest. */
  #describe(handle: QuickJSHandle): { name: string; message: string; line: string } {
    const vm = this.#vm;
    const type = vm.typeof(handle);
    if (type !== 'object') return { name: 'Thrown', message: type === 'string' ? vm.getString(handle) : type, line: '' };
    const read = (key: string): string => {
      const value = vm.getProp(handle, key);
      return vm.typeof(value) === 'string' ? vm.getString(value).slice(0, 2_000) : '';
    };
    const line = /code\.js:(\d+)/.exec(read('stack'))?.[1];
    return { name: read('name') || 'Error', message: read('message') || 'no message', line: line === undefined ? '' : ` (line ${line})` };
  }
}

function timedOut(): TransientError {
  return new TransientError('step.timeout', 'The code ran longer than its time-out');
}

/** `{"input":…,"nodes":{…}}` put together from the texts, without parsing them. */
function contextText(data: DataWire): string {
  const fields = Object.entries(data.values).map(([name, text]) => `${JSON.stringify(name)}:${text}`);
  const nodes = data.reads.map((ref) => {
    const error = ref.error === undefined || ref.as === 'error' ? '' : `,"error":${JSON.stringify(ref.error)}`;
    return `${JSON.stringify(ref.id)}:{"output":${textOf(ref, data.texts) ?? 'null'}${error}}`;
  });
  return `{${[...fields, `"nodes":{${nodes.join(',')}}`].join(',')}}`;
}
