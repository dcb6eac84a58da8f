import { z } from 'zod';

import type { ActionSpec } from '../../../types.ts';
import { hubspotKinds, id, object, otherId, otherObject, writeScopes } from '../../params.ts';

const params = z.strictObject({ object, id, to: otherObject, toId: otherId });

export const removeAssociationSpec = {
  id: 'remove-association',
  version: 1,
  kind: 'write',
  title: 'Remove associations',
  help: 'Removes every association between two records, with and without labels; none is fine. The records stay.',
  example: { params: { object: 'contacts', id: '151', to: 'companies', toId: '77' }, output: { removed: true } },
  params,
  literalParams: [],
  idempotent: true,
  output: {
    help: 'Always true: the association is gone.',
    schema: { type: 'object', required: ['removed'], properties: { removed: { type: 'boolean' } } },
  },
  credentialKinds: hubspotKinds,
  scopes: writeScopes,
} as const satisfies ActionSpec<typeof params>;
