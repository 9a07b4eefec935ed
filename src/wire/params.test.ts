import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { headerOf } from './headers.ts';
import { maxParameters, parseParameters, splitTarget } from './params.ts';
import { fails, form, requestOf, seed } from './test-requests.ts';

const query = (text: string) => parseParameters(requestOf(`GET /?${text}`)).list;
const body = (text: string | Uint8Array, headers: Record<string, string> = form) =>
  parseParameters(requestOf('POST /', headers, text)).list;
const v3Json = { 'content-type': 'application/json; charset=utf-8', authorization: 'ACS3-X y' };

test('parameters of query and body are one list', () => {
  const both = parseParameters(
    requestOf('POST /?A=1&B=', form, 'C=a%20b&D=a+b&E=%2B%C3%A9&F'),
  ).list;
  assert.deepEqual(
    both.map(({ name, value, from }) => `${from} ${name}=${value}`),
    ['query A=1', 'query B=', 'body C=a b', 'body D=a b', 'body E=+é', 'body F='],
  );
});

test('targets in origin and in absolute form', () => {
  assert.deepEqual(splitTarget('/?A=1'), { path: '/', query: 'A=1' });
  assert.deepEqual(splitTarget('http://other.example:80/?A=1'), { path: '/', query: 'A=1' });
  assert.deepEqual(splitTarget('http://other.example?A=/x'), { path: '/', query: 'A=/x' });
  assert.deepEqual(splitTarget('/health'), { path: '/health', query: '' });
  const absolute = parseParameters(requestOf('GET http://other.example/?A=1'));
  assert.equal(absolute.business.get('A'), '1');
});

test('every spelling of a value that a client uses', () => {
  const values = query('A=%2a*~%7E!%27()&B=%e4%b8%ad%25&C=%2520&D=a=b&&');
  assert.deepEqual(
    values.map(({ value }) => value),
    ["**~~!'()", '中%', '%20', 'a=b'],
  );
});

test('a name given twice is refused wherever it stands', () => {
  for (const act of [
    () => query('A=1&A=1'),
    () => body('A=1&A=2'),
    () => parseParameters(requestOf('POST /?A=1', form, 'A=1')),
    () => query('A=1&%41=1'),
    () => parseParameters(requestOf('POST /?A=1', v3Json, '{"A":"1"}')),
  ]) {
    assert.match(fails(act, 'InvalidParameter').message, /"A" is given more than once/);
  }
  fails(() => body('{"A":"1","A":"2"}', v3Json), 'InvalidParameter');
});

test('malformed encodings are refused', () => {
  const bad = ['%zz', '%', '%4', '%ff', '%00', '%c0%af', '%ed%a0%80', 'a%', 'é', '\u0001'];
  for (const value of bad) fails(() => query(`A=${value}`), 'InvalidParameter');
  fails(() => body(Uint8Array.of(0x41, 0x3d, 0xff)), 'InvalidParameter');
  fails(() => body('A=\0'), 'InvalidParameter');
  assert.equal(body('A=é')[0]?.value, 'é');
});

test('names outside the alphabet are refused and not echoed', () => {
  const names = [
    '',
    '1A',
    '_A',
    '__proto__',
    'A%20B',
    'A%3CB',
    '%EF%BD%9E',
    'A[]',
    'a'.repeat(257),
  ];
  for (const name of names) {
    const { message } = fails(() => query(`${name}=1`), 'InvalidParameter');
    assert.equal(message, 'The request has a parameter whose name is not valid.');
  }
  assert.equal(query('constructor=1&%234%23key=2&Tag.1.__proto__.x=3').length, 3);
});

test('the number of parameters is bounded before they are decoded', () => {
  const pairs = Array.from({ length: maxParameters }, (_, i) => `A${i}=`);
  assert.equal(query(pairs.join('&')).length, maxParameters);
  fails(() => query([...pairs, '%zz=%zz'].join('&')), 'RequestTooLarge.Parameters');
  fails(() => body([...pairs, 'B='].join('&')), 'RequestTooLarge.Parameters');
});

