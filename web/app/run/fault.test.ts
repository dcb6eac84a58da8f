import { describe, expect, it } from 'vitest';
import { fieldFaultOf, valueAt } from './fault.ts';

const config = { connector: 'file', action: 'write', params: { name: '{{ input.file_name }}', rows: '{{ nodes.all.output }}' }, 'a/b': [{ x: 1 }] };

describe('the field that a failure is about', () => {
  it('is the one that the failure names, with what it wants and that its expression gave nothing', () => {
    const failure = { code: 'step.invalid-params', message: 'The params are not right', details: [{ path: '/name', message: 'wants a text' }] };
    expect(fieldFaultOf(config, failure, ['input.file_name gives nothing'])).toEqual({
      pointer: '/params/name',
      label: 'Name',
      wrote: '{{ input.file_name }}',
      wants: 'a text',
      empty: true,
    });
  });

  it('is found by the expression that the message quotes', () => {
    const failure = { code: 'expression.failed', message: 'Cannot add in nodes.all.output' };
    expect(fieldFaultOf(config, failure, [])).toMatchObject({ pointer: '/params/rows', empty: false, wants: null });
  });

  it('is the one that the code speaks of, where the step has it', () => {
    expect(fieldFaultOf({ params: { url: 'https://a.example' } }, { code: 'http.status-404', message: 'answered 404' }, [])?.pointer).toBe(
      '/params/url',
    );
    expect(fieldFaultOf({ params: {} }, { code: 'http.status-404', message: 'answered 404' }, [])).toBeNull();
  });

  it('is nobody’s where nothing tells', () => {
    expect(fieldFaultOf(config, { code: 'step.failed', message: 'boom' }, [])).toBeNull();
  });

  it('reads values by pointer, escapes included', () => {
    expect(valueAt(config, '/a~1b/0/x')).toBe(1);
    expect(valueAt(config, '/params/none')).toBeUndefined();
    expect(valueAt(config, '/constructor')).toBeUndefined();
  });
});
