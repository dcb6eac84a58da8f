// `node scripts/oracle/count.ts 10000 [first seed]`: generates and interprets that many graphs and prints how often each rule of 03 was met.
import { generate } from './generate.ts';
import { interpret } from './oracle.ts';
import { interpretRetry } from './retry.ts';
import { RuleCounter, rules } from './rules.ts';

const wanted = 300;
const graphs = Number(process.argv[2] ?? 10_000);
const firstSeed = Number(process.argv[3] ?? 1);
const counter = new RuleCounter();
const ends = new Map<string, number>();
const startedAt = performance.now();
let nodes = 0;
let starts = 0;

for (let seed = firstSeed; seed < firstSeed + graphs; seed += 1) {
  const { definition, script, options, retry } = generate(seed);
  const result = interpret(definition, script, options);
  const again = retry === undefined ? undefined : interpretRetry(definition, result, options, retry);
  counter.add(new Set([...result.met, ...(again?.met ?? [])]));
  ends.set(result.status, (ends.get(result.status) ?? 0) + 1);
  nodes += definition.nodes.length;
  starts += result.starts.length;
}

for (const [id, count] of counter.counts) console.log(`${String(count).padStart(7)}  ${id.padEnd(32)} ${rules[id]}`);
const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
const short = counter.short((wanted * graphs) / 10_000);
console.log(
  `${graphs} graphs from seed ${firstSeed}, ${nodes} nodes, ${starts} starts in ${seconds} s; ${[...ends].map(([end, count]) => `${end} ${count}`).join(', ')}`,
);
const least = Math.min(...counter.counts.values());
const verdict = short.length === 0 ? 'ok' : `short: ${short.map(([id, count]) => `${id} ${count}`).join(', ')}`;
console.log(`oracle-rules: ${counter.counts.size} rules, least met ${least} times (want >= ${wanted} per 10,000) ${verdict}`);
process.exitCode = short.length === 0 ? 0 : 1;
