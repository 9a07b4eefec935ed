// What a fault can be, in wire words, and the check of what was given. A fault names the operation that it
// waits for, is met a fixed number of times, and is gone then. There is no probability in it.
import { TASK_JOB_KINDS } from '../../domain/job.ts';
import { isErrorCode, type ErrorCode } from '../../errors.ts';
import { operations } from '../../operations/index.ts';
import { FAULT_KINDS, type FaultKind, type FaultSpec } from './fault.ts';
import { ControlError } from './control-error.ts';
import { MAX_DELAY_MS, MAX_TIMES } from './limits.ts';

const NAMES: readonly (keyof FaultSpec)[] = [
  'Operation',
  'Kind',
  'Times',
  'RegionId',
  'AccessKeyId',
  'Code',
  'Message',
  'RetryAfter',
  'Delay',
  'When',
  'Progress',
];
/** Besides what every kind takes. */
const NAMES_OF: Readonly<Record<FaultKind, readonly string[]>> = {
  error: ['Code', 'Message', 'RetryAfter'],
  delay: ['Delay'],
  drop: ['When'],
  'fail-task': ['Code', 'Message', 'Progress'],
};
const COMMON = ['Operation', 'Kind', 'Times', 'RegionId', 'AccessKeyId'];

/** @throws ControlError */
export const checkFault = (given: unknown): FaultSpec => {
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    throw new ControlError('a fault is an object with Operation and Kind');
  const spec = given as Record<string, unknown>;
  for (const name of Object.keys(spec))
    if (!(NAMES as readonly string[]).includes(name))
      throw new ControlError(`a fault has no ${name}; it takes ${NAMES.join(', ')}`);
  const Kind = oneOf(spec, 'Kind', FAULT_KINDS);
  for (const name of Object.keys(spec))
    if (!COMMON.includes(name) && !NAMES_OF[Kind].includes(name))
      throw new ControlError(`a fault of kind ${Kind} takes no ${name}`);
  const fault: FaultSpec = {
    Operation: operationOf(spec, Kind),
    Kind,
    Times: wholeNumber(spec, 'Times', 1, MAX_TIMES) ?? 1,
    ...text(spec, 'RegionId'),
    ...text(spec, 'AccessKeyId'),
    ...text(spec, 'Message'),
  };
  if (Kind === 'error') fault.Code = codeOf(spec);
  if (Kind === 'fail-task') {
    fault.Code = typeof spec.Code === 'string' ? spec.Code : 'OperationFailed';
    fault.Progress = wholeNumber(spec, 'Progress', 0, 99) ?? 0;
  }
  if (Kind === 'drop')
    fault.When = spec.When === undefined ? 'after' : oneOf(spec, 'When', ['before', 'after']);
  if (Kind === 'delay') {
    const delay = wholeNumber(spec, 'Delay', 1, MAX_DELAY_MS);
    if (delay === undefined) throw new ControlError('a delay needs Delay, in milliseconds');
    fault.Delay = delay;
  }
  const retryAfter = wholeNumber(spec, 'RetryAfter', 1, MAX_DELAY_MS);
  if (retryAfter !== undefined) fault.RetryAfter = retryAfter;
  return fault;
};

const operationOf = (spec: Record<string, unknown>, kind: FaultKind): string => {
  const { Operation } = spec;
  if (typeof Operation !== 'string')
    throw new ControlError('a fault names its Operation, or * for every one');
  if (kind === 'fail-task') {
    if ((TASK_JOB_KINDS as readonly string[]).includes(Operation)) return Operation;
    throw new ControlError(`only ${TASK_JOB_KINDS.join(', ')} have a task that can fail`);
  }
  if (Operation === '*' || operations.some(({ name }) => name === Operation)) return Operation;
  throw new ControlError(`there is no operation ${Operation.slice(0, 64)}`);
};

const codeOf = ({ Code }: Record<string, unknown>): ErrorCode => {
  if (typeof Code === 'string' && isErrorCode(Code)) return Code;
  throw new ControlError(
    `Code must be an error of the catalogue (docs/reference/errors.md), not ${String(Code).slice(0, 64)}`,
  );
};

const oneOf = <const V extends string>(
  spec: Record<string, unknown>,
  name: string,
  values: readonly V[],
): V => {
  const found = values.find((value) => value === spec[name]);
  if (found !== undefined) return found;
  throw new ControlError(`${name} must be one of ${values.join(', ')}`);
};

const wholeNumber = (
  spec: Record<string, unknown>,
  name: string,
  least: number,
  most: number,
): number | undefined => {
  const value = spec[name];
  if (value === undefined) return undefined;
  if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most)
    return value;
  throw new ControlError(`${name} must be a whole number from ${least} to ${most}`);
};

const text = <N extends 'RegionId' | 'AccessKeyId' | 'Message'>(
  spec: Record<string, unknown>,
  name: N,
): { [K in N]?: string } => {
  const value = spec[name];
  if (value === undefined) return {};
  if (typeof value !== 'string') throw new ControlError(`${name} must be a text`);
  return { [name]: value.slice(0, 1_000) } as { [K in N]?: string };
};
