/** Under the fields of a schedule: what it says, when it fires next, and the way from words to a schedule. */
import type { SchedulePreview } from '@hub/contract';
import { useEffect, useEffectEvent, useState } from 'react';
import { NextTimes } from '../../triggers/next-times.tsx';
import { Button } from '../../ui/button.tsx';
import { Field, Input } from '../../ui/field.tsx';
import type { JsonObject } from '../../ui/form/types.ts';
import { isObject } from '../../ui/form/values.ts';
import { ApiFault } from '../api.ts';
import { useBuilder } from '../context.tsx';
import { useZone } from '../../ui/zone.ts';

const restMs = 300;
type Ask = Record<string, unknown>;
interface Look {
  preview: SchedulePreview | null;
  fault: string | null;
}

/** Only what is given and of the right kind; null where there is nothing to ask about. */
function askOf(config: JsonObject): Ask | null {
  const given = Object.fromEntries(
    ['cron', 'every', 'timeZone', 'jitter', 'calendar'].flatMap((name) => {
      const value = config[name];
      return (typeof value === 'string' && value.trim() !== '') || (name === 'calendar' && isObject(value)) ? [[name, value]] : [];
    }),
  );
  return ['cron', 'every', 'calendar'].filter((name) => given[name] !== undefined).length === 1 ? given : null;
}

/** Asks once typing rests; an answer that was overtaken is dropped. */
function usePreview(ask: Ask | null): Look {
  const { call } = useBuilder();
  const [look, setLook] = useState<Look>({ preview: null, fault: null });
  const key = ask === null ? '' : JSON.stringify(ask);
  const onAsk = useEffectEvent(async (body: string, signal: AbortSignal): Promise<void> => {
    try {
      const preview = await call<SchedulePreview>('POST', '/triggers/preview', { body: JSON.parse(body) as Ask, signal });
      if (!signal.aborted) setLook({ preview, fault: preview.ok ? null : (preview.faults[0]?.message ?? 'This is not a schedule.') });
    } catch (error) {
      if (!signal.aborted) setLook({ preview: null, fault: error instanceof ApiFault ? error.problem.detail : null });
    }
  });
  useEffect(() => {
    if (key === '') {
      setLook({ preview: null, fault: null });
      return;
    }
    const stop = new AbortController();
    const timer = setTimeout(() => void onAsk(key, stop.signal), restMs);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [key]);
  return look;
}

function Words({ preview, fault }: Look) {
  const zone = useZone();
  if (fault) return <p className="text-failed-text">{fault}</p>;
  if (!preview?.ok) return null;
  return (
    <div className="flex flex-col gap-4">
      {preview.words && <p className="font-medium">{preview.words}</p>}
      <NextTimes at={preview.nextFires} label={`Next, ${zone}:`} />
    </div>
  );
}

/** `onConfig` takes the schedule that words meant. */
export function ScheduleLook({ config, readOnly, onConfig }: { config: JsonObject; readOnly: boolean; onConfig: (next: JsonObject) => void }) {
  const [text, setText] = useState('');
  const now = usePreview(askOf(config));
  const zone = typeof config['timeZone'] === 'string' ? { timeZone: config['timeZone'] } : {};
  const said = usePreview(text.trim() === '' ? null : { text: text.trim(), ...zone });
  const meant = text.trim() !== '' && said.preview?.ok ? said.preview : null;
  const use = (): void => {
    if (!meant) return;
    const { cron: _cron, every: _every, calendar: _calendar, ...rest } = config;
    onConfig({ ...(meant.cron === null ? { every: meant.every ?? '' } : { cron: meant.cron }), ...rest });
    setText('');
  };
  return (
    <section aria-label="Preview of the schedule" className="flex flex-col gap-12 rounded-panel border border-line bg-sunk p-12">
      <div aria-live="polite" className="empty:-mb-12">
        <Words {...now} />
      </div>
      {!readOnly && (
        <form
          className="flex flex-col gap-8"
          onSubmit={(event) => {
            event.preventDefault();
            use();
          }}
        >
          <Field
            label="Say it in words"
            help={meant ? undefined : 'Such as “every weekday at 9” or “every 15 minutes”.'}
            error={text.trim() ? said.fault : null}
          >
            <Input
              value={text}
              maxLength={200}
              placeholder={now.preview?.text ?? 'every weekday at 9'}
              onChange={(event) => setText(event.target.value)}
            />
          </Field>
          {meant && (
            <div className="flex flex-wrap items-center gap-8">
              <span className="min-w-0 flex-1">
                <span className="block">{meant.words}</span>
                <span className="block font-mono text-12 text-muted">{meant.cron ?? meant.every}</span>
              </span>
              <Button type="submit">Use this</Button>
            </div>
          )}
        </form>
      )}
    </section>
  );
}
