/** The other end of kept.ts: is told processes and folders, line by line; when its stdin closes, it ends and removes them. It has no other way to end. */
import { rmSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { stopProcess } from '../../bootstrap/process-table.mjs';
import type { KeptProcess } from './kept.ts';

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);

const processes: KeptProcess[] = [];
const folders: string[] = [];
for await (const line of createInterface({ input: process.stdin })) {
  const told = JSON.parse(line) as KeptProcess | { folder: string };
  if ('folder' in told) folders.push(told.folder);
  else processes.push(told);
}
await Promise.all(processes.map((one) => stopProcess(one, one)));
for (const folder of folders) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
