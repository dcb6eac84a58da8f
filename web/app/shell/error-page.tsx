/** Any error of a route as a page: what, why, what to do, a code to copy. */
import { isRouteErrorResponse } from 'react-router';
import { isProblem, type Problem } from '../api/problem.ts';
import { Fault, NoPermission } from '../ui/page-states.tsx';

function ofProblem(problem: Problem) {
  const told = { code: problem.code, requestId: problem.requestId ?? undefined };
  if (problem.status === 403) return <NoPermission what="this page" need={problem.code} />;
  if (problem.status === 404)
    return (
      <Fault
        title="Not found"
        why="It does not exist, or it belongs to another team."
        remedy="Check the address, or switch to the team it belongs to."
        {...told}
      />
    );
  if (problem.status === 429)
    return (
      <Fault
        title="Too many requests"
        why={problem.detail}
        remedy={problem.retryAfterSeconds ? `Try again in ${problem.retryAfterSeconds} s.` : 'Wait a moment, then try again.'}
        retry
        {...told}
      />
    );
  if (problem.status >= 500)
    return (
      <Fault
        title="The hub could not answer"
        why={problem.detail}
        remedy="Nothing of yours is lost. Try again; if it stays, give this code to whoever runs the hub."
        retry
        {...told}
      />
    );
  return <Fault title="This did not work" why={problem.detail} remedy={problem.remedy} retry {...told} />;
}

export function ErrorPage({ error }: { error: unknown }) {
  if (isRouteErrorResponse(error)) {
    if (isProblem(error.data)) return ofProblem({ ...error.data, status: error.status });
    if (error.status === 404)
      return (
        <Fault
          title="Not found"
          why="There is no page at this address."
          remedy="Check the address, or search for the page (Ctrl K)."
          code="page.not-found"
        />
      );
    return <Fault title="This did not work" why={error.statusText || `The server answered ${error.status}.`} code={`http.${error.status}`} retry />;
  }
  // As browsers say it: Chromium, Firefox, Safari.
  if (error instanceof Error && /dynamically imported module|importing a module script failed|error loading dynamically/i.test(error.message))
    return (
      <Fault
        title="A part of this page did not load"
        why="The network was away for a moment, or the hub was updated since this page was opened."
        remedy="Load the page again. Drafts are kept."
        code="page.part-missing"
        retry="reload"
      />
    );
  // The same, of a page on its way: nothing answered, or something that is not the hub.
  if (error instanceof Error && /failed to fetch|networkerror|load failed|turbo-stream/i.test(error.message))
    return (
      <Fault
        title="The hub cannot be reached"
        why="Nothing answered: the network is away, or the hub is being started again."
        remedy="Try again in a moment. Runs go on without this page, and drafts are kept."
        code="page.unreachable"
        retry="reload"
      />
    );
  return (
    <Fault
      title="This page broke"
      why="A fault of ours, not of your workflow: runs go on as they were."
      remedy="Load the page again; if it stays, give this code to whoever runs the hub."
      code={error instanceof Error ? error.name : 'page.broken'}
      retry
    />
  );
}
