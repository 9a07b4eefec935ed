// What `npm test` runs: the tests beside the sources and the fast suites below test/, two files at a
// time. Words are filters on paths (`npm test -- DescribeImages`); `--thorough` adds the slow suites,
// `--only-thorough` runs nothing else. A skipped test is named at the end, and is a failure under
// CI=true unless test/repo/allowed-skips.json, or a skips.json beside its suite, names it with a
// reason and a date. Where official clients ran, a table of them comes last; `--refresh` writes what
// they drove to test/conformance/driven.json and the pages made from it. It never starts a test in this
// process, so that one file cannot spoil another; the tests beside the sources, which are many and short,
// share processes in groups, since the server takes longer to load than to test.
import { spawnSync } from 'node:child_process';
import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { dirname, join, sep } from 'node:path';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { reportConformance } from './conformance/report.ts';

/** Suites that take minutes, or that test more than a change usually touches. */
const THOROUGH: readonly RegExp[] = [
  /^test\/bench\//,
  /^test\/browser\//,
  /^test\/crash\//,
  /^test\/repo\/(package|scaffold)\.test\.ts$/,
  /[.-](syscalls|long|thorough)\.test\.ts$/,
  /\/(syscalls|long|thorough)\.test\.ts$/,
];
/** Of the fast set, those that take longest; begun first, so that none of them runs alone at the end. */
const LONG_FIRST = /^test\/(model|conformance|attack|store)\//;
const CONCURRENCY = 2;
/** Files that share a process, so many at most. */
const GROUPED =
  /^src\/(operations|domain|lib|wire|client|store|blobs|jobs|server|cli|disk|testing)\//;
const GROUP_FILES = 12;
/** Of one file; a file that takes longer hangs. */
const FILE_DEADLINE_MS = 120_000;
const THOROUGH_FILE_DEADLINE_MS = 15 * 60_000;

interface Skip {
  name: string;
  reason: string;
}

/** A skip that CI accepts. */
interface AllowedSkip {
  /** The whole name of the test. */
  test: string;
  reason: string;
  date: string;
}

const root = dirname(dirname(fileURLToPath(import.meta.url)));
process.chdir(root);

const isThorough = (path: string): boolean => THOROUGH.some((pattern) => pattern.test(path));

const chooseFiles = (filters: readonly string[], mode: 'fast' | 'all' | 'thorough'): string[] => {
  const matching = globSync(['src/**/*.test.ts', 'tools/**/*.test.ts', 'test/**/*.test.ts'])
    .map((path) => path.replaceAll(sep, '/'))
    .filter((path) => filters.length === 0 || filters.some((word) => path.includes(word)))
    .toSorted();
  const left = matching.filter(
    (path) => mode !== 'all' && isThorough(path) !== (mode === 'thorough'),
  );
  if (mode === 'fast' && left.length > 0)
    console.log(`left out without --thorough: ${left.join(', ')}`);
  const chosen = matching.filter((path) => !left.includes(path));
  const { long = [], short = [] } = Object.groupBy(chosen, (path) =>
    LONG_FIRST.test(path) ? 'long' : 'short',
  );
  return [...long, ...short];
};

/** The files to start: those that share a process are imported by one that is written for them. */
const groupFiles = (files: readonly string[], folder: string): string[] => {
  const { grouped = [], alone = [] } = Object.groupBy(files, (path) =>
    GROUPED.test(path) ? 'grouped' : 'alone',
  );
  const groupCount = Math.ceil(grouped.length / GROUP_FILES);
  const groups = Array.from({ length: groupCount }, (_, index) => {
    const path = join(folder, `group-${index}.test.mjs`);
    const members = grouped.filter((_member, at) => at % groupCount === index);
    const imports = members.map((member) => `import ${JSON.stringify(join(root, member))};\n`);
    writeFileSync(path, imports.join(''));
    return path;
  });
  return [...alone, ...groups];
};

/**
 * Settings of the developer's own server, and proxies, are no settings of a test; unless KINDRED_URL
 * names a server that the conformance suite is to call.
 */
const cleanEnvironment = (): void => {
  const isRemote = Boolean(process.env.KINDRED_URL);
  for (const name of Object.keys(process.env))
    if ((!isRemote && /^KINDRED_(?!TEST_)/.test(name)) || /^(https?|all)_proxy$/i.test(name))
      delete process.env[name];
};

const reportSkips = (skipped: readonly Skip[]): boolean => {
  const allowed = globSync('test/*/{allowed-,}skips.json').flatMap(
    (path) => JSON.parse(readFileSync(path, 'utf8')) as AllowedSkip[],
  );
  const names = new Set(allowed.map((entry) => entry.test));
  for (const { name, reason } of skipped)
    console.log(`skipped${names.has(name) ? ' (allowed)' : ''}: ${name}: ${reason}`);
  const refused = skipped.filter(({ name }) => !names.has(name));
  if (process.env.CI !== 'true' || refused.length === 0) return true;
  console.log('under CI=true these skips are failures; test/*/skips.json names those that are not');
  return false;
};

const main = async (): Promise<number> => {
  const { values, positionals } = parseArgs({
    options: {
      thorough: { type: 'boolean' },
      'only-thorough': { type: 'boolean' },
      refresh: { type: 'boolean' },
    },
    allowPositionals: true,
  });
  const mode = values['only-thorough'] ? 'thorough' : values.thorough ? 'all' : 'fast';
  const files = chooseFiles(positionals, mode);
  if (files.length === 0) {
    console.error(`no test file matches ${positionals.join(' ') || `mode ${mode}`}`);
    return 1;
  }
  cleanEnvironment();
  const folder = mkdtempSync(join(tmpdir(), 'kindred-records-'));
  process.env.KINDRED_TEST_RECORDS = folder;
  // Most of a short test file's time is reading sources; Node keeps what it made of them.
  if (mode === 'fast') process.env.NODE_COMPILE_CACHE ??= join(root, 'node_modules/.cache/compile');
  const startedMs = performance.now();
  let exitCode = 0;
  const skipped: Skip[] = [];
  const tests = run({
    files: groupFiles(files, folder),
    concurrency: CONCURRENCY,
    timeout: mode === 'fast' ? FILE_DEADLINE_MS : THOROUGH_FILE_DEADLINE_MS,
  });
  tests.on('test:fail', ({ todo }) => {
    if (todo === undefined || todo === false) exitCode = 1;
  });
  tests.on('test:pass', ({ name, skip }) => {
    if (skip === undefined || skip === false) return;
    skipped.push({
      name,
      reason: typeof skip === 'string' && skip !== '' ? skip : 'no reason given',
    });
  });
  const report = tests.compose(new spec());
  report.pipe(process.stdout, { end: false });
  await once(report, 'end');
  if (!reportSkips(skipped)) exitCode = 1;
  const refresh = values.refresh === true;
  if (!reportConformance({ folder, files, refresh })) exitCode = 1;
  rmSync(folder, { recursive: true, force: true });
  if (refresh) spawnSync(process.execPath, ['tools/gen.ts'], { stdio: 'inherit' });
  const seconds = ((performance.now() - startedMs) / 1000).toFixed(1);
  console.log(`${files.length} test files in ${seconds} s`);
  return exitCode;
};

process.exitCode = await main();
