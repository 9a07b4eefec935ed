import { parseArgs } from 'node:util';
import type { SettingsFlags } from '../../client/settings.ts';
import { formatSeconds, systemClocks } from '../../lib/clock.ts';
import { UsageError } from '../usage-error.ts';

/** Flags of every verb that asks a server or a directory. */
export const COMMON = ['endpoint', 'profile', 'data'] as const;

export interface Flags {
  /** As given, by name. */
  texts: Readonly<Record<string, string | undefined>>;
  isJson: boolean;
  settings: SettingsFlags;
}

/** @throws UsageError */
export const readFlags = (
  verb: string,
  argv: readonly string[],
  names: readonly string[],
): Flags => {
  const text = { type: 'string' } as const;
  try {
    const { values } = parseArgs({
      args: [...argv],
      options: {
        ...Object.fromEntries([...names, ...COMMON].map((name) => [name, text])),
        json: { type: 'boolean' },
      },
    });
    const { json, ...texts } = values as Record<string, string | undefined> & { json?: boolean };
    const settings = Object.fromEntries(
      COMMON.flatMap((name) => (texts[name] === undefined ? [] : [[name, texts[name]]])),
    );
    return { texts, isJson: json === true, settings };
  } catch (error) {
    throw usage(verb, (error as Error).message.split('. ')[0]!);
  }
};

export const usage = (verb: string, why: string): UsageError =>
  new UsageError(`kindred audit ${verb}: ${why}; see kindred audit --help.`);

const UNIT_MS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

/** A day, an instant, or an age, as an instant. @throws UsageError */
export const instantOf = (verb: string, name: string, given: string): string => {
  const age = /^(\d{1,6})([mhd])$/.exec(given);
  if (age !== null)
    return formatSeconds(systemClocks.wallMs() - Number(age[1]) * UNIT_MS[age[2]!]!);
  const whole = /^\d{4}-\d\d-\d\d$/.test(given) ? `${given}T00:00:00Z` : given;
  if (/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?Z$/.test(whole) && !Number.isNaN(Date.parse(whole)))
    return whole;
  throw usage(verb, `--${name} is 2026-11-24, 2026-11-24T08:00:00Z, or an age like 7d`);
};

/** `StartTime` and `EndTime` out of `--since` and `--until`. */
export const spanOf = (verb: string, { texts }: Flags): Record<string, string> => ({
  ...(texts.since !== undefined && { StartTime: instantOf(verb, 'since', texts.since) }),
  ...(texts.until !== undefined && { EndTime: instantOf(verb, 'until', texts.until) }),
});

/** A number that is one. @throws UsageError */
export const countOf = (verb: string, name: string, given: string): number => {
  if (/^\d{1,15}$/.test(given)) return Number(given);
  throw usage(verb, `--${name} is a whole number, not ${given}`);
};
