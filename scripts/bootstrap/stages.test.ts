import { describe, expect, it } from 'vitest';
import { seconds, Stages, wantsColour } from './stages.mjs';

const record = (isTTY = false) => {
  const written: string[] = [];
  return { written, isTTY, write: (text: string) => written.push(text) };
};

describe('a stage', () => {
  it('says its name, its seconds and what came of it', async () => {
    const output = record();
    let now = 0;
    const stages = new Stages({ output, now: () => now });
    await stages.run('packages', ({ note }) => {
      now = 12_340;
      note('1,114 packages');
    });
    expect(output.written).toEqual(['✓ packages             12.3 s  1,114 packages\n']);
  });

  it('that fails says so and passes the error on', async () => {
    const output = record();
    const stages = new Stages({ output, now: () => 0 });
    await expect(stages.run('build', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(output.written).toEqual(['✗ build                 0.0 s\n']);
  });

  it('side by side with another closes when it is done itself', async () => {
    const output = record();
    const stages = new Stages({ output, now: () => 0 });
    let finish = (): void => {};
    const long = stages.run('long', () => new Promise<void>((done) => (finish = done)));
    await stages.run('short', () => undefined);
    finish();
    await long;
    expect(output.written.map((line) => line.slice(2, 7).trim())).toEqual(['short', 'long']);
  });

  it('for a script is one JSON object a line', async () => {
    const output = record(true);
    const stages = new Stages({ output, json: true, now: () => 0 });
    await stages.run('packages', ({ note }) => note('as they were'));
    stages.say('hello');
    const events = output.written.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(events.map((event) => Object.fromEntries(Object.entries(event).filter(([name]) => name !== 'at')))).toEqual([
      { event: 'stage', name: 'packages', state: 'started' },
      { event: 'stage', name: 'packages', state: 'done', seconds: 0, note: 'as they were' },
      { event: 'message', text: 'hello' },
    ]);
  });
});

describe('colour', () => {
  it('is for terminals of people who did not say no', () => {
    expect(wantsColour(record(true), {})).toBe(true);
    expect(wantsColour(record(false), {})).toBe(false);
    expect(wantsColour(record(true), { NO_COLOR: '1' })).toBe(false);
    expect(wantsColour(record(true), { TERM: 'dumb' })).toBe(false);
    expect(new Stages({ output: record(true), colour: true }).tint('x', 'green')).toBe('\u001b[32mx\u001b[39m');
    expect(new Stages({ output: record(true), colour: true, json: true }).tint('x', 'green')).toBe('x');
  });
});

describe('seconds', () => {
  it('become minutes when there are many', () => {
    expect([seconds(40), seconds(59_900), seconds(60_000), seconds(425_000)]).toEqual(['0.0 s', '59.9 s', '1 min 0 s', '7 min 5 s']);
  });
});
