// The small words of the commands: what a command is given, how it chooses, and how it asks.
import assert from 'node:assert/strict';
import { FAMILIES } from './compare.ts';
import type { Model, ModelScope } from './model.ts';
import type { Real } from './real.ts';

export interface Do {
  model: Model;
  scope: ModelScope;
  /** Index of the scope. */
  at: number;
  real: Real;
}

const NAMES = [
  'golden',
  'Golden',
  'nightly',
  ...Array.from({ length: 17 }, (_, i) => `build-${i}`),
];
/** One family is preferred, so that its quota is met. */
const CHOICE = [FAMILIES[0], FAMILIES[0], FAMILIES[0], ...FAMILIES];
export const at = <T>(items: readonly T[], pick: number): T | undefined =>
  items[pick % items.length];
export const nameOf = (pick: number): string => at(NAMES, pick) ?? '';
export const familyOf = (pick: number): string => at(CHOICE, pick) ?? '';

/** The call must be answered, or refused with exactly this code. */
export const asked = async (
  d: Do,
  action: string,
  parameters: Readonly<Record<string, string>>,
  expected: string | undefined,
) => {
  const { body, code } = await d.real.call(d.at, action, parameters);
  assert.equal(code, expected, `${action} ${JSON.stringify(parameters)}`);
  return body;
};
