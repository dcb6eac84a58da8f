/**
 * Version of the engine: this planner together with the loop of @hub/runtime. It grows with a release in which the same events give other commands;
 * the engine before it is frozen then (`node scripts/release/freeze-engine.ts`), so that open runs go on as they began.
 */
export const engineVersion = 1;
