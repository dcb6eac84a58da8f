/** `npm run bench -- <name>`: figures of speed, each beside its named peer or limit in one run (09). */
import { runProofs, type Proof } from '../proof/lib/proof.ts';

const benches: Proof[] = [
  { name: 'p1', about: '10 light steps over HTTP, beside hand-written Temporal workflows: runs/s and idle latency', load: () => import('./p1.ts') },
  { name: 'p2', about: '10 HTTP calls one after another, beside the hand-written workflow', load: () => import('./p2.ts') },
  { name: 'p3', about: '10 branches of a 1 s call', load: () => import('./p3.ts') },
  { name: 'p4', about: 'forEach over 1,000 calls of 100 ms, 50 at a time', load: () => import('./p4.ts') },
  { name: 'p5', about: 'a loop over 100,000 rows through a transform: time, memory, history', load: () => import('./p5.ts') },
  {
    name: 'p5-calls',
    about: 'forEach over 100,000 calls, 50 at a time: time, memory, history (--items=n)',
    load: () => import('./p5-calls.ts'),
  },
  {
    name: 'p6',
    about: '1,000 runs waiting on a signal, 10,000 queued behind a limit: memory, order, no slot left free',
    load: () => import('./p6.ts'),
  },
  { name: 'p7', about: 'schedules with one nominal second: how late their runs are', load: () => import('./p7.ts') },
  { name: 'p9', about: 'the builder with 300 steps in a real browser: paint, drag, type, save', load: () => import('./p9.ts') },
  { name: 'csv', about: 'a CSV file of 500 MB, streamed by steps: rows/s and memory (--mb=n)', load: () => import('./csv.ts') },
  { name: 'p10', about: "commit of a step's state to the DOM, 200 viewers of one run", load: () => import('./p10.ts') },
];

process.exitCode = await runProofs('bench', benches, process.argv.slice(2));
