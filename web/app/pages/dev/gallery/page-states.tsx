import { LinkButton } from '../../../ui/button.tsx';
import { Empty, Fault, NoPermission, Partial, SkeletonRows } from '../../../ui/page-states.tsx';
import { Part, Shown } from './part.tsx';

export function PageStates() {
  return (
    <Part id="page-states" title="States of a page">
      <Shown what="Partial">
        <Partial>The last runs of some workflows could not be read.</Partial>
      </Shown>
      <Shown what="Empty">
        <Empty title="No workflow yet" action={<LinkButton to="/workflows">New workflow</LinkButton>}>
          A workflow reads data, asks a model, decides and gives results.
        </Empty>
      </Shown>
      <Shown what="Error">
        <Fault
          title="The hub could not answer"
          why="The database does not answer."
          remedy="Try again in a moment."
          code="database.unavailable"
          requestId="req-7f2a"
          retry
        />
      </Shown>
      <Shown what="No permission">
        <NoPermission what="the audit log" need="audit.read" />
      </Shown>
      <Shown what="Loading, after 150 ms">
        <SkeletonRows rows={3} />
      </Shown>
    </Part>
  );
}
