/** Planted breaks, one of them chosen by its name: the caller puts it into the bundle in place of the text below. Each must turn the replay gate red. */
import * as real from 'real-planner';

export * from 'real-planner';

type Turn = ReturnType<typeof real.advance>;
type Command = Turn['commands'][number];

/** Replaced in the bundle. */
const chosen: string = 'PLANTED-BREAK-BY-NAME';

const without =
  (...kinds: Command['kind'][]) =>
  (commands: Command[]): Command[] =>
    commands.filter(({ kind }) => !kinds.includes(kind));
const twice =
  (kind: Command['kind']) =>
  (commands: Command[]): Command[] =>
    commands.flatMap((command) =>
      command.kind === kind && 'path' in command ? [command, { ...command, path: `${command.path}x` } as Command] : [command],
    );

/** Names as in `plantedNames` of ../replay.ts. */
const breaks: Record<string, (commands: Command[]) => Command[]> = {
  'commands in reverse order': (commands) => commands.toReversed(),
  'the last step of a turn is not run': (commands) => {
    const last = commands.findLastIndex(({ kind }) => kind === 'run-step');
    return commands.filter((_, at) => at !== last);
  },
  'a step is run twice': twice('run-step'),
  'a loop is opened twice': twice('open-loop'),
  'a loop is never gathered': without('close-loop'),
  'an iteration’s result is not evaluated': without('close-iteration'),
  'a wait has no clock': without('start-timer-at'),
  'a parked node is never released': without('release'),
  'a node that parks is not opened': without('park'),
  'what runs is not cancelled': without('cancel'),
  'a child is not told of a cancel': without('cancel-child'),
  'fused steps are not run': without('run-group'),
  'a run does not say that it waits': without('run-waits'),
};

function bent(turn: Turn): Turn {
  return { ...turn, commands: breaks[chosen]?.(turn.commands) ?? turn.commands };
}

export const startRun: typeof real.startRun = (...args) => bent(real.startRun(...args));
export const advance: typeof real.advance = (...args) => bent(real.advance(...args));
