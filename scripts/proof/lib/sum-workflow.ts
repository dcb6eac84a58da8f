/** What the proofs under fire run: calls one after another, numbers added up on the way, so that a lost or doubled step shows in the output. */

export interface SumShape {
  calls: number;
  maxConcurrentRuns: number;
  /** Method and address of the call of that number, from 0; what it answers has `n`. */
  request: (n: number) => { method: string; url: string };
  /** Fields of each call beside its config: time limit, retry. */
  more?: object;
}

/** The definition: `call0`, `sum0`, `call1` ...; its input is `{ start }`, its output `{ sum }`. */
export function sumWorkflow({ calls, maxConcurrentRuns, request, more = {} }: SumShape): unknown {
  const numbers = Array.from({ length: calls }, (_, n) => n);
  return {
    schemaVersion: 1,
    nodes: [
      ...numbers.flatMap((n) => [
        { id: `call${n}`, type: 'action', config: { connector: 'http', action: 'request', params: request(n) }, ...more },
        {
          id: `sum${n}`,
          type: 'transform',
          config: { expression: `${n === 0 ? 'input.start' : `nodes.sum${n - 1}.output`} + nodes.call${n}.output.body.n` },
        },
      ]),
      { id: 'result', type: 'output', config: { name: 'sum', value: `{{ nodes.sum${calls - 1}.output }}` } },
    ],
    edges: [
      ...numbers.flatMap((n) => [...(n === 0 ? [] : [{ from: `sum${n - 1}`, to: `call${n}` }]), { from: `call${n}`, to: `sum${n}` }]),
      { from: `sum${calls - 1}`, to: 'result' },
    ],
    settings: { maxConcurrentRuns },
  };
}
