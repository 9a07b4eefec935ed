// Reads what the controls are told. Unknown names are refused: a misspelt one would be a test that proves
// nothing.
import { ControlError } from './control-error.ts';
import type { NewWorld } from './worlds.ts';
import { SIGNATURE_MODES, type SignatureMode } from './signature-mode.ts';

/** @throws ControlError */
export const readNewWorld = (body: unknown): NewWorld => {
  const given = fieldsOf(body, ['RandomSeed', 'HoldJobs', 'AccessKeyId', 'AccessKeySecret']);
  const { RandomSeed, HoldJobs, AccessKeyId, AccessKeySecret } = given;
  if (RandomSeed !== undefined && !(Number.isInteger(RandomSeed) && Number(RandomSeed) >= 0))
    throw new ControlError('RandomSeed must be a whole number; ids are drawn from it');
  if ((AccessKeyId === undefined) !== (AccessKeySecret === undefined))
    throw new ControlError('AccessKeyId and AccessKeySecret go together');
  return {
    ...(RandomSeed !== undefined && { randomSeed: Number(RandomSeed) }),
    ...(HoldJobs !== undefined && { holdJobs: flag('HoldJobs', HoldJobs) }),
    ...(AccessKeyId !== undefined && {
      givenKey: {
        accessKeyId: text('AccessKeyId', AccessKeyId),
        accessKeySecret: text('AccessKeySecret', AccessKeySecret),
      },
    }),
  };
};

export interface ClockChange {
  nowMs?: number;
  isFrozen?: boolean;
  signatures?: SignatureMode;
}

/** @throws ControlError */
export const readClock = (body: unknown): ClockChange => {
  const { Now, Frozen, Signatures } = fieldsOf(body, ['Now', 'Frozen', 'Signatures']);
  const nowMs = Now === undefined ? undefined : Date.parse(text('Now', Now));
  // What the wire can show: four digits of a year.
  if (nowMs !== undefined && !(nowMs >= 0 && nowMs < Date.UTC(9999, 0)))
    throw new ControlError('Now must be a time such as 2026-11-24T12:00:00Z');
  const signatures = SIGNATURE_MODES.find((mode) => mode === Signatures);
  if (Signatures !== undefined && signatures === undefined)
    throw new ControlError(`Signatures must be one of ${SIGNATURE_MODES.join(', ')}`);
  return {
    ...(nowMs !== undefined && { nowMs }),
    ...(Frozen !== undefined && { isFrozen: flag('Frozen', Frozen) }),
    ...(signatures !== undefined && { signatures }),
  };
};

/** Milliseconds. @throws ControlError */
export const readAdvance = (body: unknown): number => {
  const { Milliseconds } = fieldsOf(body, ['Milliseconds']);
  if (typeof Milliseconds === 'number' && Number.isFinite(Milliseconds)) return Milliseconds;
  throw new ControlError('Milliseconds must be a number');
};

const fieldsOf = (body: unknown, names: readonly string[]): Record<string, unknown> => {
  if (body === undefined || body === null) return {};
  if (typeof body !== 'object' || Array.isArray(body))
    throw new ControlError(`the body is an object with ${names.join(', ')}`);
  for (const name of Object.keys(body))
    if (!names.includes(name))
      throw new ControlError(`there is no ${name.slice(0, 64)}; this takes ${names.join(', ')}`);
  return body as Record<string, unknown>;
};

const flag = (name: string, value: unknown): boolean => {
  if (typeof value === 'boolean') return value;
  throw new ControlError(`${name} must be true or false`);
};

const text = (name: string, value: unknown): string => {
  if (typeof value === 'string' && value !== '' && value.length <= 1_000) return value;
  throw new ControlError(`${name} must be a text`);
};
