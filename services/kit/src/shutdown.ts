/** Orderly end of a process: on SIGTERM, SIGINT or SIGHUP run the steps in the order given, then exit 0; too slow or failing: exit 1. */

export interface ShutdownStep {
  name: string;
  run: () => Promise<void> | void;
}

export interface ShutdownOptions {
  /** Time for all steps together. */
  timeoutMs: number;
  log: { info: (facts: object, message: string) => void; error: (facts: object, message: string) => void };
  steps: ShutdownStep[];
  /** For tests. */
  exit?: (code: number) => void;
  on?: (signal: string, listener: () => void) => void;
}

/** Installs the handlers. The answer begins the end by hand (with a reason); a second call joins the first. */
export function onShutdown(options: ShutdownOptions): (reason: string) => Promise<void> {
  const exit = options.exit ?? ((code) => process.exit(code));
  let ending: Promise<void> | null = null;
  const end = (reason: string): Promise<void> => {
    ending ??= runSteps(options, reason).then(exit);
    return ending;
  };
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) {
    const on = options.on ?? ((name, listener) => process.on(name, listener));
    on(signal, () => void end(signal));
  }
  return end;
}

async function runSteps(options: ShutdownOptions, reason: string): Promise<number> {
  const deadline = AbortSignal.timeout(options.timeoutMs);
  const late = new Promise<'late'>((resolve) => deadline.addEventListener('abort', () => resolve('late'), { once: true }));
  let code = 0;
  options.log.info({ reason }, 'stopping');
  for (const step of options.steps) {
    try {
      const done = await Promise.race([Promise.resolve(step.run()).then(() => 'done' as const), late]);
      if (done === 'late') {
        options.log.error({ step: step.name, timeoutMs: options.timeoutMs }, 'stopping took too long');
        return 1;
      }
    } catch (error) {
      code = 1;
      options.log.error({ step: step.name, err: error }, 'a step of stopping failed');
    }
  }
  options.log.info({ code }, 'stopped');
  return code;
}
