// No regular expression of the program may take long over a text that a stranger writes. Each, and each
// pattern of a schema, is given texts that it matches and parts of them thousands of times over, with an
// end that it refuses: what tries every way to match takes time in the square of their length or worse.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { asNode, type SchemaNode } from '../../src/lib/schema.ts';
import { operations } from '../../src/operations/index.ts';
import { filesOf, patternsOf, type Pattern } from '../repo/tree.ts';

/** Characters of an attack: a square of it is a hundred times over the limit. */
const LENGTH = 8 * 1024;
const LIMIT_MS = 5;
const SAMPLES = 5;
/** Of a sample that is pumped: a longer one has the same loops again. */
const SAMPLE_LENGTH = 20;
const COMMON = [...'aA0 \t\n.:/=,"\'\\(-_*<长\u2028'];

/** What takes long over some texts, and why those never come. */
const NEVER_REACHED: Readonly<Record<string, string>> = {
  '"(?:[^"\\\\]|\\\\.)*"(\\s*:)?':
    'the text is JSON that was parsed before, so no string is left open',
};

/** fast-check looks long for what a negated class leaves over: the common characters among it will do. */
const withoutNegation = (source: string, flags: string): string =>
  source.replace(/\[\^(?:[^\]\\]|\\.)*\]/g, (negated) => {
    const left = COMMON.filter((char) => new RegExp(negated, flags).test(char));
    return `[${left.map((char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`).join('')}]`;
  });

const samplesOf = ({ source, flags }: RegExp): string[] => {
  const kept = flags.replace(/[^us]/g, '');
  try {
    const matching = fc.stringMatching(new RegExp(withoutNegation(source, kept), kept), {
      size: 'xsmall',
    });
    return fc.sample(matching, { numRuns: SAMPLES, seed: 1 }).map((s) => s.slice(0, SAMPLE_LENGTH));
  } catch {
    // A form that fast-check does not make texts for.
    return [];
  }
};

const attacksOn = function* (pattern: RegExp): Generator<string> {
  const literal = /^\^?([A-Za-z0-9 "#<>&:-]*)/.exec(pattern.source)?.[1] ?? '';
  for (const char of COMMON) {
    yield char.repeat(LENGTH);
    yield `${literal}${char.repeat(LENGTH)}\u2028`;
  }
  for (const sample of samplesOf(pattern))
    for (let at = 0; at < sample.length; at += 1)
      for (const width of [1, 2]) {
        const pump = sample.slice(at, at + width).repeat(LENGTH / width);
        yield `${sample.slice(0, at)}${pump}\0`;
        yield `${sample.slice(0, at)}${pump}${sample.slice(at)}\u2028`;
        yield `${sample.slice(0, at)}${pump}/.\n`;
      }
};

const elapsedMs = (pattern: RegExp, text: string): number => {
  const startMs = performance.now();
  if (pattern.global) text.replace(pattern, '');
  else pattern.test(text);
  pattern.lastIndex = 0;
  return performance.now() - startMs;
};

/** An attack that takes too long each time, if there is one. */
const slowAttack = ({ source, flags }: Pick<Pattern, 'source' | 'flags'>): string | undefined => {
  const pattern = new RegExp(source, flags);
  for (const text of attacksOn(pattern)) {
    let tries = 0;
    // The machine may have been away for a moment.
    while (tries < 4 && elapsedMs(pattern, text) > LIMIT_MS) tries += 1;
    if (tries === 4) return text;
  }
  return undefined;
};

test('the search finds patterns that take long', () => {
  const bad = [
    '\\.[^/]*$',
    '^(\\s*)([\\w-]+)\\s*:\\s*(.*)$',
    '[（(](.+)[）)]',
    '([A-Z]+)([A-Z][a-z])',
  ];
  for (const source of bad)
    assert.notEqual(
      slowAttack({ source, flags: source.startsWith('([A') ? 'g' : '' }),
      undefined,
      source,
    );
});

test('no regular expression of the program takes long', (t) => {
  const patterns = filesOf('src/**/*.ts')
    .filter((path) => !/\.test\.ts$|^src\/testing\//.test(path))
    .flatMap(patternsOf);
  assert.ok(patterns.length > 200, `${patterns.length} found`);
  const slow = patterns.filter(
    (one) => NEVER_REACHED[one.source] === undefined && slowAttack(one) !== undefined,
  );
  assert.deepEqual(slow, []);
  t.diagnostic(`${patterns.length} regular expressions`);
});

test('no pattern of a parameter takes long', async (t) => {
  const sources = new Set<string>();
  const visit = (node: SchemaNode): void => {
    if (node.pattern !== undefined) sources.add(node.pattern);
    for (const child of Object.values(node.properties ?? {})) visit(child);
    if (node.items !== undefined) visit(node.items);
  };
  for (const { load } of operations) visit(asNode((await load()).input));
  assert.ok(sources.size > 3, `${sources.size} found`);
  assert.deepEqual(
    [...sources].filter((source) => slowAttack({ source, flags: 'u' }) !== undefined),
    [],
  );
  t.diagnostic(`${sources.size} patterns`);
});
