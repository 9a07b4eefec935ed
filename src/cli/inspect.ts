// `kindred inspect`: says of files what an import would say of them, with no server and no data
// directory. It opens the named files alone, for reading, and nothing that they refer to.
import { parseArgs } from 'node:util';
import type { Verdict } from '../disk/inspect.ts';
import type { Command } from './command.ts';
import { formatNamed, inspectFile } from './inspect-file.ts';
import type { Io } from './io.ts';
import { printable } from './layout.ts';
import { UsageError } from './usage-error.ts';

const SUMMARY = 'Check disk image files as an import would, without a server.';

const HELP = `kindred inspect FILE...: ${SUMMARY}

  --format FORMAT   what the file is meant to be: qcow2, raw, vhd (or vpc) or vmdk, in any case;
                    another content is then refused. Without it the content decides
  --json            one line of JSON for each file: verdict, reason, format, virtualSize

Prints whether each file is accepted or refused and why, and what it is. The format comes from the
content alone, never from the name of the file. Nothing that an image refers to is opened.

In JSON, verdict is accept or reject. reason is the code of the refusal; of an accepted image it is the
code of the first warning, or null. format is null where it cannot be told. virtualSize is in bytes, as
the image claims it: a number up to 2^53-1, a decimal text beyond, null where it cannot be told.

  kindred inspect --format qcow2 disk.qcow2
  kindred inspect --json *.img | jq -r 'select(.verdict == "reject").reason'

Exit codes: 0 every file is accepted, 1 one is refused or cannot be read, 2 wrong usage.
`;

export const inspectCommand: Command = {
  summary: SUMMARY,
  helpText: () => HELP,
  async run(argv, io) {
    const { files, declaredFormat, isJson } = argumentsOf(argv);
    let exitCode = 0;
    for (const file of files) {
      const verdict = inspectFile(file, declaredFormat);
      if (typeof verdict === 'string') {
        io.err(`kindred: ${printable(verdict)}\n`);
        exitCode = 1;
        continue;
      }
      if (verdict.verdict === 'refused') exitCode = 1;
      if (isJson) io.out(`${JSON.stringify(shown(verdict))}\n`);
      else report(file, verdict, io);
    }
    return exitCode;
  },
};

const argumentsOf = (argv: readonly string[]) => {
  const { values, positionals } = parsed(argv);
  if (positionals.length === 0)
    throw new UsageError('kindred inspect needs a file: kindred inspect disk.qcow2.');
  const { format, json = false } = values;
  if (format === undefined) return { files: positionals, isJson: json };
  const declaredFormat = formatNamed(format);
  if (declaredFormat === undefined)
    throw new UsageError('--format is qcow2, raw, vhd (or vpc) or vmdk.');
  return { files: positionals, declaredFormat, isJson: json };
};

const parsed = (argv: readonly string[]) => {
  try {
    return parseArgs({
      args: [...argv],
      options: { format: { type: 'string' }, json: { type: 'boolean' } },
      allowPositionals: true,
    });
  } catch (error) {
    const message = (error as Error).message.split('. ')[0]!;
    throw new UsageError(`${message}; see kindred inspect --help.`);
  }
};

const sizeOf = (verdict: Verdict): bigint | undefined =>
  verdict.verdict === 'accepted' ? BigInt(verdict.virtualSizeBytes) : verdict.claimedSizeBytes;

const shown = (verdict: Verdict) => {
  const size = sizeOf(verdict);
  const isAccepted = verdict.verdict === 'accepted';
  const isSafe = size !== undefined && size <= BigInt(Number.MAX_SAFE_INTEGER);
  return {
    verdict: isAccepted ? 'accept' : 'reject',
    reason: isAccepted ? (verdict.warnings[0]?.code ?? null) : verdict.reason,
    format: verdict.format === 'unknown' ? null : verdict.format,
    virtualSize: isSafe ? Number(size) : (size?.toString() ?? null),
  };
};

const report = (file: string, verdict: Verdict, io: Io): void => {
  const size = sizeOf(verdict);
  const what = `${verdict.format}${size === undefined ? '' : `, virtual size ${size} bytes`}`;
  if (verdict.verdict === 'refused')
    io.out(`${printable(file)}: refused (${what})\n  ${verdict.reason}: ${verdict.message}\n`);
  else {
    io.out(`${printable(file)}: accepted (${what})\n`);
    for (const { code, message } of verdict.warnings) io.out(`  warning ${code}: ${message}\n`);
  }
};
