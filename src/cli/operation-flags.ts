// The flags of a command that calls an operation: one for each parameter, named like it, and the few
// that every such command has. From texts to the input that the client sends; a mistake is answered
// here with one sentence, so that the server only sees what could be meant.
import { parseArgs, type ParseArgsOptionsConfig } from 'node:util';
import type { FieldData, OperationData } from '../client/operation-data.ts';
import { FORMATS, type AnswerFormat } from './answer-text.ts';
import { kebab } from './flag-names.ts';
import { inputValue } from './flag-value.ts';
import { suggestion } from '../lib/nearest.ts';
import { UsageError } from './usage-error.ts';

export interface CommonFlag {
  /** What stands for the value in help; none: a switch. */
  value?: string;
  help: string;
}

/** Flags of every command that calls an operation. */
export const COMMON_FLAGS: Readonly<Record<string, CommonFlag>> = {
  endpoint: {
    value: 'URL',
    help: 'The server; else KINDRED_ENDPOINT, ALIBABA_CLOUD_ENDPOINT, the profile, http://127.0.0.1:5260.',
  },
  profile: {
    value: 'NAME',
    help: 'A profile of ~/.aliyun/config.json; else ALIBABA_CLOUD_PROFILE, the current one if it has an endpoint.',
  },
  data: {
    value: 'DIR',
    help: 'A data directory of this machine: its root key, and without a server the directory itself (./kindred-data).',
  },
  output: {
    value: FORMATS.join('|'),
    help: 'How to print the answer; table on a terminal, json otherwise.',
  },
  help: { help: 'Show this text.' },
};

export const WAIT_FLAG: CommonFlag = { help: 'Wait until the work is done and show how it goes.' };

export const commonFlagsOf = ({ kind }: OperationData): Record<string, CommonFlag> =>
  kind === 'task' ? { wait: WAIT_FLAG, ...COMMON_FLAGS } : { ...COMMON_FLAGS };

export interface OperationFlags {
  input: Record<string, unknown>;
  endpoint?: string;
  profile?: string;
  data?: string;
  output?: AnswerFormat;
  wait: boolean;
}

/** @throws UsageError */
export const parseOperationFlags = (
  operation: OperationData,
  argv: readonly string[],
): OperationFlags => {
  const texts = readTexts(operation, argv);
  const input: Record<string, unknown> = {};
  for (const field of operation.input) {
    const given = texts[kebab(field.name)];
    if (given !== undefined) input[field.name] = valueOf(field, given);
  }
  const one = (name: string): string | undefined =>
    single(name, texts[name] as string[] | undefined);
  const [endpoint, profile, data] = [one('endpoint'), one('profile'), one('data')];
  const output = one('output') as AnswerFormat | undefined;
  if (output !== undefined && !FORMATS.includes(output))
    throw new UsageError(`--output must be ${FORMATS.join(', ')}; not ${output}.`);
  return {
    input,
    ...(endpoint !== undefined && { endpoint }),
    ...(profile !== undefined && { profile }),
    ...(data !== undefined && { data }),
    ...(output !== undefined && { output }),
    wait: texts.wait === true,
  };
};

/** @throws UsageError naming every required parameter that is absent */
export const requireInput = (
  operation: OperationData,
  input: Readonly<Record<string, unknown>>,
): void => {
  const absent = operation.input.filter(
    ({ name, required }) => required && input[name] === undefined,
  );
  if (absent.length === 0) return;
  const flags = absent.map(({ name }) => `--${kebab(name)}`).join(', ');
  const hint = absent.some(({ name }) => name === 'RegionId')
    ? ' A region for every call: ALIBABA_CLOUD_REGION_ID, or region_id in the profile.'
    : '';
  const name = kebab(operation.name);
  throw new UsageError(`${name} needs ${flags}; see kindred ${name} --help.${hint}`);
};

type Texts = Record<string, string[] | boolean | undefined>;

const readTexts = (operation: OperationData, argv: readonly string[]): Texts => {
  const options: ParseArgsOptionsConfig = {};
  for (const [name, { value }] of Object.entries(commonFlagsOf(operation)))
    options[name] = value === undefined ? { type: 'boolean' } : { type: 'string', multiple: true };
  for (const { name, type } of operation.input)
    options[kebab(name)] =
      type === 'boolean' ? { type: 'boolean' } : { type: 'string', multiple: true };
  try {
    const parsed = parseArgs({ args: [...argv], options, allowNegative: true, strict: true });
    return parsed.values as Texts;
  } catch (error) {
    throw new UsageError(explain(error as NodeJS.ErrnoException, operation, Object.keys(options)));
  }
};

const explain = (
  { code, message }: NodeJS.ErrnoException,
  operation: OperationData,
  known: readonly string[],
): string => {
  const command = kebab(operation.name);
  const named = /'(?:--?)?([^'\s]+)/.exec(message)?.[1] ?? '';
  if (code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION')
    return `${command} has no flag --${named}.${suggestion(named, known, '--') || ` See kindred ${command} --help.`}`;
  if (code === 'ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL')
    return `${command} does not know what to do with ${named}: every value stands after its flag.`;
  return `${message.split('\n')[0]!.replace(/\.$/, '')}; see kindred ${command} --help.`;
};

const single = (name: string, given: readonly string[] | undefined): string | undefined => {
  if (given === undefined || given.length === 1) return given?.[0];
  throw new UsageError(`--${name} is given ${given.length} times; it takes one value.`);
};

const valueOf = (field: FieldData, given: string[] | boolean): unknown => {
  const flag = `--${kebab(field.name)}`;
  if (typeof given === 'boolean') return given;
  if (field.type === 'list') return given.map((text) => inputValue(text, field.items!, flag));
  return inputValue(single(kebab(field.name), given)!, field, flag);
};
