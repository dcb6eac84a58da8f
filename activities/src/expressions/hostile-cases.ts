/**
 * What hostile authors and hostile data may try (06, S4): prototype walks, constructor tricks, tampering with the engine, regular
 * expressions and pictures that explode, memory and recursion bombs, and for JavaScript also what hosts mostly leave lying about.
 * A case is contained when it ends in time with a value or a clean error, gives nothing of the host away, and changes nothing for the next.
 */
import { codeCases } from './hostile-code.ts';

export interface HostileCase {
  name: string;
  engine: 'expression' | 'code';
  text: string;
  /** JSON text of `input`. */
  input?: string;
  /** The only JSON text it may give; else any value that gives nothing away, or an error. */
  only?: string;
  /** Takes seconds, because it is ended from outside. */
  slow?: true;
  /** Limit of a `code` case where it is not 10 s. */
  timeoutMs?: number;
}

const expression = (name: string, texts: readonly string[], more: Partial<HostileCase> = {}): HostileCase[] =>
  texts.map((text, at) => ({ name: `${name} ${at + 1}`, engine: 'expression', text, ...more }));

const bases = ['input', '""', '1', 'true', '[{}]', '{}', '$$', '$sum', 'function($x){$x}', '/a/', '$now()', '[[1]]', '$each', '$string(1)'];
const walks = [
  '.constructor',
  '.constructor.constructor',
  '.__proto__',
  '.__proto__.toString',
  '.constructor.prototype',
  '.prototype',
  '.toString',
  '.`__proto__`',
  '.hasOwnProperty',
  '.__defineGetter__',
];

const prototypeWalks = bases.flatMap((base) =>
  expression(
    `prototype walk of ${base}`,
    walks.map((walk) => base + walk),
    { only: 'null' },
  ),
);

const constructorCalls = expression('constructor call', [
  `''.constructor.constructor('return process')()`,
  `$.constructor.constructor('return this')()`,
  `input.constructor("return 1")()`,
  `(function($x){$x}).constructor('return process.env')()`,
  `$sum.constructor('return process')()`,
  `$map([1], ''.constructor)`,
  `"a".sub.constructor("return globalThis")()`,
  `$each({"a":1}, $.constructor)`,
  `$reduce([1,2], ''.constructor.constructor)`,
  `($c := "const" & "ructor"; $lookup(input, $c)("return process"))`,
  '`this`.`constructor`.`constructor`("return process")()',
  `$$.constructor.constructor.constructor('x')`,
  `input.valueOf().constructor`,
  `$filter(["constructor"], function($k){ $lookup({}, $k) })`,
  `$sort([2,1], ''.constructor)`,
  `$process`,
  `$global`,
  `$require("fs")`,
  `$globalThis.process`,
  `process.env`,
  `globalThis`,
  `require('child_process')`,
  `$import("node:fs")`,
]);

const lookups = expression('lookup of a hidden key', [
  `$lookup({}, 'constructor')`,
  `$lookup({}, '__proto__')`,
  `$lookup([{}], 'constructor')`,
  `$lookup([[{}]], 'prototype')`,
  `$lookup(input, "__pro" & "to__")`,
  `$map(["constructor","__proto__"], function($k){ $lookup({}, $k) })`,
  `$lookup($sum, 'implementation')`,
  `$lookup(function($x){$x}, 'environment')`,
  `input ~> $lookup('constructor')`,
  `$lookup("text", "length")`,
  `$lookup($string, "signature")`,
]);

const pollution = expression('prototype pollution', [
  `{'a':1} ~> |$|{'__proto__':{'polluted':1}}|`,
  `$merge([{'__proto__':{'polluted':1}}])`,
  `{'__proto__':{'polluted':1}}`,
  `{'a':1} ~> |constructor.prototype|{'polluted':1}|`,
  `{'a':{}} ~> |a|{'__proto__':{'polluted':1}}|`,
  `input.{ '__proto__': {'polluted': 1} }`,
  `$spread({'__proto__':{'polluted':1}})`,
  `$each({'__proto__':{'polluted':1}}, function($v,$k){ {$k: $v} })`,
  `$sift({'__proto__':{'polluted':1}}, function($v){true})`,
  `$merge([{'constructor':{'prototype':{'polluted':1}}}])`,
  `[1,2]{'__proto__': {'polluted': 1}}`,
  `$reduce([{'__proto__':{'polluted':1}},{'b':2}], function($a,$b){$merge([$a,$b])})`,
  `{'a':1} ~> |$|{}, ['__proto__','constructor','toString']|`,
  `$clone({'__proto__':{'polluted':1}})`,
  `{'toString': 1, 'valueOf': 2, 'hasOwnProperty': 3}`,
  `$string({'toJSON': function(){1}})`,
  `$keys({'__proto__': 1})`,
  `$lookup({'__proto__':{'polluted':1}}, 'polluted')`,
  `$zip({'__proto__':1}, {'__proto__':1})`,
]).concat(
  expression(
    'polluting data',
    ['input ~> |$|{"x":1}|', '$merge([input, {}])', 'input.*', '$clone(input)', 'input', '$spread(input)', 'input.a.polluted'],
    { input: '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"a":{"__proto__":{"polluted":2}}}' },
  ),
);

