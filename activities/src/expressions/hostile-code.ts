/** Hostile JavaScript for the `code` step. */
import type { HostileCase } from './hostile-cases.ts';

const code = (name: string, texts: readonly string[], more: Partial<HostileCase> = {}): HostileCase[] => texts.map((text, at) => ({ name: `code: ${name} ${at + 1}`, engine: 'code', text, ...more }));

const hostNames = [
  'process', 'require', 'module', 'exports', 'fetch', 'XMLHttpRequest', 'WebSocket', 'Deno', 'Bun', 'Buffer', 'global', 'window', 'self', 'setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask', 'console', '__dirname', 'WebAssembly', 'SharedWorker', 'importScripts', 'std', 'os', 'print', 'scriptArgs',
];
const absent = code('a host name', hostNames.map((name) => `return typeof ${name}`), { only: '"undefined"' });

const escapes = code('constructor trick', [
  `return typeof (function(){}).constructor('return this')().process`, `return typeof globalThis.constructor.constructor("return this")().process`, `return typeof (async function(){}).constructor('return globalThis')().process`, `return typeof (() => {}).constructor('return this.require')()`,
  `return typeof [].map.constructor('return this')().fetch`, `return typeof ctx.constructor.constructor('return process')`, `return typeof ctx.input.__proto__.constructor.constructor("return typeof process")()`, `return typeof new Function('return process')`, `return typeof eval('this').process`,
  `return (0, eval)('typeof process')`, `return typeof Reflect.construct(Function, ['return this'])().process`, `try { null.x } catch (e) { return typeof e.constructor.constructor('return this')().process }`,
  `return typeof (function*(){}).constructor('yield process')`, `return Object.getOwnPropertyNames(globalThis).filter((n) => /process|require|fetch|node/i.test(n))`, `Error.prepareStackTrace = (e, s) => s; return typeof new Error().stack`, `return typeof Symbol.for('nodejs.util.inspect.custom').constructor('x')`,
  `const p = new Proxy(function(){}, { apply: (t, that, args) => typeof that, get: (t, k) => k === 'constructor' ? Function : t[k] }); return typeof p.constructor('return this')().process`,
]);

const imports = code('import', [
  `return await import('fs')`, `return await import('node:child_process')`, `return await import('std')`, `return await import('os')`, `return await import('/etc/passwd')`, `return await import('file:///etc/passwd')`, `return await import('data:text/javascript,export default 1')`, `return await import('https://example.com/x.js')`, `const m = 'fs'; return await import(m)`,
]);

const loops = code('endless loop', [
  `while (true) {}`, `for (;;) { JSON.stringify([1]) }`, `do {} while (1)`, `async function f() { while (1) await 0 } await f()`, `const f = async () => { await f() }; await f()`, `const t = () => Promise.resolve().then(t); await t()`, `for await (const x of (async function*() { while (1) yield 1 })()) {}`,
  `function* g() { while (1) yield 1 } for (const x of g()) {}`, `[...(function*() { while (1) yield 1 })()]`, `Array.from({ [Symbol.iterator]: () => ({ next: () => ({ done: false }) }) })`, `const p = new Proxy({}, { get: () => { while (1); } }); return p.x`, `return { toJSON() { while (1) {} } }`, `return { get a() { for (;;); } }`,
  `throw { get message() { while (1); } }`, `throw { toString() { while (1); } }`, `return { then() { while (1); } }`, `return { then(r) { this.then.call(this, r) } }`, `Array.prototype.toJSON = function () { while (1); }; return [1]`, `Object.prototype.toJSON = function () { while (1); }; return {}`, `Promise.prototype.then = function () { while (1); }; return 1`,
  `try { while (1) {} } catch { while (1) {} } finally { while (1) {} }`, `new Array(1e9).join('x')`, `[].concat(...Array.from({ length: 1e6 }, () => new Array(1e3)))`, `return 'a'.repeat(1e6).replace(/./g, () => 'b'.repeat(1e4))`, `let n = 2n; for (;;) n = n * n`, `return new Array(4294967295).fill(1)`, `return new Array(4294967295).sort()`,
], { slow: true, timeoutMs: 1_500 });

const regex = code('regular expression', [
  `return /^(a+)+$/.test('a'.repeat(40) + '!')`, `return /(x+x+)+y/.test('x'.repeat(60))`, `return new RegExp('(?:a{0,60000}){0,60000}').test('a')`, `return 'a'.repeat(5e4).match(/a*a*a*a*a*b/)`, `return '0'.repeat(60).replace(/^(([0-9])+.?)+x$/, '')`,
], { slow: true, timeoutMs: 1_500 });

