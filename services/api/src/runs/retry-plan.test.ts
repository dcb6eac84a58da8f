import type { Definition } from '@hub/dag';
import { compile } from '@hub/dag';
import { describe, expect, it } from 'vitest';
import { checkPorts } from '../workflows/definition.ts';
import { planRetry, type RetryChoice, type RootState } from './retry-plan.ts';

const prompt = (id: string, more: object = {}) => ({
  id,
  type: 'prompt',
  config: { model: 'demo/rules', messages: [{ role: 'user', content: id }] },
  ...more,
});

/** read -> each (ask -> check) -> sum -> send; and a side branch read -> side. */
const before: Definition = {
  schemaVersion: 1,
  nodes: [
    prompt('read'),
    { id: 'each', type: 'loop', config: { mode: 'for_each', items: '{{ nodes.read.output.rows }}' } },
    prompt('ask', { parent: 'each' }),
    prompt('check', { parent: 'each' }),
    { id: 'sum', type: 'transform', config: { expression: '$count(nodes.each.output)' } },
    prompt('send'),
    prompt('side'),
  ],
  edges: [
    { from: 'read', to: 'each' },
    { from: 'ask', to: 'check' },
    { from: 'each', to: 'sum' },
    { from: 'sum', to: 'send' },
    { from: 'read', to: 'side' },
  ],
};

function withNode(id: string, change: object): Definition {
  return { ...before, nodes: before.nodes.map((node) => (node.id === id ? { ...node, ...change } : node)) };
}

const done = (nodeId: string, more: Partial<RootState> = {}): RootState => ({
  nodeId,
  status: 'completed',
  port: 'out',
  disabled: false,
  ...more,
});
const failedAtSend = [done('read'), done('each'), done('sum'), done('side'), done('send', { status: 'failed', port: null })];
const failedInLoop = [done('read'), done('side'), done('each', { status: 'failed', port: null })];

function plan(states: RootState[], choice: Partial<RetryChoice> = {}, after = before, keyedItems: string[] = []) {
  const compiled = compile(after, checkPorts, { workflowName: 'w', definitionHash: 'h' });
  const found = planRetry(before, after, compiled, states, { byHand: [], ...choice }, new Set(keyedItems));
  return {
    kept: found.kept.map(({ nodeId }) => nodeId),
    items: found.keptItems,
    runs: Object.fromEntries(found.runs.map(({ nodeId, why }) => [nodeId, why])),
    again: found.again,
    same: found.same,
  };
}

