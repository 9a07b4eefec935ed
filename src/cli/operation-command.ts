// The command of one operation, made from its generated data: read the flags, call, print. A refusal
// of the server becomes one sentence with its code and what to do next.
import { KindredError } from '../client/kindred-error.ts';
import type { OperationData } from '../client/operation-data.ts';
import { answerText, type AnswerFormat } from './answer-text.ts';
import type { Command } from './command.ts';
import { connect, type Connection } from './connect.ts';
import { failureText } from './failure.ts';
import { kebab } from './flag-names.ts';
import type { Io } from './io.ts';
import { parseOperationFlags, requireInput, type OperationFlags } from './operation-flags.ts';
import { operationHelp } from './operation-help.ts';
import { waitForWork, WorkFailed } from './wait.ts';

type Answer = Record<string, unknown>;

export interface OperationCommandOptions {
  /** The exit code of an answer; default 0. */
  exitCode?(answer: Answer): number;
}

export const operationCommand = (
  operation: OperationData,
  options: OperationCommandOptions = {},
): Command => ({
  summary: operation.summary,
  helpText: (columns) => operationHelp(operation, columns),
  async run(argv, io) {
    const flags = parseOperationFlags(operation, argv);
    const connection = await connect(flags, io);
    try {
      const answer = await callAndWait(operation, flags, connection, io);
      io.out(answerText(operation, answer, flags.output ?? usualFormat(io), io.columns));
      return options.exitCode?.(answer) ?? 0;
    } catch (error) {
      if (error instanceof KindredError) return refused(error, operation, connection, io);
      if (!(error instanceof WorkFailed)) throw error;
      io.err(`kindred: ${error.message}.\n`);
      return 1;
    } finally {
      await connection.close();
    }
  },
});

const usualFormat = (io: Io): AnswerFormat => (io.isOutTerminal ? 'table' : 'json');

const callAndWait = async (
  operation: OperationData,
  { input, wait }: OperationFlags,
  connection: Connection,
  io: Io,
): Promise<Answer> => {
  const { regionId } = connection.settings;
  const needsRegion = operation.input.some(({ name, required }) => name === 'RegionId' && required);
  const whole = needsRegion && regionId !== undefined ? { RegionId: regionId, ...input } : input;
  requireInput(operation, whole);
  const answer = await connection.send(operation.name, whole);
  if (wait) await waitForWork(connection, operation, whole, answer, io);
  return answer;
};

const refused = (
  error: KindredError,
  { name }: OperationData,
  { settings }: Connection,
  io: Io,
): number => {
  if (error.code === 'DryRunOperation') {
    io.err('The call would be done; nothing was changed (--dry-run).\n');
    return 0;
  }
  io.err(`kindred: ${failureText(error, settings, kebab(name))}`);
  return 1;
};
