/** A planted break: the same commands in reverse order. The replay gate must turn red. */
import * as real from 'real-planner';

export * from 'real-planner';

type Turn = ReturnType<typeof real.advance>;

function reversed(turn: Turn): Turn {
  return { ...turn, commands: turn.commands.toReversed() };
}

export const startRun: typeof real.startRun = (...args) => reversed(real.startRun(...args));
export const advance: typeof real.advance = (...args) => reversed(real.advance(...args));