const functions = ['$sum', '$string', '$lookup', '$map', '$clone', '$keys', '$eval', '$now'];
const tampering = expression('tampering with a built-in', [
  ...functions.map((name) => `({} ~> |${name}|{"implementation": function($x){666}}|; 1)`),
  ...functions.map((name) => `({} ~> |${name}|{}, ["_jsonata_function", "implementation", "signature"]|; 1)`),
  '({} ~> |$sum|{"signature": null}|; $sum("a"))',
  '({} ~> |$sum|{"token": "x", "position": 5, "arity": 9}|; $sum([1,2]))',
  '({} ~> |[$sum, $count]|{"implementation": $max}|; 1)',
  '($f := function(){1}; {} ~> |$f|{"body": 1, "environment": 2}|; $f())',
  '($f := function(){1}; {} ~> |$f|{}, ["_jsonata_lambda"]|; $f.environment.lookup("sum"))',
  '($f := function(){1}; {} ~> |$f|{}, ["_jsonata_lambda"]|; $f.environment.bind("sum", 1))',
  '($f := function(){1}; {} ~> |$f|{}, ["_jsonata_lambda"]|; $f.environment.base.RegexEngine("a").constructor)',
  '($f := function(){1}; {} ~> |$f|{}, ["_jsonata_lambda"]|; {} ~> |$f.environment.base.options|{"timeout": 0, "stack": 0}|; 1)',
  '($f := function(){1}; {} ~> |$f|{}, ["_jsonata_lambda"]|; $f.**)',
  '($f := function(){1}; {} ~> |$f|{}, ["_jsonata_lambda"]|; {} ~> |$f.environment.lookup("sum")|{"implementation": $max}|; 1)',
  '($f := function(){1}; {} ~> |$f|{}, ["_jsonata_lambda"]|; $f.environment.base.createSequence.constructor("return process")())',
  '($sum := function($x){666}; $sum([1]))',
  '($$ := 5; $$)',
  '($string := $keys; $string)',
  '($clone := function($x){$x}; input ~> |$|{"a": 666}|)',
]);

const regexBombs = expression(
  'regular expression',
  [
    '$match("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!", /^(a+)+$/)',
    '$contains("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!", /^(a|a)*$/)',
    '$replace("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!", /(a*)*b/, "x")',
    '$split("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!", /(a+)+b/)',
    '$match($join([1..40].("ab")), /^((ab)+)+$x/)',
    '$contains($join([1..60].("x")), /(x+x+)+y/)',
    '$contains($join([1..50].("0")) & "z", /^(([0-9])+.?)+$/)',
    '$match("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\\n", /^(\\w+\\s?)*$/)',
    '$filter(["aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!"], /^(a+)+$/)',
  ],
  { slow: true },
).concat(
  expression('strange regular expression', [
    '$match("a", /(?:a{0,60000}){0,60000}/)',
    '$match("a", /(((((((((((((((a)))))))))))))))/)',
    '$match("a", /[/)',
    '$match("a", //)',
    '$replace("a", /x*/, "y")',
    '$match("a", /(?<n>a)\\k<n>?/)',
    '$replace("aaa", /a/, function($m){ $m })',
    '$split("abc", /(?:)/)',
  ]),
);

const digits = '1'.repeat(400);
const pictures = expression('picture', [
  `$toMillis('${digits}x', '[f1][f1][f1][f1][f1]')`,
  `$toMillis('${digits}', '[Y][Y][Y][Y][Y][Y][Y][Y]')`,
  `$toMillis('${'I'.repeat(300)}', '[YI]')`,
  `$toMillis('${'one '.repeat(200)}', '[Yw]')`,
  `$parseInteger('${'one hundred and '.repeat(100)}', 'w')`,
  `$parseInteger('${'z'.repeat(500)}', 'a')`,
  `$formatInteger(1e300, 'w')`,
  `$formatInteger(999999999999999, 'I')`,
  `$formatInteger(1, '${'#'.repeat(2_000)}0')`,
  `$formatNumber(1e308, '${'#'.repeat(3_000)}0.${'0'.repeat(3_000)}')`,
  `$fromMillis(1e15, '[Y9999999]')`,
  `$fromMillis(0, '[H,100000000-100000000]')`,
  `$fromMillis(8.64e15, '[Y]')`,
  `$fromMillis(1e20)`,
  `$formatBase(1e300, 36)`,
  `$toMillis("x", "[")`,
  `$now("[Y,99999999-99999999]")`,
  `$formatInteger(1e18, 'A')`,
]);