test('methods, bodies and content types', () => {
  fails(() => parseParameters(requestOf('PUT /?A=1')), 'UnsupportedHTTPMethod');
  fails(() => parseParameters(requestOf('GET /?A=1', form, 'B=1')), 'InvalidParameter');
  fails(() => body('A=1', {}), 'InvalidParameter');
  fails(() => body('A=1', { 'content-type': 'text/plain' }), 'InvalidParameter');
  fails(() => body('{"A":"1"}', { 'content-type': 'application/json' }), 'InvalidParameter');
  assert.deepEqual(body('', {}), []);
  assert.deepEqual(body('', { 'content-type': 'text/plain' }), []);
  assert.equal(body('A=1', { 'Content-Type': `${form['content-type']}; charset=UTF-8` }).length, 1);
});

test('compressed bodies are refused unread', () => {
  for (const encoding of ['gzip', 'br', 'identity, gzip']) {
    const act = () => body('A=1', { ...form, 'content-encoding': encoding });
    assert.equal(fails(act, 'UnsupportedContent.Encoding').status, 415);
  }
  assert.equal(body('A=1', { ...form, 'content-encoding': 'Identity' }).length, 1);
});

test('a JSON body becomes parameters with every spelling kept', () => {
  const text = '{"A":"x","N":9007199254740993,"E":1e3,"B":true,"Z":null,"O":{"a":[1.0]}}';
  assert.deepEqual(
    body(text, v3Json).map(({ name, value }) => `${name}=${value}`),
    ['A=x', 'N=9007199254740993', 'E=1e3', 'B=true', 'Z=', 'O={"a":[1.0]}'],
  );
});

test('JSON bodies that could hurt are refused', () => {
  const bad = [
    '[]',
    '"A"',
    '1',
    'null',
    '{',
    '{"__proto__":"x"}',
    '{"A":"\\u0000"}',
    '{"A":"\\ud800"}',
    `{"A":${'['.repeat(100_000)}${']'.repeat(100_000)}}`,
    `{"A":[${'1,'.repeat(2000)}1]}`,
  ];
  for (const text of bad) fails(() => body(text, v3Json), 'InvalidParameter');
  assert.equal(Object.hasOwn(Object.prototype, 'x'), false);
});

test('deciding headers may come once only', () => {
  const names = ['Host', 'Authorization', 'x-acs-date', 'X-Acs-Action', 'x-acs-version'];
  names.push('x-acs-signature-nonce', 'x-acs-content-sha256', 'Content-Type');
  for (const name of names) {
    const twice = requestOf('GET /', [
      [name, 'a'],
      [name.toUpperCase(), 'a'],
    ]);
    assert.match(
      fails(() => parseParameters(twice), 'InvalidProtocol.Malformed').message,
      /header/,
    );
  }
  const other = requestOf('GET /', [
    ['accept', 'a'],
    ['accept', 'b'],
    ['__proto__', 'c'],
  ]);
  assert.deepEqual(parseParameters(other).list, []);
  assert.equal(headerOf(other, '__proto__'), 'c');
});

test('property: what URLSearchParams writes is read back', () => {
  const value = fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('\0'));
  fc.assert(
    fc.property(
      fc.dictionary(fc.stringMatching(/^[A-Za-z][A-Za-z0-9_.-]{0,20}$/), value),
      (sent) => {
        const names = Object.keys(sent);
        const values = names.map((name): [string, string] => [name, sent[name] ?? '']);
        const text = new URLSearchParams(values).toString();
        for (const parsed of [query(text), body(text)]) {
          assert.deepEqual(
            parsed.map(({ name, value }) => [name, value]),
            values,
          );
        }
      },
    ),
    { seed },
  );
});

test('property: no text makes the parser throw anything but an ApiError', () => {
  const part = fc.constantFrom('A', '=', '&', '%', '+', '41', 'C3', '\0', 'é', '😀', '\ud800', '#');
  fc.assert(
    fc.property(fc.array(part), (parts) => {
      for (const act of [() => query(parts.join('')), () => body(parts.join(''), v3Json)]) {
        try {
          act();
        } catch {
          fails(act, 'InvalidParameter');
        }
      }
    }),
    { seed },
  );
});
