/** The builder's page. The server reads the draft and its pins and draws the frame; the canvas comes in the browser. */
import type { Definition } from '@hub/dag';
import { lazy, Suspense, useEffect, useState } from 'react';
import { isRouteErrorResponse, type ShouldRevalidateFunctionArgs } from 'react-router';
import type { Route } from './+types/edit.ts';
import { tidy } from '../../builder/model/layout.ts';
import { savedPlace } from '../../builder/model/size.ts';
import { read, tryRead } from '../../api/hub.server.ts';
import { readDefinition } from '../../run/definition.ts';
import { OutlineOf } from '../../run/graph-outline.tsx';
import { layGraph } from '../../run/graph-layout.server.ts';
import { nodeViews } from '../../run/model.ts';
import { ErrorPage } from '../../shell/error-page.tsx';
import { TopBar } from '../../shell/top-bar.tsx';
import { useMe } from '../../shell/use-me.ts';
import { useInBrowser } from '../../ui/in-browser.ts';
import type { Json } from '../../ui/json-path.ts';

const Builder = lazy(async () => ({ default: (await import('../../builder/builder.tsx')).Builder }));
const phoneBelow = 768;

export async function loader({ request, context, params }: Route.LoaderArgs) {
  return read({ request, context }, async (client) => {
    const [workflow, pins] = await Promise.all([
      client.getWorkflow({ params: { id: params.workflowId } }),
      tryRead(client.getPins({ params: { id: params.workflowId } })),
    ]);
    const { definition, ...light } = workflow;
    const view = readDefinition(definition);
    const boxes = layGraph(view);
    // Places for nodes that nobody placed: laid out here, so that the browser needs no layout code to open.
    const draft = definition as unknown as Definition;
    const fallback = draft.nodes.every(({ id }) => savedPlace(draft, id) !== null) ? {} : tidy(draft);
    return {
      workflow: light,
      definition: draft,
      fallback,
      pins: (pins.value ?? {}) as Record<string, Json>,
      outline: { nodes: nodeViews(view, [], 'queued'), edges: view.edges, boxes },
    };
  });
}

export const meta: Route.MetaFunction = ({ loaderData }) => [{ title: loaderData ? `Edit ${loaderData.workflow.name}` : 'Edit' }];

/** The draft lives in the browser once it is open: a changed `?run=` reads nothing again. */
export function shouldRevalidate({ currentParams, nextParams }: ShouldRevalidateFunctionArgs): boolean {
  return currentParams['workflowId'] !== nextParams['workflowId'];
}

function usePhone(): boolean {
  const [phone, setPhone] = useState(() => typeof window !== 'undefined' && window.innerWidth < phoneBelow);
  useEffect(() => {
    const look = (): void => setPhone(window.innerWidth < phoneBelow);
    window.addEventListener('resize', look);
    return () => window.removeEventListener('resize', look);
  }, []);
  return phone;
}

function Frame({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <>
      <TopBar crumbs={[{ label: 'Workflows', to: '/workflows' }, { label: name }]} />
      <div className="relative min-h-0 flex-1 bg-sunk">{children}</div>
    </>
  );
}

export default function Edit({ loaderData }: Route.ComponentProps) {
  const { workflow, definition, fallback, pins, outline } = loaderData;
  const { me, may } = useMe();
  const inBrowser = useInBrowser();
  const phone = usePhone();
  const mine = (permission: string): boolean => workflow.permissions?.includes(permission) ?? may(permission);
  const frame = (
    <Frame name={workflow.name}>
      <OutlineOf {...outline} />
    </Frame>
  );
  return (
    <div className="flex h-dvh min-h-0 flex-col max-wide:h-[calc(100dvh-56px)]">
      {inBrowser ? (
        <Suspense fallback={frame}>
          <Builder
            key={workflow.id}
            workflow={workflow}
            definition={definition}
            fallback={fallback}
            pins={pins}
            csrfToken={me.csrfToken ?? ''}
            may={{ write: mine('workflow.write'), publish: mine('workflow.publish'), run: mine('run.start') }}
            phone={phone}
          />
        </Suspense>
      ) : (
        frame
      )}
    </div>
  );
}

export function ErrorBoundary({ error }: Route.ErrorBoundaryProps) {
  const gone = isRouteErrorResponse(error) && error.status === 404;
  return (
    <>
      <TopBar crumbs={[{ label: 'Workflows', to: '/workflows' }, { label: gone ? 'Not found' : 'Edit' }]} />
      <ErrorPage error={error} />
    </>
  );
}