const memory = expression(
  'memory',
  [
    "$length($pad('a', 500000000))",
    "$pad('a', -900000000)",
    "$reduce([1..40], function($a,$b){$a & $a}, 'aaaaaaaaaa')",
    '[1..9999999].{"a": $, "b": [$, $, $]}',
    '[1..1000000000]',
    '[1..3000].([1..3000])',
    "($s := $pad('x', 1000000); [1..3000].($s & $))",
    '$reduce([1..30], function($a){ [$a, $a] }, [1])',
    '$reduce([1..26], function($a){ $append($a, $a) }, [1..10])',
    "$join([1..9999999].('xxxxxxxxxx'))",
    "$split($pad('a', 20000000), '')",
    '$zip([1..5000000], [1..5000000], [1..5000000])',
    '$sort([1..5000000], function($a,$b){$a < $b})',
    "$base64encode($pad('a', 400000000))",
    '$string([1..9000000])',
    "$encodeUrl($pad('é', 100000000))",
    '$shuffle([1..9999999])',
    "$map([1..9999999], function($i){ {'i': $i} })",
    '$distinct([1..200000].{"a": $})',
    "$replace($pad('a', 30000000), 'a', 'bbbbbbbbbb')",
  ],
  { slow: true },
);

const recursion = expression(
  'recursion',
  [
    '($f := function($x){1+$f($x+1)}; $f(1))',
    '($f := function($x){$f($x+1)}; $f(1))',
    '($f := function($x){$map([1,2], function($y){$f($y)})}; $f(1))',
    '($a := function(){$b()}; $b := function(){$a()}; $a())',
    '($y := function($f){$f($f)}; $y($y))',
    '$reduce([1..9999999], function($a,$b){$a+$b})',
    '($f := function($n){ $n = 0 ? 1 : $f($n-1) + $f($n-1) }; $f(60))',
    '($x := {"a": {}}; $f := function($o){ {"o": $f($o)} }; $f($x))',
    '($o := {"a": 1} ~> |$|{"self": $}|; $o)',
    '$sift({"a": 1}, function($v, $k, $o){ $sift($o, function(){ true }) ~> $string })',
  ],
  { slow: true },
);

const parsing = expression('parsing', [
  '('.repeat(9_000),
  '['.repeat(9_000),
  '{"a":'.repeat(1_800),
  '-'.repeat(9_000),
  `1${'+1'.repeat(4_900)}`,
  `input${'.a'.repeat(4_900)}`,
  `input${'[0]'.repeat(3_200)}`,
  '"'.repeat(9_999),
  '/*'.repeat(4_000),
  `${'/**/'.repeat(2_400)}1`,
  `${'a ? '.repeat(2_400)}1`,
  `${'function($a){'.repeat(700)}1${'}'.repeat(700)}`,
  '\\u0000',
  '"\\ud800"',
  '"\\u0000"',
  '`',
  '$'.repeat(9_000),
  '%'.repeat(9_000),
  '*'.repeat(9_000),
  `${'%.'.repeat(4_000)}a`,
  `|${'|'.repeat(5_000)}`,
  'x'.repeat(10_241),
  '`' + 'a'.repeat(9_000) + '`',
  '1e99999',
  '-1e-99999',
  `[${'1,'.repeat(5_000)}1]`,
]);

const evaluation = expression('eval', [
  "$eval('1+1')",
  "$map(['1'], $eval)",
  "($e := $eval; $e('1'))",
  "'1' ~> $eval",
  '$eval',
  "($eval := function($x){$x}; $eval('1'))",
  '$eval(\'$eval("$eval")\')',
  "$lookup({'e': $eval}, 'e')('1')",
  "$eval(?, input)('1')",
]);

const lambda =
  '{"_jsonata_lambda":true,"arguments":[],"body":{"type":"variable","value":"sum"},"environment":null,"fn":{"_jsonata_function":true,"implementation":"x"},"a":1}';
const data = expression(
  'data that looks like the engine',
  ['input()', 'input.fn(1)', '$map([1], input)', '$string(input)', 'input.a', '[input]', 'input ~> $keys', '$sum ~> input', 'input.**'],
  { input: lambda },
)
  .concat(
    expression('a promise in the data', ['{"then": function($r){ $r(1) }}', '{"then": $string}', 'input', '{"then": 1}'], {
      input: '{"then": 1, "catch": 2}',
    }),
  )
  .concat(
    expression('a promise that never comes', ['($f := function(){1}; {} ~> |$f|{}, ["_jsonata_lambda"]|; {"then": $f.environment.lookup})'], {
      slow: true,
    }),
  )
  .concat(
    expression('numbers', [
      '1/0',
      '-1/0',
      '0/0',
      '$power(10, 400)',
      '$sqrt(-1)',
      '9007199254740993',
      '$number("Infinity")',
      '$number("NaN")',
      '$sum([1e308, 1e308])',
      '$random().a',
    ]),
  )
  .concat(
    expression('deep data', ['input', '$string(input)', '$clone(input)', 'input ~> |**|{"x": 1}|', '$count(input.**)'], {
      input: `${'['.repeat(20_000)}${']'.repeat(20_000)}`,
    }),
  );

export const hostileCases: readonly HostileCase[] = [
  ...prototypeWalks,
  ...constructorCalls,
  ...lookups,
  ...pollution,
  ...tampering,
  ...regexBombs,
  ...pictures,
  ...memory,
  ...recursion,
  ...parsing,
  ...evaluation,
  ...data,
  ...codeCases,
];
