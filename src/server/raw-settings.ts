// Settings as texts, from where they come: flags, then KINDRED_* variables, then kindred.json, in this order
// of strength. An unknown key and a value of another kind are refused with one sentence; what a value means
// is read in config.ts.
import { existsSync, readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { StartRefused } from './refusal.ts';
import { SETTINGS, type Setting } from './settings.ts';

export type Raw = Record<string, string | boolean | string[] | undefined>;
export type Environment = Readonly<Record<string, string | undefined>>;

/** @throws StartRefused */
export const readRaw = (argv: readonly string[], environment: Environment): Raw => {
  const flags = readFlags(argv);
  const file = readFile(typeof flags.config === 'string' ? flags.config : undefined);
  return { ...file, ...readEnvironment(environment), ...flags };
};

const readFlags = (argv: readonly string[]): Raw => {
  const options = Object.fromEntries(
    Object.entries(SETTINGS).map(([name, { kind }]) => [
      name,
      {
        type: kind === 'flag' ? ('boolean' as const) : ('string' as const),
        multiple: kind === 'list',
      },
    ]),
  );
  try {
    const { values } = parseArgs({
      args: [...argv],
      options: { ...options, config: { type: 'string' } },
      allowPositionals: false,
    });
    return values as Raw;
  } catch (error) {
    throw new StartRefused(`${(error as Error).message.split('. ')[0]}; see kindred serve --help`);
  }
};

const readEnvironment = (environment: Environment): Raw => {
  const raw: Raw = {};
  for (const [name, { kind }] of Object.entries(SETTINGS)) {
    const text = environment[`KINDRED_${name.toUpperCase().replaceAll('-', '_')}`];
    if (text === undefined || text === '') continue;
    raw[name] = kind === 'flag' ? isTrue(name, text) : kind === 'list' ? text.split(',') : text;
  }
  return raw;
};

const isTrue = (name: string, text: string): boolean => {
  if (/^(1|true|yes|on)$/i.test(text)) return true;
  if (/^(0|false|no|off)$/i.test(text)) return false;
  throw new StartRefused(`${name} must be true or false, not ${text}`);
};

const readFile = (given: string | undefined): Raw => {
  const path = given ?? 'kindred.json';
  if (!existsSync(path)) {
    if (given !== undefined)
      throw new StartRefused(`the configuration file ${given} does not exist`);
    return {};
  }
  let raw: Raw;
  try {
    raw = JSON.parse(readFileSync(path, 'utf8')) as Raw;
  } catch (error) {
    throw new StartRefused(`${path} is not JSON: ${(error as Error).message}`);
  }
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw))
    throw new StartRefused(`${path} must hold an object of settings`);
  for (const [name, value] of Object.entries(raw)) {
    const setting = Object.hasOwn(SETTINGS, name) ? SETTINGS[name] : undefined;
    if (setting === undefined) throw new StartRefused(`${path} has the unknown key ${name}`);
    if (!fits(setting, value)) throw new StartRefused(`${path}: ${name} has the wrong type`);
  }
  return raw;
};

const fits = ({ kind }: Setting, value: unknown): boolean =>
  kind === 'flag'
    ? typeof value === 'boolean'
    : kind === 'text'
      ? typeof value === 'string'
      : Array.isArray(value) && value.every((entry) => typeof entry === 'string');