const memory = code('memory', [
  `let a = []; while (true) a.push(new Array(1e5).fill(1))`, `let s = 'x'; while (true) s += s`, `return 'a'.repeat(2 ** 29)`, `return new ArrayBuffer(2 ** 31 - 1).byteLength`, `const m = new Map(); for (let i = 0; ; i++) m.set(i, { i })`, `let o = {}; for (let i = 0; ; i++) o['k' + i] = i`, `return new Uint8Array(3e9)`,
  `return Array.from({ length: 1e8 }, (_, i) => i)`, `const all = []; const f = async (n) => { all.push(f); await 0; return f(n + 1) }; return await f(0)`, `return JSON.stringify(Array.from({ length: 3e6 }, () => ({ a: 1 })))`, `let f = () => 1; for (;;) { const g = f; f = () => g }`, `let s = Symbol(); for (;;) s = Symbol('x'.repeat(1e6))`,
  `return Promise.all(Array.from({ length: 1e7 }, async () => new Array(100)))`, `const b = []; for (;;) b.push(new ArrayBuffer(1e7))`, `return structuredClone(1)`,
], { slow: true, timeoutMs: 2_500 });

const output = code('output', [
  `return 'x'.repeat(40 * 1024 * 1024)`, `return Array.from({ length: 5e6 }, (_, i) => 'item' + i)`, `return NaN`, `return { a: [1, Infinity] }`, `return () => 1`, `return { f() {} }`, `return Symbol('x')`, `return 10n`, `const a = {}; a.a = a; return a`, `let d = []; for (let i = 0; i < 1e5; i++) d = [d]; return d`, `return '\\ud800'`, `return '\\u0000'`,
  `return { ['__proto__']: { polluted: 1 } }`, `return JSON.parse('{"__proto__":{"polluted":1}}')`, `return undefined`, `return new Date(NaN)`, `return new Proxy([], {})`, `return new Map([[1, 2]])`, `return { toJSON: () => undefined }`, `JSON.stringify = () => 'not json'; return 1`, `return new String('x')`,
  `Object.defineProperty(globalThis, 'JSON', { value: null }); return 1`, `Array.prototype.push = null; Object.prototype.polluted = 1; return {}`, `Number.isFinite = () => true; return NaN`,
]);

const stack = code('stack', [
  `function f() { return f() + 1 } return f()`, `const f = () => f() + 1; return f()`, `class A { get x() { return this.x } } return new A().x`, `const p = new Proxy({}, { get: (t, k, r) => r[k] }); return p.a`, `const o = { toString() { return '' + this } }; return '' + o`, `return eval('('.repeat(5e4) + ')'.repeat(5e4))`, `return JSON.parse('['.repeat(1e6))`,
  `return new RegExp('('.repeat(1e5) + ')'.repeat(1e5)).test('a')`, `let f = (x) => x; for (let i = 0; i < 1e5; i++) { const g = f; f = (x) => g(x) } return f(1)`, `const a = []; a[0] = a; return a.flat(Infinity)`, `const a = []; a.push(a); return String(a)`, `return [1, 2].sort(function c(x, y) { return [1, 2].sort(c) })`,
], { timeoutMs: 2_500 });

const misuse = code('misuse', [
  `await new Promise(() => {})`, `return new Promise((_, no) => no('x'))`, `throw null`, `throw undefined`, `throw 'text'`, `throw { message: 1 }`, `throw new Proxy({}, { get() { throw new Error('again') } })`, `throw Object.assign(new Error('x'.repeat(1e6)), { stack: null })`, `Promise.reject(new Error('unseen')); return 1`, `ctx = null; return ctx`,
  `delete ctx.input; return ctx`, `return arguments`, `return this`, `return new.target`, `return super.x`, `}); while (1); (async () => {`, `return 1 } ; { return 2`, `<!-- comment\nreturn 1`, `"use strict"; return this === undefined`, `return typeof Atomics + typeof SharedArrayBuffer`, `with (ctx) { return input }`, `return (await (async () => { throw new Error('inner') })())`,
  `return Object.keys(globalThis)`, `const w = new WeakRef({}); return w.deref() ? 1 : 0`, `return performance.now()`, `new FinalizationRegistry(() => {}).register({}, 1); return 1`, `return new Intl.DateTimeFormat().format()`, `return navigator`, `debugger; return 1`, `label: for (;;) { break label } return 1`,
]);

const full = code('full time', [`while (true) {}`, `let a = []; while (true) a.push(new Array(1e5).fill(1))`], { slow: true });

export const codeCases: readonly HostileCase[] = [...absent, ...escapes, ...imports, ...loops, ...regex, ...memory, ...output, ...stack, ...misuse, ...full];
