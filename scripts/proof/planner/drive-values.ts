/** What the planner's references to values mean, in the oracle's words. */
import { parsePath, type ReadRef, type SourceRef } from '@hub/dag/planner';
import type { Definition, InterpretOptions, Value } from '../../oracle/types.ts';

export class DriveValues {
  readonly #definition: Definition;
  readonly #options: InterpretOptions;

  constructor(definition: Definition, options: InterpretOptions) {
    this.#definition = definition;
    this.#options = options;
  }

  /** What a live edge carries. */
  carried(source: SourceRef): Value {
    return source.port === 'error' ? { $error: source.path } : this.of(source);
  }

  of(ref: ReadRef): Value {
    const nodeId = parsePath(ref.path)?.nodeId ?? '';
    const { kept, pinned } = this.#options;
    switch (ref.as) {
      case 'row':
        return kept?.nodes.has(ref.path) ? (kept.nodes.get(ref.path)?.value ?? null) : { $from: ref.path };
      case 'null':
        return null;
      case 'input':
        return { $input: true };
      case 'error':
        return { $error: ref.path };
      case 'pinned':
        return { $value: pinned?.[nodeId] ?? null };
      case 'fallback': {
        const onError = this.#definition.nodes.find((node) => node.id === nodeId)?.onError;
        return { $value: onError && 'value' in onError ? onError.value : null };
      }
    }
  }
}
