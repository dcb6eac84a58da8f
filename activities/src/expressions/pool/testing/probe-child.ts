/** Tries, as a child of the pool, what nothing in there may do; says for each whether it was refused. */
const tries: Record<string, () => unknown> = {
  'read /etc/passwd': async () => (await import('node:fs')).readFileSync('/etc/passwd'),
  'read the repository': async () => (await import('node:fs')).readFileSync(new URL('../../../../../../package.json', import.meta.url)),
  'list a folder': async () => (await import('node:fs')).readdirSync('/'),
  'write a file': async () => (await import('node:fs')).writeFileSync('/tmp/hub-probe', 'x'),
  'write beside itself': async () => (await import('node:fs')).writeFileSync(new URL('x.txt', import.meta.url), 'x'),
  'start a process': async () => (await import('node:child_process')).execSync('id'),
  'start a thread': async () => new (await import('node:worker_threads')).Worker('1', { eval: true }),
  'load an add-on': () => process.dlopen({ exports: {} }, '/tmp/x.node'),
  'bind internals': () => (process as unknown as { binding: (name: string) => unknown }).binding('fs'),
  'signal another process': () => process.kill(process.ppid, 0),
  'net by import': async () => (await import('node:net')).connect(1, '127.0.0.1'),
  'http by import': async () => (await import('node:http')).get('http://127.0.0.1:1'),
  'dns by import': async () => (await import('node:dns')).lookup('localhost', () => undefined),
  'dgram by import': async () => (await import('node:dgram')).createSocket('udp4'),
  'net by require': async () =>
    (await import('node:module'))
      .createRequire(import.meta.url)('net')
      .connect(1, '127.0.0.1'),
  'net by getBuiltinModule': () => process.getBuiltinModule('net').connect(1, '127.0.0.1'),
  'child_process by getBuiltinModule': () => process.getBuiltinModule('child_process').execSync('id'),
  'tls by getBuiltinModule': () => process.getBuiltinModule('tls').connect(1, '127.0.0.1'),
  fetch: async () => await (globalThis as unknown as { fetch: (url: string) => Promise<unknown> }).fetch('http://127.0.0.1:1'),
  WebSocket: () => new (globalThis as unknown as { WebSocket: new (url: string) => unknown }).WebSocket('ws://127.0.0.1:1'),
  'code from a string': () => Reflect.apply(Reflect.get(globalThis, 'eval') as () => unknown, null, ['1']),
  'a function from a string': () => Reflect.construct(Function, ['return 1']) as unknown,
  vm: async () => (await import('node:vm')).runInThisContext('1'),
  'the inspector': async () => (await import('node:inspector')).open(0),
  'the environment': () => {
    if (Object.keys(process.env).length === 0) throw new Error('empty');
    return process.env;
  },
  'what all objects have': () => Object.assign(Object.prototype, { polluted: 1 }),
  'the accessor __proto__': () => {
    if (Object.getOwnPropertyDescriptor(Object.prototype, '__proto__') === undefined) throw new Error('gone');
    return 1;
  },
};

const said: Record<string, string> = {};
for (const [name, attempt] of Object.entries(tries)) {
  try {
    await attempt();
    said[name] = 'DONE';
  } catch (error) {
    said[name] = `refused: ${error instanceof Error ? error.message : String(error)}`;
  }
}
process.stdout.write(JSON.stringify(said));
export {};
