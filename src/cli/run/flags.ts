// The command line of `kindred run`: its own flags, settings of `serve`, `--`, the command. Which settings
// there are only `serve` knows: what is not a flag of ours is handed to it as it stands, and refused by it.
import { UsageError } from '../usage-error.ts';
import { parseAuthority } from './cloud-host.ts';

export interface RunFlags {
  endpoint?: string;
  profile?: string;
  /** A data directory that lasts. */
  data?: string;
  /** A file of accounts and images to begin with. */
  seed?: string;
  /** Leaves what the run made, and says where. */
  keep: boolean;
  offline: boolean;
  /** Fails when the cloud was called. */
  strict: boolean;
  allow: string[];
  /** For `serve`. */
  settings: string[];
  command: string[];
}

const SWITCHES = ['keep', 'offline', 'strict'] as const;
const TEXTS = ['endpoint', 'profile', 'data', 'seed'] as const;
/** A run decides these itself. */
const DECIDED = ['listen', 'ephemeral', 'tls-cert', 'tls-key', 'insecure-http'];
const MAX_ALLOWED = 100;

const misused = (why: string): UsageError => new UsageError(`${why}; see kindred run --help.`);

/** @throws UsageError */
export const readRunFlags = (argv: readonly string[]): RunFlags => {
  const at = argv.indexOf('--');
  if (at < 0 || at === argv.length - 1)
    throw misused('the command comes after --, as in kindred run -- npm test');
  const flags: RunFlags = {
    keep: false,
    offline: false,
    strict: false,
    allow: [],
    settings: [],
    command: argv.slice(at + 1),
  };
  const words = argv.slice(0, at);
  for (let word = words.shift(); word !== undefined; word = words.shift()) {
    const [, name = '', , given] = /^--([a-z-]+)(=(.*))?$/s.exec(word) ?? [];
    const value = (): string => {
      const text = given ?? words.shift();
      if (!text) throw misused(`--${name} needs a value`);
      return text;
    };
    const [isSwitch, isText] = [one(SWITCHES, name), one(TEXTS, name)];
    if (DECIDED.includes(name)) throw misused(`--${name} is no setting of a run`);
    if (isSwitch && given === undefined) flags[isSwitch] = true;
    else if (isText) flags[isText] = value();
    else if (name === 'allow') flags.allow.push(hostOf(value()));
    else flags.settings.push(word);
  }
  return checked(flags);
};

const one = <const T extends string>(names: readonly T[], name: string): T | undefined =>
  names.find((known) => known === name);

const hostOf = (text: string): string => {
  const found = parseAuthority(text, 0);
  if (found === undefined || found.port !== 0)
    throw misused(`--allow ${text} is no host name (no port, no scheme)`);
  return found.host;
};

const checked = (flags: RunFlags): RunFlags => {
  const { endpoint, data, keep, settings, profile, allow, seed } = flags;
  if (seed === '-') throw misused('--seed needs a file: standard input is that of the command');
  if (allow.length > MAX_ALLOWED) throw misused(`--allow at most ${MAX_ALLOWED} times`);
  if (endpoint !== undefined && (data !== undefined || settings.length > 0))
    throw misused(
      `with --endpoint no server is started, and ${data === undefined ? settings[0] : '--data'} would do nothing`,
    );
  if (endpoint === undefined && profile !== undefined)
    throw misused('--profile goes with --endpoint');
  if (keep && (data !== undefined || endpoint !== undefined))
    throw misused('--keep is for the data of a server that goes with the run');
  return flags;
};
