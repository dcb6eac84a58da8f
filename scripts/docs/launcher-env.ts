/** What a person may set for `npm start`, `npm test`, `npm run proof`: the launcher itself is dependency-free, so its table stands here. */
import { z } from 'zod';

export const launcherEnv = z.object({
  PORT: z.string().optional().describe('first port tried for the app (absent: 3000, then the next free one), e.g. 3000'),
  HUB_DATA: z.string().optional().describe('folder of all state (absent: .data), e.g. /srv/hub/data'),
  TEMPORAL_CLI: z.string().optional().describe('a Temporal CLI to use instead of getting one, e.g. /usr/local/bin/temporal'),
  CHROMIUM_PATH: z.string().optional().describe('the browser of the end-to-end tests (absent: the first one found), e.g. /usr/bin/chromium'),
  NO_COLOR: z.string().optional().describe('any value: no colours in the output, e.g. 1'),
});
