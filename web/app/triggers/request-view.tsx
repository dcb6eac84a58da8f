/** A stored request: what came, as far as it is kept. Secrets are masked by the server. */
import type { DeliveryDetail } from '@hub/contract';
import { ValueView } from '../ui/code-view.tsx';
import { formatBytes } from '../ui/format.ts';
import type { Json } from '../ui/json-path.ts';

export function RequestView({ request }: { request: DeliveryDetail }) {
  const { headers, query, body, bytes, outcome } = request;
  const names = Object.entries(headers);
  return (
    <div className="flex flex-col gap-16">
      <section className="flex flex-col gap-8">
        <h3 className="font-semibold">Body</h3>
        {body === null ? (
          <p className="text-muted">
            {outcome === 'refused'
              ? 'The body of a refused request is not kept.'
              : bytes > 0
                ? `Not shown: ${formatBytes(bytes)} came.`
                : 'It was empty.'}
          </p>
        ) : (
          <ValueView label="Body" value={body as Json} />
        )}
      </section>
      {Object.keys(query).length > 0 && (
        <section className="flex flex-col gap-8">
          <h3 className="font-semibold">In the address</h3>
          <ValueView label="Query" value={query as Json} />
        </section>
      )}
      <section className="flex flex-col gap-8">
        <h3 className="font-semibold">Headers</h3>
        {names.length === 0 && <p className="text-muted">None are kept.</p>}
        <dl className="grid grid-cols-[minmax(0,2fr)_minmax(0,3fr)] gap-x-12 gap-y-4 font-mono text-12">
          {names.map(([name, value]) => (
            <div key={name} className="contents">
              <dt className="break-all text-muted">{name}</dt>
              <dd className="break-all">{value}</dd>
            </div>
          ))}
        </dl>
      </section>
    </div>
  );
}
