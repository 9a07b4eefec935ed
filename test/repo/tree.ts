// The tree as the tests of this folder see it: which files there are, what each imports, how long
// each function is. Read with a parser, never with a pattern over the text: a convention that a
// comment or a string can break or satisfy is none.
import { globSync, readFileSync } from 'node:fs';
import { dirname, posix, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseSync } from 'oxc-parser';

/** The checkout. */
export const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** Paths below the root, with slashes, in order. */
export const filesOf = (...patterns: string[]): string[] =>
  globSync(patterns, { cwd: ROOT, exclude: ['**/node_modules/**', 'dist/**'] })
    .map((path) => path.replaceAll(sep, '/'))
    .toSorted();

export const textOf = (path: string): string => readFileSync(posix.join(ROOT, path), 'utf8');

/** Lines of a text, the last line break not counted. */
export const lineCount = (text: string): number => text.replace(/\n$/, '').split('\n').length;

export interface Import {
  from: string;
  /** A path below the root for a file of ours, else the package or `node:` name. */
  to: string;
  isOurs: boolean;
  /** Nothing of it is left at run time. */
  isType: boolean;
  /** `import(…)`: loaded when it is reached. */
  isDynamic: boolean;
}

/** Everything that a file imports or exports from elsewhere. */
export const importsOf = (from: string): Import[] => {
  const text = textOf(from);
  const { module } = parseSync(from, text);
  const make = (to: string, isType: boolean, isDynamic: boolean): Import => ({
    from,
    to: to.startsWith('.') ? posix.join(posix.dirname(from), to) : to,
    isOurs: to.startsWith('.'),
    isType,
    isDynamic,
  });
  return [
    ...module.staticImports.map(({ moduleRequest, entries }) =>
      make(
        moduleRequest.value,
        entries.length > 0 && entries.every((entry) => entry.isType),
        false,
      ),
    ),
    ...module.staticExports.flatMap(({ entries }) =>
      entries
        .filter((entry) => entry.moduleRequest !== null)
        .map((entry) => make(entry.moduleRequest!.value, entry.isType, false)),
    ),
    ...module.dynamicImports
      .map(({ moduleRequest: { start, end } }) => text.slice(start, end))
      .filter((request) => /^['"]/.test(request))
      .map((request) => make(request.slice(1, -1), false, true)),
  ];
};

export interface FunctionSpan {
  /** Line on which it begins, from 1. */
  line: number;
  /** Its own. */
  lines: number;
}

interface Node {
  type: string;
  start: number;
  end: number;
}

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && typeof (value as Node).type === 'string';

const FUNCTIONS = new Set(['FunctionDeclaration', 'FunctionExpression', 'ArrowFunctionExpression']);

/**
 * Every function of a file, nested ones too. The lines of a nested function count for it alone: a
 * function that hands out a set of others is read one by one of them.
 */
export const functionsOf = (path: string): FunctionSpan[] => {
  const text = textOf(path);
  const spans: FunctionSpan[] = [];
  /** Returns the lines that the functions below `value` have, beyond the one each stands on. */
  const visit = (value: unknown): number => {
    if (Array.isArray(value)) return value.reduce((sum: number, part) => sum + visit(part), 0);
    if (!isNode(value)) return 0;
    const nested = Object.values(value).reduce((sum: number, part) => sum + visit(part), 0);
    if (!FUNCTIONS.has(value.type)) return nested;
    const lines = lineCount(text.slice(value.start, value.end));
    spans.push({ line: lineCount(text.slice(0, value.start)), lines: lines - nested });
    return lines - 1;
  };
  visit(parseSync(path, text).program);
  return spans;
};

export interface Pattern {
  path: string;
  source: string;
  flags: string;
}

/** Every regular expression that a file writes as a literal. */
export const patternsOf = (path: string): Pattern[] => {
  const found: Pattern[] = [];
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) return value.forEach(visit);
    if (!isNode(value)) return;
    if (value.type === 'Literal' && 'regex' in value) {
      const { pattern, flags } = value.regex as { pattern: string; flags: string };
      found.push({ path, source: pattern, flags });
      return;
    }
    Object.values(value).forEach(visit);
  };
  visit(parseSync(path, textOf(path)).program);
  return found;
};

/** Names of the tests that a file declares; of a name that is put together, its text as it is written. */
export const testNamesOf = (path: string): ReadonlySet<string> => {
  const text = textOf(path);
  const names = new Set<string>();
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) return value.forEach(visit);
    if (!isNode(value)) return;
    if (value.type === 'CallExpression' && 'callee' in value && 'arguments' in value) {
      const callee = value.callee as Node & { name?: string; property?: { name?: string } };
      const [first] = value.arguments as (Node & { value?: unknown })[];
      if ((callee.name ?? callee.property?.name) === 'test' && first !== undefined)
        names.add(
          typeof first.value === 'string'
            ? first.value
            : text.slice(first.start + 1, first.end - 1),
        );
    }
    Object.values(value).forEach(visit);
  };
  visit(parseSync(path, text).program);
  return names;
};
