/** What a proof or a bench is: it starts what it needs, measures, and says its figure against what is wanted. */
import { endKept, onStop } from './kept.ts';

export interface Measured {
  figure: string;
  want: string;
  ok: boolean;
}

export interface Proof {
  /** Called as `npm run proof -- <name>`. */
  name: string;
  /** One line for `--list`. */
  about: string;
  /** Words behind its name are its own: `live airtable`. It then runs alone. */
  takesWords?: boolean;
  /** Loads only what this proof needs. */
  load: () => Promise<{ run: (log: (line: string) => void, args: string[]) => Promise<Measured | Measured[]> }>;
}

/** After the last figure. */
const leavingMs = 10_000;

/** The last line(s) of every proof: `name: figure (want ...) ok|short`. */
export function closingLine(name: string, measured: Measured): string {
  return `${name}: ${measured.figure} (want ${measured.want}) ${measured.ok ? 'ok' : 'short'}`;
}

/** Runs the named proofs one after another; exit code 1 where one is short or breaks. */
export async function runProofs(kind: string, proofs: Proof[], args: string[]): Promise<number> {
  if (args.includes('--list') || args.length === 0) {
    for (const proof of proofs) console.log(`${proof.name.padEnd(20)} ${proof.about}`);
    if (args.length === 0) console.log(`\nnpm run ${kind} -- <name> [...]   or --all`);
    return 0;
  }
  const alone = proofs.find((proof) => proof.takesWords === true && proof.name === args[0]);
  const chosen = alone !== undefined ? [alone] : args.includes('--all') ? proofs : proofs.filter((proof) => args.includes(proof.name));
  const unknown = alone !== undefined ? [] : args.filter((arg) => !arg.startsWith('--') && !proofs.some((proof) => proof.name === arg));
  if (unknown.length > 0) {
    console.error(`There is no ${kind} named ${unknown.join(', ')}. \`npm run ${kind} -- --list\` names them all.`);
    return 2;
  }
  const options = alone !== undefined ? args.slice(1) : args.filter((arg) => arg.startsWith('--') && arg !== '--all');
  const lines: string[] = [];
  let short = 0;
  for (const proof of chosen) {
    const began = Date.now();
    const seconds = (): string => `${((Date.now() - began) / 1000).toFixed(1)} s`;
    let last = 'it began';
    const log = (line: string): void => {
      last = line;
      console.log(`  ${seconds().padStart(8)}  ${line}`);
    };
    // A time limit must not leave a proof without a word of how far it came.
    onStop(() => [...lines, closingLine(proof.name, { figure: `stopped after ${seconds()}, when ${last}`, want: 'a figure', ok: false })].join('\n'));
    try {
      const { run } = await proof.load();
      const measured = [await run(log, options)].flat();
      lines.push(...measured.map((one) => closingLine(proof.name, one)));
      short += measured.filter((one) => !one.ok).length;
    } catch (failure) {
      console.error(failure);
      lines.push(
        closingLine(proof.name, { figure: `broke: ${failure instanceof Error ? failure.message : String(failure)}`, want: 'a figure', ok: false }),
      );
      short += 1;
    } finally {
      await endKept();
    }
    if (chosen.length > 1) console.log(lines.at(-1));
  }
  console.log(`\n${lines.join('\n')}`);
  // One that broke while it started may have left a far end open, which would keep this process.
  setTimeout(() => process.exit(), leavingMs).unref();
  return short === 0 ? 0 : 1;
}
