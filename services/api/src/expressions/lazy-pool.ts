/** The expression pool of this process: started by the first preview, so that an API that nobody builds with keeps no children. */
import { createExpressionPool, type ExpressionPool } from '@hub/activities/pool';

/** One child is enough for people typing; those who wait beyond this are told to try again. */
const maxWaiting = 50;

/** `run` as the pool's own. `close` ends the children; before the first `run` there are none. */
export function createLazyPool(): Pick<ExpressionPool, 'run' | 'close'> {
  let pool: ExpressionPool | null = null;
  let closed = false;
  return {
    run(job, options) {
      pool ??= createExpressionPool({ size: 1, maxQueue: maxWaiting });
      if (closed) void pool.close();
      return pool.run(job, options);
    },
    async close() {
      closed = true;
      await pool?.close();
    },
  };
}
