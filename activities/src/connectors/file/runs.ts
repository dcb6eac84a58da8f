import type { RunsOf } from '../types.ts';
import { runConvertFile } from './actions/convert-file/run.ts';
import { runReadRows } from './actions/read-rows/run.ts';
import { runWriteFile } from './actions/write-file/run.ts';
import type { fileManifest } from './manifest.ts';

export const actions: RunsOf<typeof fileManifest> = { 'read-rows': runReadRows, 'write-file': runWriteFile, 'convert-file': runConvertFile };
