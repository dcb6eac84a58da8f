/** Every code this package gives, with help and an example of what causes it. The house test holds the list complete. Pure data. */
import type { CodeHelp } from '@hub/kit/errors';

export const errorCodes: Record<string, CodeHelp> = {
  'db.unavailable': { help: 'The database does not answer at the moment. Tried again.', example: 'PostgreSQL restarts' },
  'db.append-only': { help: 'A defect of the hub: run events and the audit log are never changed or deleted.', example: 'An update of run_events' },
  'db.bad-id': { help: 'A defect of the hub: an id reached the database that is none.', example: 'An unchecked path parameter' },
  'db.no-row': { help: 'A defect of the hub: a statement that always answers a row answered none.', example: 'An insert without returning' },
  'db.migration-changed': {
    help: 'A migration that was applied has another text now. Put the old text back and write a new migration.',
    example: 'An edited 0003-runs.sql',
  },
  'db.migration-unknown': {
    help: 'The database is newer than this code. Start the newer version.',
    example: 'An older clone on the same data folder',
  },
  'db.migration-failed': { help: 'A migration did not go through; nothing of it was kept. The message says why.', example: 'A disk that is full' },
  'request.bad-cursor': { help: 'A cursor comes from nextCursor of the same list, unchanged.', example: '?cursor=abc' },
  'file.not-found': { help: 'There is no such file in this team; it may have been deleted.', example: 'A deleted upload in a definition' },
  'file.too-large': { help: 'The file is larger than the limit.', example: 'A CSV file of 2 GB' },
  'run.gone': { help: 'The run has ended or was cancelled; nothing more is written for it.', example: 'A cancel while a step was ending' },
  'run.no-slot': {
    help: 'The run waits for a slot of its team or workflow; it is started when one is free.',
    example: 'maxConcurrentRuns is reached',
  },
  'run.no-such-attempt': { help: 'A defect of the hub: a step ended that had not begun.', example: 'A row written twice' },
  'run.no-such-loop': { help: 'A defect of the hub: an iteration was read of a loop that was not opened.', example: 'A lost row' },
  'run.bad-path': { help: 'A defect of the hub: the path of an iteration cannot be read.', example: 'each[x]' },
  'run.no-version': { help: 'The version that a run runs is not there. Restore it from a backup.', example: 'A version row deleted by hand' },
  'run.no-plan': { help: 'A version without a plan cannot run. Publish the workflow again.', example: 'A version written by hand' },
  'value.gone': { help: 'A stored value was removed while it was being read: its run or file is gone.', example: 'A run that retention removes' },
  'value.cleaned': {
    help: 'Warning: characters that cannot be stored (U+0000, half characters) were replaced by U+FFFD.',
    example: 'A file with binary parts',
  },
};
