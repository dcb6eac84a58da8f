/** Sending mail, against a real SMTP server (smtp-server) with the refusals that real ones give. */
import assert from 'node:assert/strict';

import { createOutbound, parseAllowList } from '@hub/kit/http';

import { memoryFiles } from '../../testing/context.ts';
import type { OwnFault, OwnKit, OwnWorld } from '../../testing/contract/own-suite.ts';
import { startMailServer } from './mail-server.ts';
import type { MailFault, MailServer } from './mail-server.ts';

/** What a fault is called among mail servers; a missing file is the store's. */
const faults: Partial<Record<OwnFault, MailFault>> = {
  limit: 'full',
  unauthorized: 'auth',
  forbidden: 'not-allowed',
  failure: 'broken',
  truncated: 'cut',
  hang: 'hang',
};
const servers = new WeakMap<OwnWorld, MailServer>();

async function world(): Promise<OwnWorld> {
  const server = await startMailServer();
  const http = createOutbound({ allow: parseAllowList(server.host) });
  let fault: OwnFault | null = null;
  const around: OwnWorld = {
    files: memoryFiles(),
    http,
    credential: server.credential,
    ofStore: ['missing'],
    get fault() {
      return fault;
    },
    set fault(next) {
      fault = next;
      server.fault = next === null ? null : (faults[next] ?? null);
    },
    async close() {
      await http.close();
      await server.close();
    },
  };
  servers.set(around, server);
  return around;
}

export const emailKit: OwnKit = {
  connector: 'email',
  world,
  actions: {
    'send-email': {
      params: ({ files }) => ({ to: ['ada@example.com'], subject: 'Report', text: 'Hello', attachments: [{ $file: files.put('a,b\n1,2\n') }] }),
      check: (_output, at) => {
        const [mail] = servers.get(at)?.mails ?? [];
        assert.deepEqual(mail?.to, ['ada@example.com']);
        assert.ok(mail?.text.includes(Buffer.from('a,b\n1,2\n').toString('base64')), 'the attachment is missing');
      },
      faults: {
        missing: { code: 'file.not-found', kind: 'user' },
        limit: { code: 'connector.unavailable', kind: 'transient', didNothing: true },
        unauthorized: { code: 'connector.unauthorized', kind: 'user' },
        forbidden: { code: 'connector.forbidden', kind: 'user' },
        failure: { code: 'connector.unavailable', kind: 'transient', didNothing: true },
        truncated: { code: 'connector.unavailable', kind: 'transient', didNothing: false },
        hang: true,
      },
    },
  },
};
