/** The stranger's proof: a finished hub, over HTTP only, given definitions derived sentence by sentence from the definition format. */
import { randomUUID } from 'node:crypto';
import { apiCases, type ScriptedCase } from './acceptance/api.ts';
import { listCases, rowCases } from './acceptance/api-runs.ts';
import { moreApiCases } from './acceptance/api-more.ts';
import type { RefusedCase, RunCase, ShapeCase } from './acceptance/cases.ts';
import { criticGraphCases } from './acceptance/critic-graphs.ts';
import { criticRefusedCases, criticValueCases } from './acceptance/critic-values.ts';
import { criticWaitCases } from './acceptance/critic-waits.ts';
import { expressionCases } from './acceptance/expressions.ts';
import { startFarEnd } from './acceptance/far-end.ts';
import { refusedCases, shapeCases } from './acceptance/faults.ts';
import { furtherCases } from './acceptance/further.ts';
import { nestedCases } from './acceptance/further-loops.ts';
import { hookCases, hookRefusedCases, hookRunCases } from './acceptance/hooks.ts';
import { guestApiCases } from './acceptance/guest-api.ts';
import { guestDoorCases } from './acceptance/guest-doors.ts';
import { guestRefusedCases } from './acceptance/guest-refused.ts';
import { guestRunCases } from './acceptance/guest-values.ts';
import { kindCases } from './acceptance/kinds.ts';
import { loopCases } from './acceptance/loops.ts';
import { meaningCases } from './acceptance/meaning.ts';
import { operatorCases } from './acceptance/operators.ts';
import { queueCases } from './acceptance/queue.ts';
import { retryCases } from './acceptance/retry.ts';
import { stepCacheCases } from './acceptance/step-cache.ts';
import { judgeRefused, judgeRun, judgeShape, rawHub, want, type Hub } from './acceptance/run.ts';
import { reviewCases, reviewRefusedCases } from './acceptance/review.ts';
import { strangerApiCases } from './acceptance/stranger-api.ts';
import { strangerMeaningCases } from './acceptance/stranger-meaning.ts';
import { strangerRefusedCases } from './acceptance/stranger-refused.ts';
import { strangerValueCases } from './acceptance/stranger-values.ts';
import { unseenRunCases } from './acceptance/unseen.ts';
import { unseenRefusedCases } from './acceptance/unseen-refused.ts';
import { unseenApiCases } from './acceptance/unseen-api.ts';
import { stub as farEndStub } from './acceptance/stranger-kit.ts';
import { visitorJoinCases } from './acceptance/visitor-joins.ts';
import { visitorLoopCases } from './acceptance/visitor-loops.ts';
import { visitorPeopleCases } from './acceptance/visitor-people.ts';
import { visitorRunCases } from './acceptance/visitor-runs.ts';
import { visitorValueCases } from './acceptance/visitor-values.ts';
import { waitCases, waitRefusedCases, waitRunCases } from './acceptance/waits.ts';
import { inParallel } from './lib/hub.ts';
import type { Measured } from './lib/proof.ts';
import { startStack } from './lib/stack.ts';
import { testRunCases } from './acceptance/test-runs.ts';
import { doorCases } from './acceptance/doors.ts';
import { togetherCases } from './acceptance/together.ts';
import { triggerCases } from './acceptance/triggers.ts';

type AnyCase = RunCase | RefusedCase | ShapeCase | ScriptedCase;
/** Small, so that the machine may have other work. */
const width = 4;

/** Runs all cases, or those whose name holds the text of `--only=`, against a throw-away hub. */
export async function run(log: (line: string) => void, args: string[] = []): Promise<Measured> {
  const farEnd = await startFarEnd();
  const stack = await startStack({ env: { HUB_OUTBOUND_ALLOW: farEnd.hostPort, HUB_RATE_PER_MINUTE: '1000000' } });
  try {
    const hub = rawHub(stack.url, stack.apiKey);
    await want(hub, 200, 'PUT', '/variables/acceptance', { value: 'of the team' });
    const only = args.find((arg) => arg.startsWith('--only='))?.slice('--only='.length);
    const cases = allCases(farEnd.url).filter(({ name }) => only === undefined || name.includes(only));
    log(`${cases.length} cases`);
    const results = await inParallel(cases.length, width, async (at) => judged(hub, farEnd.url, cases[at] as AnyCase, log));
    const good = results.filter(Boolean).length;
    return { figure: `${good} of ${cases.length}`, want: 'all', ok: good === cases.length };
  } finally {
    await stack.close();
    await farEnd.close();
  }
}

function allCases(stub: string): AnyCase[] {
  const runs = [
    ...expressionCases,
    ...operatorCases,
    ...kindCases(stub),
    ...meaningCases(stub),
    ...loopCases(stub),
    ...nestedCases,
    ...furtherCases(stub),
    ...hookRunCases,
    ...unseenRunCases,
    ...strangerMeaningCases(stub),
    ...strangerValueCases,
    ...criticGraphCases(stub),
    ...criticValueCases,
    ...(JSON.parse(JSON.stringify([...visitorJoinCases, ...visitorLoopCases, ...visitorValueCases]).replaceAll(farEndStub, stub)) as RunCase[]),
    ...guestRunCases,
    ...waitRunCases.map((one) => ({ ...one, name: `waits: ${one.name}` })),
  ];
  return [
    ...togetherCases,
    ...doorCases,
    ...triggerCases,
    ...hookCases,
    ...hookRefusedCases,
    ...waitCases,
    ...waitRefusedCases,
    ...testRunCases,
    ...retryCases,
    ...stepCacheCases,
    ...refusedCases,
    ...shapeCases,
    ...runs,
    ...apiCases,
    ...rowCases,
    ...listCases,
    ...moreApiCases,
    ...queueCases,
    ...unseenRefusedCases,
    ...unseenApiCases,
    ...strangerRefusedCases,
    ...strangerApiCases,
    ...criticRefusedCases,
    ...criticWaitCases,
    ...visitorPeopleCases,
    ...visitorRunCases,
    ...guestApiCases,
    ...guestDoorCases,
    ...guestRefusedCases,
    ...reviewCases,
    ...reviewRefusedCases,
  ];
}

async function judged(hub: Hub, stub: string, one: AnyCase, log: (line: string) => void): Promise<boolean> {
  const wrong = await judge(hub, stub, one).catch((failure: unknown) => [failure instanceof Error ? failure.message : String(failure)]);
  for (const line of wrong) log(`${one.name}: ${line}`);
  return wrong.length === 0;
}

async function judge(hub: Hub, stub: string, one: AnyCase): Promise<string[]> {
  if ('expect' in one) return judgeRun(hub, one);
  if ('refused' in one) return judgeRefused(hub, one);
  // A far end of its own, so that its counts are this case's.
  if ('run' in one) return one.run(hub, `${stub}/${randomUUID()}`);
  return judgeShape(hub, one);
}
