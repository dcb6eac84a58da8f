/** `pnpm new page <name>`: a page of the shell with a loader, in the style of `files` and `settings/audit`. */
import { addBefore } from './edit.ts';
import { type Names, type Plan, Refusal } from './plan.ts';

/** Fills the plan. */
export function newPage(plan: Plan, names: Names): void {
  plan.make(`web/app/pages/${names.kebab}.tsx`, page(names));
  plan.make(`web/app/pages/${names.kebab}.test.ts`, test(names));
  plan.edit('web/app/routes.ts', (text) => {
    if (text.includes(`route('${names.kebab}'`) || text.includes(`'pages/${names.kebab}.`))
      throw new Refusal(`web/app/routes.ts has a place "${names.kebab}" already.`);
    return addBefore(text, /^ {4}route\('files'|^ {4}route\('\*'/m, `    route('${names.kebab}', 'pages/${names.kebab}.tsx'),`);
  });
  plan.next.push(
    `Show it in web/app/pages/${names.kebab}.tsx: the loader reads by the typed client, every state of the page (empty, failed, no right) says the next step.`,
    'A place in the rail, the bottom bar and the palette: one line in web/app/shell/places.ts.',
    `pnpm vitest run --project unit web/app/pages/${names.kebab}.test.ts; pnpm --filter @hub/web typecheck; where a snapshot of the URLs is kept, renew it`,
  );
}

function page(names: Names): string {
  return `/** ${names.title}. */
import type { Route } from './+types/${names.kebab}.ts';
import { read } from '../api/hub.server.ts';
import { ErrorPage } from '../shell/error-page.tsx';
import { TopBar } from '../shell/top-bar.tsx';
import { LinkButton } from '../ui/button.tsx';
import { Empty } from '../ui/page-states.tsx';

export async function loader({ request, context }: Route.LoaderArgs) {
  return read({ request, context }, async (client) => {
    const { team } = await client.getMe();
    return { team: team?.name ?? null };
  });
}

export const meta: Route.MetaFunction = () => [{ title: '${names.title}' }];

export default function ${names.pascal}({ loaderData }: Route.ComponentProps) {
  return (
    <>
      <TopBar crumbs={[{ label: '${names.title}' }]} />
      <Empty title="Nothing yet" action={<LinkButton to="/">Go home</LinkButton>}>
        {loaderData.team === null ? 'You are in no team.' : \`What \${loaderData.team} has of this appears here.\`}
      </Empty>
    </>
  );
}

export function ErrorBoundary({ error }: Route.ErrorBoundaryProps) {
  return (
    <>
      <TopBar crumbs={[{ label: '${names.title}' }]} />
      <ErrorPage error={error} />
    </>
  );
}
`;
}

function test(names: Names): string {
  return `import { createElement } from 'react';
import { renderToString } from 'react-dom/server';
import { RouterContextProvider, createRoutesStub } from 'react-router';
import { expect, it } from 'vitest';
import { visitContext } from '../api/context.ts';
import ${names.pascal}, { loader } from './${names.kebab}.tsx';

it('reads as the visitor', async () => {
  const asked: string[] = [];
  const context = new RouterContextProvider();
  const api = async (request: Request): Promise<Response> => {
    asked.push(new URL(request.url).pathname);
    return Response.json({ team: { name: 'Acme' } });
  };
  context.set(visitContext, { api, clientIp: null });
  const request = new Request('http://hub.test/${names.kebab}');
  const args = { request, context, params: {}, url: new URL(request.url), pattern: '/${names.kebab}' } as unknown as Parameters<typeof loader>[0];
  expect(await loader(args)).toEqual({ team: 'Acme' });
  expect(asked).toEqual(['/api/v1/me']);
});

it('says what it is and what comes next', () => {
  const Page = ${names.pascal} as (props: { loaderData: { team: string } }) => ReturnType<typeof createElement>;
  const Stub = createRoutesStub([{ path: '/', Component: () => createElement(Page, { loaderData: { team: 'Acme' } }) }]);
  const html = renderToString(createElement(Stub, { initialEntries: ['/'] }));
  expect(html).toMatch(/<h1[^>]*>${names.title}<\\/h1>/);
  expect(html).toContain('What Acme has of this appears here.');
});
`;
}
