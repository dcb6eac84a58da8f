/**
 * Reads one document a stranger made, in a process of its own: no network, no environment, no files but this package's code, capped memory.
 * In: `<kind>` as argument, the file on stdin. Out: JSON on stdout, `{ ok, value }` or `{ ok: false, message }`.
 */
import { readers } from './readers.mjs';

const chunks = [];
for await (const chunk of process.stdin) chunks.push(chunk);
const reader = readers[process.argv[2] ?? ''];
let answer;
try {
  answer = { ok: true, value: await reader(Buffer.concat(chunks)) };
} catch (error) {
  answer = { ok: false, message: error instanceof Error ? error.message.slice(0, 300) : 'it cannot be read' };
}
process.stdout.write(JSON.stringify(answer), () => process.exit(0));
