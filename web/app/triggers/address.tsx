/** Where a webhook or form is called: its address, a new one, how the sender proves itself, a request to copy. */
import type { TriggerAddress } from '@hub/contract';
import { ExternalLink, RotateCw } from 'lucide-react';
import { useState } from 'react';
import { Link } from 'react-router';
import { useMe } from '../shell/use-me.ts';
import { Button, buttonClass } from '../ui/button.tsx';
import { CopyButton } from '../ui/copy.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { useInBrowser } from '../ui/in-browser.ts';
import { curlOf, sampleBody, schemeNames, verifyOf, verifyWords } from './curl.ts';
import { useTriggerAction } from './use-trigger-action.ts';

/** A line to copy, whole even where it is long. */
export function CopyLine({ text, label }: { text: string; label: string }) {
  return (
    <p className="flex items-center gap-8 rounded-panel border border-line bg-sunk px-12 py-4">
      <span className="min-w-0 flex-1 font-mono text-12 break-all">{text}</span>
      <CopyButton text={text} label={label} />
    </p>
  );
}

export function CopyBlock({ text, label }: { text: string; label: string }) {
  return (
    <div className="relative rounded-panel border border-line bg-sunk">
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls sideways: keys must reach it */}
      <pre tabIndex={0} aria-label={label} className="overflow-x-auto py-8 pr-[44px] pl-12 font-mono text-12 leading-[20px]">
        {text}
      </pre>
      <span className="absolute top-4 right-8 rounded-control bg-sunk">
        <CopyButton text={text} label={`Copy ${label.toLowerCase()}`} />
      </span>
    </div>
  );
}

function RotateButton({ what, busy, onRotate }: { what: string; busy: boolean; onRotate: () => void }) {
  const { may } = useMe();
  const [isOpen, setOpen] = useState(false);
  const close = (): void => setOpen(false);
  return (
    <>
      <Button onClick={() => setOpen(true)} why={may('workflow.publish') ? (busy ? 'Working' : null) : 'Your role cannot change addresses'}>
        <RotateCw size={14} aria-hidden />
        Make a new {what}
      </Button>
      <Dialog
        open={isOpen}
        onClose={close}
        title={`Make a new ${what}`}
        foot={
          <>
            <Button onClick={close}>Keep the old one</Button>
            <Button
              kind="danger"
              onClick={() => {
                close();
                onRotate();
              }}
            >
              Make a new {what}
            </Button>
          </>
        }
      >
        <p>The old one stops at once: whoever still calls it gets “not found”. This cannot be taken back.</p>
      </Dialog>
    </>
  );
}

export interface AddressProps {
  workflowId: string;
  address: TriggerAddress;
  /** Config of the trigger in the published version. */
  config: unknown;
  /** JSON Schema of the workflow's inputs. */
  inputs: unknown;
}

function Verification({ address, config }: Pick<AddressProps, 'address' | 'config'>) {
  const { scheme, ready, problem } = address.verify;
  return (
    <section aria-label="Proof of the sender" className="flex flex-col gap-4">
      <h3 className="font-semibold">Proof of the sender: {schemeNames[scheme] ?? scheme}</h3>
      <p className="max-w-[640px] text-muted">{verifyWords(verifyOf(config))}</p>
      {!ready && (
        <p role="alert" className="max-w-[640px] rounded-panel bg-failed-soft px-12 py-8 text-failed-text">
          Every request is refused. {problem ?? 'The check is not set up.'}{' '}
          <Link to="/connections" className="underline">
            Go to connections
          </Link>
        </p>
      )}
    </section>
  );
}

export function WebhookAddress({ workflowId, address, config, inputs }: AddressProps) {
  // Behind a proxy only the browser knows where the hub is.
  const origin = useInBrowser() ? window.location.origin : '';
  const { send, busy, answer } = useTriggerAction(workflowId);
  const made = answer && 'made' in answer ? answer.made : null;
  const url = made ?? `${origin}/hooks/${address.hint ?? '…'}`;
  return (
    <>
      <section aria-label="Address" className="flex flex-col items-start gap-8">
        <h3 className="font-semibold">Address</h3>
        {made ? (
          <div role="status" className="flex w-full max-w-[720px] flex-col gap-8">
            <p>This is the new address. It is shown here only: keep it now.</p>
            <CopyLine text={made} label="Copy the address" />
          </div>
        ) : (
          <p className="max-w-full">
            <span className="font-mono text-12 break-all">{url}</span>
            <span className="block text-muted">Shown whole only when it is made, because whoever has it can call it. Lost it? Make a new one.</span>
          </p>
        )}
        <RotateButton what="address" busy={busy} onRotate={() => send({ intent: 'rotate', trigger: address.triggerId })} />
      </section>
      <Verification address={address} config={config} />
      <section aria-label="Sample request" className="flex max-w-[720px] flex-col gap-8">
        <h3 className="font-semibold">Sample request</h3>
        {!made && <p className="text-muted">Put the whole address in place of the one that is cut off.</p>}
        <CopyBlock label="Sample request" text={curlOf(url, sampleBody(inputs), verifyOf(config))} />
      </section>
    </>
  );
}

export function FormAddress({ workflowId, address, config }: AddressProps) {
  const { send, busy, answer } = useTriggerAction(workflowId);
  const url = (answer && 'made' in answer ? answer.made : null) ?? address.url;
  const isPublic = typeof config === 'object' && config !== null && 'public' in config && config['public'] === true;
  return (
    <section aria-label="Link" className="flex max-w-[720px] flex-col items-start gap-8">
      <h3 className="font-semibold">Link</h3>
      <p className="text-muted">{isPublic ? 'Whoever has the link can fill it in.' : 'Members of the team can fill it in, once signed in.'}</p>
      {url ? (
        <div className="w-full">
          <CopyLine text={url} label="Copy the link" />
        </div>
      ) : (
        <p>The link cannot be read any more. Make a new one.</p>
      )}
      <div className="flex flex-wrap gap-8">
        {url && (
          <a href={url} target="_blank" rel="noreferrer" className={buttonClass('main')}>
            <ExternalLink size={14} aria-hidden />
            Open the form
          </a>
        )}
        <RotateButton what="link" busy={busy} onRotate={() => send({ intent: 'rotate', trigger: address.triggerId })} />
      </div>
    </section>
  );
}
