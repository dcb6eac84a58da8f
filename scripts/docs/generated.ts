/** Every file that is made from the code, with the text it should have. */
import { envExample } from './environment.ts';
import { reference } from './reference.ts';

export function generated(): Record<string, string> {
  return { 'docs/reference.md': reference(), '.env.example': envExample() };
}
