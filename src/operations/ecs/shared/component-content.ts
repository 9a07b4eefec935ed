// What the content of a component may be, and with which code a bad one is refused.
import type { SystemType } from '../../../domain/image-component.ts';
import type { CallContext } from '../../../operation.ts';
import { readContent, type CommandFault, type ContentFault } from './template-content.ts';

/** Faults of one command, as components and pipelines answer them alike. */
export const commandErrors = {
  'EmptyCommandContent.RUN': 400,
  'EmptyCommandContent.ENV': 400,
  'EmptyCommandContent.WORKDIR': 400,
  'EmptyCommandContent.COPY': 400,
  'EmptyCommandContent.USER': 400,
  'EmptyCommandContent.CMD': 400,
  'EmptyCommandContent.ENTRYPOINT': 400,
  'InvalidCommandContent.RUN': 400,
  'InvalidCommandContent.ENV': 400,
  'InvalidCommandContent.WORKDIR': 400,
  'InvalidCommandContent.COPY': 400,
  'InvalidCommandContent.USER': 400,
  'InvalidCommandContent.CMD': 400,
  'InvalidCommandContent.ENTRYPOINT': 400,
  'InvalidImageTemplateCommandSize.ExceededMaxNumber': 400,
  'InvalidImage.OsTypeUnsupported': 400,
} as const satisfies Record<CommandFault, number> & Record<string, number>;

export const componentErrors = {
  ...commandErrors,
  'MissingParameter.Content': 400,
  'InvalidContent.LengthExceeded': 400,
  'InvalidParameter.Content': 400,
  'InvalidImageTemplateCommand.NotSupported': 400,
  'InvalidCommand.Component': 400,
  'NotEmptyCommandContent.RESTART': 400,
  'NotSupportedCommand.FROM': 404,
} as const;
type Code = keyof typeof componentErrors;

const REFUSALS = {
  'too-long': 'InvalidContent.LengthExceeded',
  'too-many': 'InvalidImageTemplateCommandSize.ExceededMaxNumber',
  unreadable: 'InvalidParameter.Content',
  'unknown-command': 'InvalidImageTemplateCommand.NotSupported',
  'restart-with-argument': 'NotEmptyCommandContent.RESTART',
} as const satisfies Record<Exclude<ContentFault, CommandFault>, Code>;

export const checkComponentContent = (
  ctx: Pick<CallContext<Code>, 'fail'>,
  text: string | undefined,
  systemType: SystemType,
): string => {
  if (text === undefined) throw ctx.fail('MissingParameter.Content');
  const content = readContent(text);
  if ('fault' in content) throw ctx.fail(codeOf(content.fault));
  if (content.format === 'yaml') return text;
  const names = content.commands.map(({ name }) => name);
  if (names.includes('FROM')) throw ctx.fail('NotSupportedCommand.FROM');
  if (names.includes('COMPONENT')) throw ctx.fail('InvalidCommand.Component');
  if (systemType === 'Windows') throw ctx.fail('InvalidImage.OsTypeUnsupported');
  return text;
};

const codeOf = (fault: ContentFault): Code => (isCommandFault(fault) ? fault : REFUSALS[fault]);

export const isCommandFault = (fault: ContentFault): fault is CommandFault =>
  fault in commandErrors;
