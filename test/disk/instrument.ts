// Coverage cheap enough for every single run of a fuzzer: the modules of src/disk are loaded with a
// counter at the start of every block, branch and short-circuit, and with a note of every typed array
// that they make. Hooks are of this thread; import the modules after calling `instrument`.
import { readFileSync } from 'node:fs';
import { registerHooks, stripTypeScriptTypes } from 'node:module';
import { fileURLToPath } from 'node:url';
import { parseSync } from 'oxc-parser';

/** Counts of one run; reset by the fuzzer. */
export interface Coverage {
  /** One count per place, which wraps at 256. */
  readonly counts: Uint8Array;
  /** Places in use. */
  places: number;
  /** Bytes of typed arrays made. */
  allocatedBytes: number;
}

const MAX_PLACES = 4096;
const DISK = /\/src\/disk\/[a-z0-9-]+\.ts$/;
const NAME = '__coverage';

interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [key: string]: unknown;
}

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && 'type' in value && 'start' in value;

/** Loads src/disk with counters from now on. */
export function instrument(): Coverage {
  const coverage: Coverage = { counts: new Uint8Array(MAX_PLACES), places: 0, allocatedBytes: 0 };
  Object.assign(globalThis, {
    [NAME]: coverage,
    [`${NAME}Array`]: <T extends { byteLength: number }>(array: T): T => {
      coverage.allocatedBytes += array.byteLength;
      return array;
    },
  });
  registerHooks({
    load(url, context, nextLoad) {
      if (!DISK.test(url) || url.endsWith('.test.ts')) return nextLoad(url, context);
      const source = withCounters(readFileSync(fileURLToPath(url), 'utf8'), coverage);
      return { format: 'module', source: stripTypeScriptTypes(source), shortCircuit: true };
    },
  });
  return coverage;
}

/** The source with counters put in. */
function withCounters(source: string, coverage: Coverage): string {
  const inserts: [at: number, text: string][] = [];
  const counter = () => {
    if (coverage.places >= MAX_PLACES)
      throw new RangeError('src/disk has more branches than places');
    return `globalThis.${NAME}.counts[${coverage.places++}]++`;
  };
  const wrap = (node: unknown, before: string, after: string): void => {
    if (!isNode(node)) return;
    inserts.push([node.start, before], [node.end, after]);
  };
  const expression = (node: unknown) => wrap(node, `(${counter()},(`, '))');
  const statement = (node: unknown) => {
    if (isNode(node) && node.type !== 'BlockStatement') wrap(node, `{${counter()};`, '}');
  };
  const visit = (node: Node): void => {
    if (node.type === 'BlockStatement') inserts.push([node.start + 1, `${counter()};`]);
    if (node.type === 'IfStatement') {
      statement(node.consequent);
      if (isNode(node.alternate) && node.alternate.type !== 'IfStatement')
        statement(node.alternate);
    }
    if (/^(For|While)/.test(node.type)) statement(node.body);
    if (node.type === 'ConditionalExpression') {
      expression(node.consequent);
      expression(node.alternate);
    }
    if (node.type === 'LogicalExpression') expression(node.right);
    if (node.type === 'SwitchCase' && Array.isArray(node.consequent) && isNode(node.consequent[0]))
      inserts.push([node.consequent[0].start, `${counter()};`]);
    if (node.type === 'NewExpression' && isNode(node.callee))
      if (/^Uint(8|16|32)Array$/.test(String(node.callee.name)))
        wrap(node, `globalThis.${NAME}Array(`, ')');
    for (const value of Object.values(node)) {
      if (Array.isArray(value)) for (const one of value) if (isNode(one)) visit(one);
      if (isNode(value)) visit(value);
    }
  };
  visit(parseSync('module.ts', source).program as unknown as Node); // a plain tree of nodes
  return insertAll(source, inserts);
}

/** Puts texts in from the end to the start; at one place the later one stands inside the earlier. */
function insertAll(source: string, inserts: readonly (readonly [number, string])[]): string {
  const byPlace = new Map<number, { opens: string[]; closes: string[] }>();
  for (const [at, text] of inserts) {
    const here = byPlace.get(at) ?? { opens: [], closes: [] };
    byPlace.set(at, here);
    if (/^[)}]/.test(text)) here.closes.unshift(text);
    else here.opens.push(text);
  }
  let result = '';
  let last = 0;
  for (const [at, { opens, closes }] of [...byPlace].toSorted(([a], [b]) => a - b)) {
    result += source.slice(last, at) + closes.join('') + opens.join('');
    last = at;
  }
  return result + source.slice(last);
}
