/** The builder's page. The server reads the draft and its pins and draws bar and cards as a still picture; the canvas takes its place in the browser. Its scripts are named in the page's head, so that they load beside it. */
import type { Definition } from '@hub/dag';
import { useEffect, useState } from 'react';
import { isRouteErrorResponse, type ShouldRevalidateFunctionArgs } from 'react-router';
import type { Route } from './+types/edit.ts';
import { Builder } from '../../builder/builder.tsx';
import { Picture } from '../../builder/canvas/picture.tsx';
import { phoneCanvas, type Size, usualCanvas } from '../../builder/model/first-view.ts';
import { dockIsOpen, foldedDock, keptHeight } from '../../builder/panels/dock-size.ts';
import { tidy } from '../../builder/model/layout.ts';
import { savedPlace } from '../../builder/model/size.ts';
import { read, tryRead } from '../../api/hub.server.ts';
import { canvasOf, remember } from '../../api/prefs.ts';
import { ErrorPage } from '../../shell/error-page.tsx';
import { TopBar } from '../../shell/top-bar.tsx';
import { useMe } from '../../shell/use-me.ts';
import { useInBrowser } from '../../ui/in-browser.ts';
import type { Json } from '../../ui/json-path.ts';

const phoneBelow = 768;
/** No canvas beside a rail is as narrow. */
const narrowCanvas = 500;
const barHeight = 48;

export async function loader({ request, context, params }: Route.LoaderArgs) {
  return read({ request, context }, async (client) => {
    const [workflow, pins] = await Promise.all([
      client.getWorkflow({ params: { id: params.workflowId } }),
      tryRead(client.getPins({ params: { id: params.workflowId } })),
    ]);
    const { definition, ...light } = workflow;
    // Places for nodes that nobody placed: laid out here, so that the browser needs no layout code to open.
    const draft = definition as unknown as Definition;
    const fallback = draft.nodes.every(({ id }) => savedPlace(draft, id) !== null) ? {} : tidy(draft);
    const known = canvasOf(request.headers.get('cookie') ?? '');
    const phone = known ? known.width < narrowCanvas : /\bMobi/.test(request.headers.get('user-agent') ?? '');
    const canvas = known ?? (phone ? phoneCanvas : usualCanvas);
    return {
      workflow: light,
      definition: draft,
      fallback,
      pins: (pins.value ?? {}) as Record<string, Json>,
      canvas,
      upright: phone ? tidy(draft, 'tall') : null,
    };
  });
}

export const meta: Route.MetaFunction = ({ loaderData }) => [{ title: loaderData ? `Edit ${loaderData.workflow.name}` : 'Edit' }];

/** The draft lives in the browser once it is open: a changed `?run=` reads nothing again. What is asked for by name, as after publishing, is. */
export function shouldRevalidate({ currentParams, nextParams, currentUrl, nextUrl, formMethod }: ShouldRevalidateFunctionArgs): boolean {
  return currentParams['workflowId'] !== nextParams['workflowId'] || (formMethod === undefined && currentUrl.href === nextUrl.href);
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

/** The canvas as it stands on the screen, and kept for the server's next picture. */
function measured(assumed: Size, phone: boolean): Size {
  const dock = phone ? 0 : dockIsOpen() ? keptHeight() : foldedDock;
  const page = document.querySelector('#page')?.getBoundingClientRect();
  // Come by a link, there was no picture: the canvas is the page below its bar.
  const box =
    document.querySelector('[data-canvas]')?.getBoundingClientRect() ?? (page && { width: page.width, height: window.innerHeight - barHeight });
  if (!box || box.width < 50 || box.height < 50) return assumed;
  const size = { width: Math.round(box.width), height: Math.round(box.height - dock) };
  if (size.width !== assumed.width || size.height !== assumed.height) remember('hub-canvas', `${size.width}x${size.height}`);
  return size;
}

function Open({ loaderData, phone }: { loaderData: Route.ComponentProps['loaderData']; phone: boolean }) {
  const { workflow, definition, fallback, upright, pins, canvas } = loaderData;
  const { me, may } = useMe();
  const [size] = useState(() => measured(canvas, phone));
  const mine = (permission: string): boolean => workflow.permissions?.includes(permission) ?? may(permission);
  return (
    <Builder
      workflow={workflow}
      definition={definition}
      fallback={fallback}
      upright={upright}
      pins={pins}
      csrfToken={me.csrfToken ?? ''}
      me={me.user?.id ?? null}
      may={{ write: mine('workflow.write'), publish: mine('workflow.publish'), run: mine('run.start') }}
      phone={phone}
      size={size}
    />
  );
}

export default function Edit({ loaderData }: Route.ComponentProps) {
  const { workflow, definition, fallback, upright, canvas } = loaderData;
  const inBrowser = useInBrowser();
  const phone = usePhone();
  return (
    <div className="flex h-dvh min-h-0 flex-col max-wide:h-[calc(100dvh-56px)]">
      {inBrowser ? (
        <Open key={workflow.id} loaderData={loaderData} phone={phone} />
      ) : (
        <>
          <TopBar crumbs={[{ label: 'Workflows', to: '/workflows' }, { label: workflow.name, to: `/workflows/${workflow.id}` }, { label: 'Edit' }]} />
          <div data-canvas className="relative min-h-0 flex-1 overflow-hidden bg-sunk">
            {/* A picture for a wide screen says nothing on a narrow one. */}
            <div className={upright === null ? 'max-wide:hidden' : ''}>
              <Picture definition={definition} fallback={fallback} upright={upright} canvas={canvas} />
            </div>
          </div>
        </>
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
