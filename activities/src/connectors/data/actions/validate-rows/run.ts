import { UserError } from '@hub/kit/errors';
import type { Json } from '@hub/dag/planner';

import { validatorOf } from '../../../../values/run-input.ts';
import type { ActionRun } from '../../../types.ts';
import { encodeRows, writeRows } from '../../sink.ts';
import { readSource } from '../../source.ts';
import type { Row } from '../../source.ts';
import type { validateRowsSpec } from './spec.ts';

const shownRejects = 1_000;
const shownErrors = 5;

/** Answers `{ rows | file, count, rejected, rejectedCount }`. @throws UserError `data.bad-schema`, `data.too-many-rejected`. */
export const runValidateRows: ActionRun<typeof validateRowsSpec> = async (context) => {
  const { params } = context;
  const check = checkOf(params.schema);
  const rejected: { index: number; row: Row; errors: string[] }[] = [];
  let rejectedCount = 0;
  let index = 0;
  async function* good(): AsyncGenerator<Row[], void, undefined> {
    for await (const batch of readSource(params.source as Json, context)) {
      yield batch.filter((row) => {
        const errors = check(row);
        if (errors !== null) {
          rejectedCount += 1;
          if (rejected.length < shownRejects) rejected.push({ index, row, errors });
        }
        index += 1;
        return errors === null;
      });
    }
  }
  const written = await writeRows(good(), params.into, 'valid', context);
  if (params.most !== undefined && index > 0 && (rejectedCount / index) * 100 > params.most)
    throw new UserError(
      'data.too-many-rejected',
      `${rejectedCount} of ${index} rows are rejected; the first: ${rejected[0]?.errors.join('; ') ?? ''}`.slice(0, 400),
      {
        status: 422,
        remedy: 'Look at the source, or let more be rejected.',
        details: rejected.slice(0, 20).map(({ index: at, errors }) => ({ index: at, errors })),
      },
    );
  const output = { ...written, rejected: rejected as unknown as Json, rejectedCount };
  if (params.into === 'rows' || rejectedCount === 0) return { output };
  // A second reading: holding every rejected row of a large file would not be flat in memory.
  const name = `rejected.${params.into}`;
  const mime = params.into === 'csv' ? 'text/csv' : 'application/x-ndjson';
  const file = await context.files.create(context.team, { name, mime, run: context.run }, encodeRows(bad(), params.into, { count: 0 }));
  return { output: { ...output, rejectedFile: { ...file } } };

  async function* bad(): AsyncGenerator<Row[], void, undefined> {
    for await (const batch of readSource(params.source as Json, { ...context, warn: () => undefined }))
      yield batch.flatMap((row) => {
        const errors = check(row);
        return errors === null ? [] : [{ ...row, errors: errors.join('; ') }];
      });
  }
};

function checkOf(schema: unknown): (row: Row) => string[] | null {
  let validate: ReturnType<typeof validatorOf>;
  try {
    validate = validatorOf(schema);
  } catch (cause) {
    throw new UserError('data.bad-schema', `The schema cannot be used: ${cause instanceof Error ? cause.message.slice(0, 300) : ''}`, {
      cause,
      status: 422,
    });
  }
  return (row) =>
    validate(row)
      ? null
      : (validate.errors ?? []).slice(0, shownErrors).map(({ instancePath, message }) => `${instancePath} ${message ?? 'is wrong'}`.trim());
}
