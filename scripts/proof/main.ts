/**
 * `npm run proof -- <name>`: the long proofs. Adding one = a file here and a line in this list. With `--temporal=server` those that start a hub run it on
 * Temporal's server 1.32 with PostgreSQL instead of the CLI's dev server.
 */
import { runProofs, type Proof } from './lib/proof.ts';

const proofs: Proof[] = [
  {
    name: 'planner-oracle',
    about: 'the planner against an oracle written from 03 alone: 10,000 random graphs',
    load: () => import('./planner-oracle.ts'),
  },
  { name: 'replay', about: 'recorded histories replay; a planted change of command order turns it red', load: () => import('./replay.ts') },
  {
    name: 'replay-live',
    about: 'every case of that corpus run here and now: the histories that this server wrote replay (most telling with --temporal=server)',
    load: () => import('./replay-live.ts'),
  },
  {
    name: 'isolation',
    about: 'F11: two teams, 200 runs each, interleaved in one worker: no value of another (--runs=n)',
    load: () => import('./isolation.ts'),
  },
  {
    name: 'rolling-upgrade',
    about: 'workers of the next release come and those of this one go, under load: no run lost, no effect twice, no pause',
    load: () => import('./rolling-upgrade.ts'),
  },
  {
    name: 'engine-upgrade',
    about: 'runs of every kind of wait go on after two releases that change the engine, a new codec key, a killed server, a newer version',
    load: () => import('./engine-upgrade.ts'),
  },
  {
    name: 'acceptance',
    about: 'a stranger with definitions derived sentence by sentence from the format, over HTTP only',
    load: () => import('./acceptance.ts'),
  },
  {
    name: 'hostile-input',
    about: 'every route under hostile path, query, field, body and header values as a member sends them: 0 of 5xx, no words of the inside',
    load: () => import('./hostile-input.ts'),
  },
  {
    name: 'durability',
    about:
      '100 runs of 20 s and more under 30 and more kill -9 of the worker (--f2: F2, 500 runs x 10 steps, 60 kills, unknown outcomes; --runs=n --kills=n)',
    load: () => import('./durability.ts'),
  },
  {
    name: 'durability-quick',
    about: 'short reads tried as local activities under kill -9 of the worker',
    load: () => import('./durability-quick.ts'),
  },
  {
    name: 'unknown-outcome',
    about:
      'calls whose effect nobody can tell, by reset, hang, error and kill -9: each goes to a person with the evidence, none is repeated (--each=n)',
    load: () => import('./unknown-outcome.ts'),
  },
  {
    name: 'durability-items',
    about: 'items of loops that share an activity under kill -9: none lost, none repeated silently (--runs=n --kills=n --items=n)',
    load: () => import('./durability-items.ts'),
  },
  {
    name: 'signals',
    about: '10,000 signals and answers to runs that continue as new, under kill -9 of the worker: each applied once (F7; --count=n)',
    load: () => import('./signals.ts'),
  },
  {
    name: 'reconciler',
    about: 'runs terminated, deleted, timed out and orphaned behind the hub’s back: each repaired within 60 s; 0 rows disagree (F21; --each=n)',
    load: () => import('./reconciler.ts'),
  },
  {
    name: 'rebuild',
    about: 'rows of 150 runs of every kind taken away and falsified, then rebuilt from Temporal’s history: as they were (--runs=n)',
    load: () => import('./rebuild.ts'),
  },
  {
    name: 'time-travel',
    about: '100 random runs of every kind: at every event the API equals a naive fold of the log (--runs=n, --seed=n)',
    load: () => import('./time-travel.ts'),
  },
  {
    name: 'triggers-under-kills',
    about: '2,000 triggers by API, webhook and schedule under kill -9 of the API: each answered one has one run (F1; --count=n)',
    load: () => import('./triggers-under-kills.ts'),
  },
  {
    name: 'temporal-kills',
    about: 'F3: 300 runs while the Temporal server is killed with -9 and restarted 20 times (--runs=n --kills=n)',
    load: () => import('./temporal-kills.ts'),
  },
  {
    name: 'postgres-kills',
    about: 'F4: 300 runs while PostgreSQL is stopped with SIGQUIT and restarted 20 times (--runs=n --kills=n)',
    load: () => import('./postgres-kills.ts'),
  },
  {
    name: 'cancel',
    about:
      'F9: 200 runs of every kind cancelled: over within 10 s, nothing later; compensations in reverse, none twice, under kill -9 (--runs=n --undo=n --kills=n)',
    load: () => import('./cancel.ts'),
  },
  {
    name: 'codec',
    about: 'payloads of Temporal are sealed: no canary in raw histories, key rotation under parked runs, a missing key is named',
    load: () => import('./codec.ts'),
  },
  {
    name: 'network-faults',
    about: 'F5: six faults of a line on each line of the hub, 50 runs each (--runs=n --link=name --toxic=name; needs Go the first time)',
    load: () => import('./network-faults.ts'),
  },
  {
    name: 'sizes',
    about: 'F13: a loop over 10,000 items, values of 31 KB to 20 MB: histories stay small, values byte for byte (--items=n)',
    load: () => import('./sizes.ts'),
  },
  {
    name: 'soak',
    about: 'F14: runs of many kinds for 20 min and more: memory, open files and caches of worker and API stay flat (--minutes=n; Linux only)',
    load: () => import('./soak.ts'),
  },
  { name: 'slots', about: 'the slot protocol: 5,000 random starts, ends, cancels and kills by 8 clients', load: () => import('./slots.ts') },
  {
    name: 'trigger-life-cycle',
    about: '200 random publishes, rollbacks, pauses, archivings under kills of the dispatcher, against Temporal’s own list',
    load: () => import('./trigger-life-cycle.ts'),
  },
  {
    name: 'workflow-list',
    about: 'the workflow list at 1,000 workflows and 100,000 runs: every order and filter, none reads all runs',
    load: () => import('./workflow-list.ts'),
  },
  { name: 'queue', about: '10,000 random starts, ends, cancels and kills: 0 queued with a free slot', load: () => import('./queue.ts') },
  { name: 'schedules', about: 'F18: schedules while the worker is away: fires = policy exactly', load: () => import('./schedules.ts') },
  { name: 'fairness', about: 'F15: one team’s long queue does not delay another team', load: () => import('./fairness.ts') },
  {
    name: 'connectors',
    about: 'the contract of every connector: actions x cases, against strict stand-ins and real databases (--only=slack)',
    load: () => import('./connectors.ts'),
  },
  { name: 'mysql', about: 'the MySQL connector on a real MySQL or MariaDB: actions x faults', load: () => import('./mysql.ts') },
  {
    name: 'live',
    about: 'a connector’s contract on its real vendor: live <connector>; says which variables are missing',
    takesWords: true,
    load: () => import('./live.ts'),
  },
  {
    name: 'third-party-faults',
    about: 'F6: 16 ways in which a third party is broken: ends, calls and memory (--rounds=n)',
    load: () => import('./third-party-faults.ts'),
  },
  { name: 'rls', about: 'row level security on every tenant table (S2)', load: () => import('./rls.ts') },
  { name: 'authz', about: 'route x role -> allowed, and every id from another team (S1)', load: () => import('./authz.ts') },
  { name: 'bad-input', about: 'malformed definitions, files, bodies and tokens: each a clear 4xx', load: () => import('./bad-input.ts') },
  { name: 'expressions', about: 'hostile expressions and code are contained (S4)', load: () => import('./expressions.ts') },
  { name: 'csrf', about: 'unsafe routes and the WebSocket from foreign origins (S10)', load: () => import('./csrf.ts') },
  { name: 'xss', about: '120 hostile texts in every field of every page, in a real browser (S8)', load: () => import('./xss.ts') },
  {
    name: 'every-button',
    about: 'every route at two widths and two themes on the seeded hub: every link and control, by mouse and by keys (--only=390, --route=/runs)',
    load: () => import('./every-button.ts'),
  },
  {
    name: 'webhook-forgeries',
    about: '16 kinds of forged webhooks x 4 providers, and 40 genuine ones (S6)',
    load: () => import('./webhook-forgeries.ts'),
  },
  {
    name: 'canaries',
    about:
      'S5: secrets of every kind used by every kind of step, well and badly, at far ends that echo them: none is found in anything kept, written or said',
    load: () => import('./canaries.ts'),
  },
  {
    name: 'hostile-files',
    about: 'S9: 150 hostile CSV, JSON, Excel, Word and renamed files uploaded and read: clear ends, no crash, no 5xx, neutral exports',
    load: () => import('./hostile-files.ts'),
  },
  { name: 'vault', about: 'key rotation during 10,000 decrypts, moved and changed seals (S11)', load: () => import('./vault.ts') },
  { name: 'ssrf', about: 'hostile hosts over six outbound surfaces (S3)', load: () => import('./ssrf.ts') },
  { name: 'oauth', about: 'forged consents and races (S13); one refresher of 100, and killed in the middle (F8)', load: () => import('./oauth.ts') },
  { name: 'floods', about: 'brute force on sign-in, sign-up and reset (S14)', load: () => import('./floods.ts') },
  {
    name: 'start',
    about: 'a fresh clone, a second clone and a second start, to the printed result (--compile: without a Temporal binary)',
    load: () => import('./start.ts'),
  },
  { name: 'idle', about: 'processor time and memory of a hub that nobody uses', load: () => import('./idle.ts') },
];

process.exitCode = await runProofs('proof', proofs, process.argv.slice(2));
