import type { RunsOf } from '../types.ts';
import { runRequest } from './actions/request/run.ts';
import type { httpManifest } from './manifest.ts';

export const actions: RunsOf<typeof httpManifest> = { request: runRequest };
