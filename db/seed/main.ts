/** `node db/seed/main.ts`: makes the demo team and says what it made. Needs DATABASE_OWNER_URL and HUB_DEMO_*. */
import { seedSettings } from '../env.ts';
import { seed } from './index.ts';

try {
  const made = await seed(seedSettings());
  console.log(made.length === 0 ? 'demo data is there' : `made ${made.join(', ')}`);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
