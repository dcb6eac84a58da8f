import { afterEach, describe, expect, it, vi } from 'vitest';
import { ApiFault, createCall } from './api.ts';

const answers = (body: BodyInit | null, status = 200): void => {
  vi.stubGlobal('fetch', () => Promise.resolve(new Response(body, { status })));
};
afterEach(() => vi.unstubAllGlobals());
const call = createCall('token');

describe('a call of the builder', () => {
  it('is no answer where the answer breaks off, and never an empty one', async () => {
    const broken = new ReadableStream({ start: (controller) => controller.error(new TypeError('network error')) });
    answers(broken);
    await expect(call('GET', '/me')).rejects.toThrow('network error');
  });

  it('gives what was said, null for nothing, and a refusal as a fault', async () => {
    answers('{"ok":true}');
    expect(await call('GET', '/me')).toEqual({ ok: true });
    answers(null, 204);
    expect(await call('DELETE', '/me')).toBeNull();
    answers('{"code":"workflow.changed","detail":"Somebody saved."}', 412);
    await expect(call('PATCH', '/workflows/1')).rejects.toThrow(ApiFault);
    answers('<html>', 502);
    await expect(call('GET', '/me')).rejects.toThrow(TypeError);
    answers('<html>', 400);
    await expect(call('GET', '/me')).rejects.toThrow('The server answered 400.');
  });
});
