/** Tab: what the run gave, name by name, and what it was given. */
import { useOutletContext } from 'react-router';
import type { Route } from './+types/output.ts';
import { read } from '../../api/hub.server.ts';
import type { RunData } from '../../run/load.server.ts';
import { showValue } from '../../run/step.server.ts';
import { ValueView } from '../../ui/code-view.tsx';
import { formatBytes } from '../../ui/format.ts';
import { Empty } from '../../ui/page-states.tsx';

export async function loader({ request, context, params }: Route.LoaderArgs) {
  return read({ request, context }, async (client) => {
    const run = await client.getRun({ params: { id: params.runId } });
    const href = `/api/v1/runs/${run.id}/output`;
    const output = typeof run.output === 'object' && run.output !== null && !Array.isArray(run.output) ? run.output : {};
    return {
      href,
      bytes: run.outputRef?.bytes ?? null,
      outputs: Object.entries(output).map(([name, value]) => ({ name, ...showValue(value, href) })),
      input: showValue(run.input, href),
    };
  });
}

export default function OutputTab({ loaderData }: Route.ComponentProps) {
  const { settled } = useOutletContext<RunData>();
  const { outputs, input, href, bytes } = loaderData;
  return (
    <div className="flex max-w-[1080px] flex-col gap-32 px-16 py-16 wide:px-24 wide:py-24">
      {outputs.map(({ name, value, left }) => (
        <section key={name} className="flex flex-col gap-8">
          <h2 className="text-15 font-semibold">{name}</h2>
          <ValueView label={`Output ${name}`} value={value} left={left} />
        </section>
      ))}
      {bytes !== null && (
        <p>
          The output is {formatBytes(bytes)}, too much for a page.{' '}
          <a className="text-link hover:underline" href={href}>
            Download it
          </a>
        </p>
      )}
      {outputs.length === 0 && bytes === null && (
        <div className="-mx-16 wide:-mx-24">
          <Empty title={settled ? 'No output' : 'No output yet'}>
            {settled ? 'No output step of this run was reached.' : 'Each output step adds its value here when it completes.'}
          </Empty>
        </div>
      )}
      <section className="flex flex-col gap-8">
        <h2 className="text-15 font-semibold">Input of the run</h2>
        <ValueView label="Input of the run" value={input.value} left={input.left} />
      </section>
    </div>
  );
}

/** The head and the tabs stay. */
export { ErrorPage as ErrorBoundary } from '../../shell/error-page.tsx';
