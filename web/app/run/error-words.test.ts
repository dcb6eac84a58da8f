import { describe, expect, it } from 'vitest';
import { errorWords } from './error-words.ts';

describe('errorWords', () => {
  it('names the fields of a step instead of their pointers', () => {
    expect(errorWords('The params of file.write are not right: /name wants a text; /rows/0/created_at wants a date')).toBe(
      'Name wants a text; Created at wants a date',
    );
  });
  it('does so in the middle of a notice', () => {
    expect(errorWords('Write the report: The params of file.write are not right: /name wants a text')).toBe('Write the report: Name wants a text');
  });
  it('leaves out what only a log needs', () => {
    const told = 'The params of write-file are not right: /name wants a text. Look at what the expressions of this step gave, in its input.';
    expect(errorWords(told)).toBe('Name wants a text');
  });
  it('leaves every other message as it is', () => {
    expect(errorWords('The answer has no field "score" at /a/b.')).toBe('The answer has no field "score" at /a/b.');
  });
});
