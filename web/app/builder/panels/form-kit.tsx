/** What every form of the builder is given: names to read, things to choose, what an expression gives now. */
import { useMemo } from 'react';
import type { FormSources, NameGroup } from '../../ui/form/types.ts';
import { useBuilder, usePick } from '../context.tsx';
import { namesFor } from '../model/expression-names.ts';
import { useSample } from './sample.ts';

/** Lists that fields choose from. */
export function useSources(): FormSources {
  const { library, readLibrary, call } = useBuilder();
  return useMemo(() => {
    if (library.loading) return {};
    const price = (usd: number | null): string => (usd === null ? '' : `$${usd}`);
    return {
      credentials: library.credentials.map(({ id, name, kind, allowedHosts, status }) => ({
        id,
        name,
        kind,
        hint: status === 'active' ? allowedHosts.join(', ') : 'to be connected again',
        why: status === 'active' ? undefined : 'Connect it again first',
      })),
      files: library.files.map(({ $file, name, bytes }) => ({ id: $file, name, bytes })),
      models: library.models.map((model) => ({
        id: model.id,
        title: model.title,
        hint: model.demo
          ? 'no key needed'
          : model.inputUsdPerMTok === null
            ? ''
            : `${price(model.inputUsdPerMTok)} in, ${price(model.outputUsdPerMTok)} out per million tokens`,
      })),
      workflows: library.workflows,
      // In a tab of its own, so that the draft stays in sight; what was stored there is here on the way back.
      onNewCredential: () => {
        window.addEventListener('focus', readLibrary, { once: true });
        window.open('/connections', '_blank', 'noopener');
      },
      onUpload: async (file: File) => {
        const form = new FormData();
        form.set('file', file);
        return call<{ $file: string }>('POST', '/files', { form });
      },
    };
  }, [library, readLibrary, call]);
}

/** Names that the expressions of a step may read, with their values in the sample run. */
export function useNames(id: string): { names: NameGroup[]; itemNames: NameGroup[] } {
  const definition = usePick((state) => state.definition);
  const pins = usePick((state) => state.pins);
  const sample = useSample();
  return useMemo(() => namesFor(definition, id, { ...sample.outputs, ...pins }, sample.input), [definition, id, pins, sample]);
}
