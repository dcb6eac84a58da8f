import { describe, expect, it } from 'vitest';
import { deviceWords } from './device-words.ts';

describe('a user agent in words', () => {
  it('names browser and system', () => {
    expect(deviceWords('Mozilla/5.0 (X11; Linux x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/153.0.0.0 Safari/537.36')).toBe('Chrome on Linux');
    expect(deviceWords('Mozilla/5.0 (iPhone; CPU iPhone OS 19_1 like Mac OS X) Version/19.1 Mobile Safari/604.1')).toBe('Safari on iPhone');
    expect(deviceWords('Mozilla/5.0 (Windows NT 10.0) Chrome/153.0 Safari/537.36 Edg/153.0')).toBe('Edge on Windows');
  });
  it('says something of any', () => {
    expect(deviceWords(null)).toBe('A program that does not say');
    expect(deviceWords('my-script/1.0')).toBe('my-script');
  });
});