describe('what a retry keeps', () => {
  it('keeps all that completed, and runs what failed', () => {
    expect(plan(failedAtSend)).toEqual({ kept: ['read', 'each', 'sum', 'side'], items: [], runs: { send: 'failed' }, again: [], same: [] });
  });

  it('lets nodes that it did not come to keep what an earlier run gave, but for what was asked for, set by hand or undone', () => {
    const earlier = new Set(['send', 'ask']);
    expect(plan(failedAtSend, { earlier }).same).toEqual(['send']);
    expect(plan(failedInLoop, { earlier }).same).toEqual(['ask', 'send']);
    expect(plan(failedAtSend, { earlier, fromNode: 'send' }).same).toEqual([]);
    expect(plan(failedAtSend, { earlier, byHand: ['send'] }).same).toEqual([]);
    expect(plan(failedAtSend, { earlier, undone: ['send'] }).same).toEqual([]);
  });

  it('asks a person about a call that nobody knows the outcome of, but where it may be repeated or was asked for by name', () => {
    const post = (method: string) =>
      withNode('send', { type: 'action', config: { connector: 'http', action: 'request', params: { method, url: 'https://x.test' } } });
    const why = (choice: Partial<RetryChoice>, method = 'POST') =>
      plan(failedAtSend, { unsure: new Set(['send']), ...choice }, post(method)).runs['send'];
    expect(why({})).toBe('unsure');
    expect(why({}, 'PUT')).toBe('changed');
    expect(why({ fromNode: 'send' })).toBe('changed');
    expect(why({ byHand: ['send'] })).toBeUndefined();
    expect(why({ unsure: new Set() })).toBe('changed');
  });

  it('keeps the completed items of a loop that did not end', () => {
    const found = plan(failedInLoop);
    expect(found.kept).toEqual(['read', 'side']);
    expect(found.items).toEqual([
      { nodeId: 'ask', except: null },
      { nodeId: 'check', except: null },
    ]);
    expect(found.runs).toEqual({ each: 'failed', ask: 'not-run', check: 'not-run', sum: 'not-run', send: 'not-run' });
  });

  it('runs a node that was named, all downstream of it, and counts their effects anew', () => {
    const found = plan(failedAtSend, { fromNode: 'each' });
    expect(found.kept).toEqual(['read', 'side']);
    expect(found.items).toEqual([]);
    expect(found.runs).toMatchObject({ each: 'asked', sum: 'downstream', send: 'downstream' });
    expect(found.again.map(({ nodeId }) => nodeId)).toEqual(['ask', 'check', 'each', 'send', 'sum']);
  });

  it('runs one item again and keeps the others', () => {
    const found = plan(failedAtSend, { fromNode: 'check', iteration: 3 });
    expect(found.kept).toEqual(['read', 'side']);
    expect(found.items).toEqual([
      { nodeId: 'ask', except: null },
      { nodeId: 'check', except: 'each[3]' },
    ]);
    expect(found.runs).toMatchObject({ each: 'loop', check: 'asked', sum: 'downstream' });
    expect(found.again).toContainEqual({ nodeId: 'check', within: 'each[3]' });
  });

  it('on another version runs what changed and what follows from it', () => {
    const changed = plan(failedAtSend, {}, withNode('send', { config: { model: 'demo/rules', messages: [{ role: 'user', content: 'better' }] } }));
    expect(changed.kept).toEqual(['read', 'each', 'sum', 'side']);
    expect(changed.runs).toEqual({ send: 'changed' });
    const inBody = plan(failedInLoop, {}, withNode('check', { config: { model: 'demo/rules', messages: [{ role: 'user', content: 'better' }] } }));
    expect(inBody.items).toEqual([{ nodeId: 'ask', except: null }]);
    const items = plan(failedInLoop, {}, withNode('each', { config: { mode: 'for_each', items: '{{ nodes.read.output.list }}' } }));
    expect(items.items).toEqual([]);
    const policy = plan(
      failedInLoop,
      {},
      withNode('each', { config: { mode: 'for_each', items: '{{ nodes.read.output.rows }}', onItemError: 'skip' } }),
    );
    expect(policy.items.map(({ nodeId }) => nodeId)).toEqual(['ask', 'check']);
  });

  it('does not run again for a label, a note, a retry or a time limit', () => {
    expect(plan(failedAtSend, {}, withNode('read', { label: 'Read', notes: 'n', retry: { maxAttempts: 5 }, timeoutMs: 1 })).kept).toContain('read');
  });

  it('lets steps downstream of a change decide by their step key: unchanged themselves, completed, and known what from', () => {
    const whole = [done('read', { keyed: true }), done('each'), done('sum'), done('send', { keyed: true }), done('side')];
    const items = ['ask'];
    const mended = withNode('read', { config: { model: 'demo/rules', messages: [{ role: 'user', content: 'better' }] } });
    // `check` and `side` have no keys (they ran on an older hub), `sum` is only computed, `read` itself changed.
    expect(plan(whole, {}, mended, items).same).toEqual(['ask', 'send']);
    expect(plan(whole, { byHand: ['read'] }, before, items).same).toEqual(['ask', 'send']);
    const policy = withNode('read', { onError: { mode: 'continue' } });
    expect(plan(whole, {}, policy, items)).toMatchObject({ runs: { read: 'changed' }, same: ['read', 'ask', 'send'] });
    const another = withNode('send', { strict: true });
    expect(plan(whole, { byHand: ['read'] }, another, items).same).toEqual(['ask']);
  });

  it('lets nothing downstream of a node that somebody named decide for itself', () => {
    const whole = [done('read', { keyed: true }), done('each'), done('sum'), done('send', { keyed: true }), done('side', { keyed: true })];
    expect(plan(whole, { fromNode: 'read' }, before, ['ask', 'check']).same).toEqual([]);
    const mended = withNode('read', { config: { model: 'demo/rules', messages: [{ role: 'user', content: 'better' }] } });
    expect(plan(whole, { fromNode: 'send' }, mended, ['ask', 'check']).same).toEqual(['ask', 'check', 'side']);
  });

  it('takes an output set by hand and runs what is downstream of it', () => {
    const found = plan(failedAtSend, { byHand: ['sum'] });
    expect(found.kept).toEqual(['read', 'each', 'side']);
    expect(found.runs).toEqual({ send: 'downstream' });
  });

  it('tries again what an edge had handled, with what followed from it', () => {
    const handled = plan([done('read', { status: 'failed', port: 'error' }), done('side')]);
    expect(handled.kept).toEqual([]);
    expect(handled.runs).toMatchObject({ read: 'failed', side: 'downstream' });
  });
});
