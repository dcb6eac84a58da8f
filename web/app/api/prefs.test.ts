import { expect, test } from 'vitest';
import { prefsOf } from './prefs.ts';

test.each([
  ['hub-drawer=520', 520],
  ['hub-theme=dark; hub-drawer=400; hub-rail=folded', 400],
  ['hub-drawer=399', null],
  ['hub-drawer=641', null],
  ['hub-drawer=500.5', null],
  ['hub-drawer=480px;}', null],
  ['hub-drawer=', null],
  ['', null],
])('of the cookies "%s" the drawer is %s wide', (cookies, width) => expect(prefsOf(cookies).drawerWidth).toBe(width));
