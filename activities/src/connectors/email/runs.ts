import type { RunsOf } from '../types.ts';
import { runSendEmail } from './actions/send-email/run.ts';
import type { emailManifest } from './manifest.ts';
import { withTransport } from './transport.ts';

export const actions: RunsOf<typeof emailManifest> = { 'send-email': runSendEmail };

export const services = {
  test: (context: Parameters<typeof withTransport>[0]) =>
    withTransport(context, async (transport, { values }) => {
      await transport.verify();
      return { message: `Connected to ${values['host'] ?? ''}.`, account: values['user'] ?? null, scopes: null };
    }),
};
